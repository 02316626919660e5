"""A resident's full report without photos: how many a second, and how long the slowest hundredth waits.

Against a bare Flask route with one durable insert on the same server. Both run at the same time but are asked in
turns, so that whatever else the machine does meets both alike; the figures are medians of the rounds.
"""

import sqlite3
from contextlib import ExitStack, closing
from statistics import median

from benchmarks._bounds import Figures
from benchmarks._load import Outcome, post_all
from benchmarks._reports import reports
from benchmarks._served import bare, product
from tests.browser.server import Served, until

ROUNDS = 15
REQUESTS = 320
WARMING_REQUESTS = 200
CONNECTIONS = 16
LEAST_RATIO = 0.4
SLOWEST_HUNDREDTH_MS = 250
MAIL_WITHIN_S = 300


def _round(served: Served, prepared: list[bytes]) -> Outcome:
    outcome = post_all(served.port, prepared, CONNECTIONS)
    if set(outcome.statuses) != {303}:
        raise SystemExit(f"Reports were not accepted: {dict(outcome.statuses)}\n{served.log()}")
    return outcome


def _let_mail_go(served: Served) -> None:
    """Wait until the worker has sent the acknowledgements, so that it takes nothing from the next round."""
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite")) as database:
        owed = "SELECT count(*) FROM notice WHERE state IN ('owed', 'sending')"
        until(lambda: database.execute(owed).fetchone() == (0,), MAIL_WITHIN_S, "the acknowledgements")


def main() -> None:
    """Measure and judge."""
    with ExitStack() as stack:
        wardbook = stack.enter_context(product())
        queueing, waiting = stack.enter_context(bare()), stack.enter_context(bare(queue="off"))
        outcomes: dict[str, list[Outcome]] = {"queueing": [], "waiting": [], "wardbook": []}
        for number in range(ROUNDS + 1):
            prepared = reports(wardbook.port, REQUESTS if number else WARMING_REQUESTS)
            for name, served in (("queueing", queueing), ("waiting", waiting), ("wardbook", wardbook)):
                outcome = _round(served, prepared)
                if number:
                    outcomes[name].append(outcome)
            _let_mail_go(wardbook)
    _tell(outcomes)


def _tell(outcomes: dict[str, list[Outcome]]) -> None:
    figures = Figures()
    speed = {name: median(one.per_second for one in rounds) for name, rounds in outcomes.items()}
    slowest = {name: median(one.percentile_ms(99) for one in rounds) for name, rounds in outcomes.items()}
    for name, words in (
        ("queueing", "bare route, writers queue on a lock file as ours do"),
        ("waiting", "bare route, writers wait as SQLite does by itself"),
        ("wardbook", "a full report to Wardbook"),
    ):
        figures.tell(words, f"{speed[name]:,.0f} a second, p99 {slowest[name]:.0f} ms")
    faster = max(("queueing", "waiting"), key=speed.__getitem__)
    paired = zip(outcomes["wardbook"], outcomes[faster], strict=True)
    ratio = median(ours.per_second / theirs.per_second for ours, theirs in paired)
    figures.at_least("ratio to the faster of the two", ratio, LEAST_RATIO)
    figures.at_most(f"p99 at {CONNECTIONS} connections", slowest["wardbook"], SLOWEST_HUNDREDTH_MS, " ms")
    figures.close()


if __name__ == "__main__":
    main()
