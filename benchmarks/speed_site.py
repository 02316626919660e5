"""The public page of a speed-watch site with 50,000 readings over 400 sessions: how long a resident waits for it.

Against the page of a site without readings, on the same server in the same run.
"""

import random
from datetime import timedelta

import requests
from flask import Flask

from benchmarks._bounds import Figures
from benchmarks._officer import in_turns
from benchmarks._served import fresh_folder
from tests.browser.server import Served, prepare
from tests.cast import Cast
from tests.speeding import hold
from tests.watching import scheme
from webapp import create_app
from webapp.extensions import clock, db
from webapp.rules.clock import local_date
from webapp.rules.periods import recent_quarters

READINGS, SESSIONS = 50_000, 400
PERCENT, MOST_MS, MOST_RATIO = 95, 200, 12


def _speed(chance: random.Random) -> int:
    return min(150, max(5, round(chance.gauss(31, 6))))


def _fill(app: Flask) -> list[str]:
    """Hold the sessions at one of two sites; return the addresses of both pages."""
    chance, last = random.Random(2026), local_date(clock.now())  # noqa: S311 - no secret is made of it.
    with app.app_context():
        cast = Cast(app)
        busy, quiet = scheme(cast), scheme(cast, "Shoreham", ("Carol",))
        for number in range(SESSIONS):
            speeds = [_speed(chance) for _ in range(READINGS // SESSIONS)]
            counted, day = len(speeds) + chance.randrange(60), last - timedelta(days=5 * number)
            hold(busy, day, speeds, counted=counted, has_all_speeds=number % 3 > 0, minutes=90)
        db.engine.dispose()
    return [f"/speed-watch/sites/{made.site}/results" for made in (busy, quiet)]


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with fresh_folder() as folder:
        prepare(folder)
        full, empty = _fill(create_app({}, folder))
        with Served(folder) as served, requests.Session() as session:

            def ask(address: str) -> None:
                session.get(f"{served.url}{address}", timeout=60).raise_for_status()

            quarter = recent_quarters(local_date(clock.now()), 2)[1].name
            baseline = in_turns(ask, [empty], PERCENT)
            figures.tell("a site without readings, p95", f"{baseline:.0f} ms")
            for name, address in (
                (f"a site with {READINGS:,} readings, p95", full),
                ("  one quarter of it", f"{full}?period={quarter}"),
                ("  its last page", f"{full}?page=99"),
            ):
                took = in_turns(ask, [address], PERCENT)
                figures.at_most(name, took, MOST_MS, " ms")
                figures.at_most("  ratio to the site without readings", took / baseline, MOST_RATIO)
    figures.close()


if __name__ == "__main__":
    main()
