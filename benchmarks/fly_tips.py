"""A year of England on this machine: how long staff wait for each page, one officer asking over HTTP.

Against the bare SQL of one page of 50 records, read by index through `sqlite3` in the same run.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from benchmarks._bounds import Figures
from benchmarks._england import COUNT, england
from benchmarks._officer import REQUESTS, WARMING, Officer, in_turns, of_england
from tests.browser.server import Served
from webapp.rules.clock import local_date
from webapp.rules.periods import recent_quarters

PERCENT, MOST_MS = 95, 200
PAGE_OF_ROWS = (
    "SELECT * FROM record JOIN fly_tip USING (id) WHERE reference <= ? ORDER BY reference DESC LIMIT 50"
)
# Two whole quarters, for everybody: told, and not held to the bound of the pages that staff work with.
PUBLIC = "action 4.7 of the plan"
WARDS = ("E05005010", "E05005019", "E05005029", "none")
SEARCHED = {
    "a rare word": ["harmonium"],
    "a common word": ["sofa", "mattresses", "black bags"],
    "nothing there": ["qwertyuiop"],
    "a reference": ["FT-2026-00012", "ft 2026 500000", "FT-2026-999999"],
    "a part of one": ["2026-4999"],
}


def _list(**filters: object) -> str:
    return f"/records?{urlencode(filters)}"


def _parts() -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what is measured: its name, and the addresses that are asked for in turns.

    A page that comes later is one line here.
    """
    quarters = recent_quarters(local_date(datetime.now(UTC)), 4)
    days = [{"since": one.first, "until": one.last} for one in quarters]
    yield from _whole_lists()
    yield from _narrowed_lists(days)
    yield from _detailed_lists(days)
    for name, words in SEARCHED.items():
        yield f"search for {name}", [_list(text=text) for text in words]
    yield from _worklists()
    yield "figures", [f"/figures/fly-tipping?period={one.name}" for one in quarters]
    yield PUBLIC, ["/plan/4.7"]
    yield "a ward's page", [f"/wards/{ward}" for ward in WARDS if ward != "none"]


Parts = Iterator[tuple[str, Sequence[str]]]
Days = Sequence[Mapping[str, object]]


def _whole_lists() -> Parts:
    yield "list", [_list()]
    yield "list, page 2", [_list(page=2)]
    yield "list, in the middle", [_list(page=COUNT // 100)]
    yield "list, last page", [_list(page=9_999_999)]
    for kind in ("state=open", "state=ended", "state=cleared", "state=closed", "kind=fly_tipping"):
        yield f"list, {kind}", [f"/records?{kind}", f"/records?{kind}&page=2"]
    yield "list, state=open, last page", ["/records?state=open&page=9999999"]
    yield "list, state=not_found, last page", ["/records?state=not_found&page=9999999"]


def _narrowed_lists(quarters: Days) -> Parts:
    yield "list, by ward", [_list(ward=ward) for ward in WARDS]
    yield "list, by ward, last page", [_list(ward=ward, page=9_999_999) for ward in WARDS]
    yield "list, by ward, open", [_list(ward=ward, state="open") for ward in WARDS]
    yield "list, by quarter", [_list(**days) for days in quarters]
    for scope in ("in_target", "undecided", "private_land", "not_fly_tip"):
        yield f"list, {scope} of a quarter", [_list(scope=scope, **days) for days in quarters]
        yield f"list, {scope}", [_list(scope=scope)]
    for standing in ("counted", "in time", "missed", "not yet due", "cleared, not yet counted"):
        yield f"list, {standing}", [_list(standing=standing)]
    yield (
        "list, missed of a ward and quarter",
        [_list(standing="missed", ward=ward, **days) for ward in WARDS for days in quarters],
    )
    yield (
        "list, by body",
        [_list(body=body) for body in ("kcc_highways", "environment_agency", "network_rail")],
    )
    yield "list, without a body", [_list(body="none")]
    yield "list, by crew", [_list(crew=crew) for crew in ("North crew", "Nobody")]
    yield "list, by crew, open", [_list(crew="North crew", state="open")]


def _detailed_lists(quarters: Days) -> Parts:
    """Yield the lists that need rows of the typed table."""
    yield "list, by land", [_list(land_type=land) for land in ("highway", "agricultural", "railway", "none")]
    yield "list, by waste", [_list(main_waste=waste) for waste in ("bags_household", "chemical")]
    yield "list, by size", [_list(size=size) for size in ("small_van", "tipper_lorry", "none")]
    yield "list, incidents", [_list(basis="incidents")]
    yield "list, public incidents of a quarter", [_list(basis="public", **days) for days in quarters]
    yield (
        "list, public incidents by land, quarter",
        [_list(basis="public", land_type="highway", **days) for days in quarters],
    )


def _worklists() -> Parts:
    for bucket in ("", "past", "soon", "rest", "held", "out", "to_close"):
        yield (
            f"worklist, {bucket or 'all'}",
            [f"/worklist?bucket={bucket}", f"/worklist?bucket={bucket}&page=2"],
        )
    yield "worklist, last page", ["/worklist?page=9999999"]
    yield "worklist, by ward", [f"/worklist?ward={ward}" for ward in WARDS]
    yield "worklist, by body", [f"/worklist?body={body}" for body in ("kcc_highways", "sdc_direct_services")]
    yield "worklist, by crew", ["/worklist?crew=North+crew", "/worklist?crew=North+crew&bucket=past"]
    yield (
        "worklist, in the order to drive",
        ["/worklist?order=route", "/worklist?order=route&crew=North+crew"],
    )


def _processor_ms(served: Served) -> float:
    """Return the processor time that the web processes have taken: others on the machine add little to it."""
    stats = [
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in served.children("web")
    ]
    return sum(int(one[11]) + int(one[12]) for one in stats) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    path = england()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA query_only=ON")
        bare = in_turns(
            lambda reference: database.execute(PAGE_OF_ROWS, (reference,)).fetchall(),
            [f"FT-2026-{number:05d}" for number in range(20_000, COUNT // 2, 20_000)],
        )
    figures.tell(f"p{PERCENT} of the bare SQL of a page of 50 rows by index", f"{bare:,.1f} ms")
    slowest = 0.0
    with of_england(path) as served:
        officer = Officer(served)
        for name, addresses in _parts():
            before = _processor_ms(served)
            taken = in_turns(officer.get, addresses)
            worked = (_processor_ms(served) - before) / (WARMING + REQUESTS)
            slowest = max(slowest, taken)
            if name == PUBLIC:
                figures.tell(f"p{PERCENT} of {name}", f"{taken:,.0f} ms")
            else:
                figures.at_most(f"p{PERCENT} of {name}", taken, MOST_MS, " ms")
            figures.tell("  of which the processor, on average", f"{worked:,.0f} ms")
    figures.tell("ratio of the slowest to the bare SQL", f"{slowest / bare:,.0f} times as long")
    figures.close()


if __name__ == "__main__":
    main()
