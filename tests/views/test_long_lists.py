"""Where there are too many records to look through at once, the list says how far it looked, and leads further."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.record import Record
from webapp.services import filters, records
from webapp.services.filters import Filters

LAST_DAY = NOON.date()


@pytest.fixture
def four(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records on each of two days, of which a search that needs rows reads one, and one in the indexes two."""
    monkeypatch.setattr(filters, "MOST_ROWS", 1)
    monkeypatch.setattr(filters, "MOST_IN_INDEX", 2)
    with app.app_context():
        for days, waste in ((1, "tyres"), (1, "green"), (0, "green"), (0, "green")):
            with clock.standing_at(NOON - timedelta(days=days)):
                submit(main_waste=waste, description=f"A heap of {waste}")


def listed(page: str) -> list[str]:
    """The last figures of the references that a page lists."""
    return [line.split("<")[0] for line in page.split(">FT-2026-0000")[1:]]


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("query", "references", "said"),
    [
        ("text=heap", ["4", "3"], "2 records</strong> reported since 22 Nov 2026"),
        ("text=tyres", [], "0 records</strong> reported since 22 Nov 2026"),
        ("main_waste=green", ["4", "3"], "2 records</strong> reported since 22 Nov 2026"),
        ("basis=public", ["4", "3"], "2 records</strong> reported since 22 Nov 2026"),
        ("text=tyres&until=2026-11-21", ["1"], "1 record</strong>."),
        ("text=heap&since=2026-11-22", ["4", "3"], "2 records</strong>."),
        ("text=heap&state=open", ["4", "3", "2", "1"], "4 records</strong>."),
        ("text=FT-2026-1", ["1"], "1 record</strong>."),
        ("scope=in_target", ["4", "3", "2", "1"], "4 records</strong>."),
        ("standing=not+yet+due", ["4", "3", "2", "1"], "4 records</strong>."),
        ("ward=E05005029&state=reported", ["4", "3", "2", "1"], "4 records</strong>."),
        ("", ["4", "3", "2", "1"], "4 records</strong>."),
    ],
)
def test_a_count_is_of_all_or_says_since_when(
    cast: Cast, query: str, references: list[str], said: str
) -> None:
    with clock.standing_at(NOON):
        page = cast.client("Owen").get(f"/records?{query}").text
    assert listed(page) == references
    assert said in page
    assert ("too many records to look through" in page) == ("since" in said)


@pytest.mark.usefixtures("four")
def test_what_was_not_looked_through_is_one_tap_away(cast: Cast) -> None:
    owen = cast.client("Owen")
    page = owen.get("/records?text=tyres&ward=E05005029&since=2026-11-01").text
    link = page.split("too many records to look through at once. <a")[1].split('href="')[1].split('"')[0]
    older = owen.get(link.replace("&amp;", "&")).text
    assert listed(older) == ["1"] and "too many records" not in older


@pytest.mark.usefixtures("four")
def test_in_the_indexes_a_search_goes_further_back(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    owen = cast.person("Owen")
    monkeypatch.setattr(filters, "MOST_IN_INDEX", 1)
    with app.app_context(), clock.standing_at(NOON):
        found = records.search(Filters(scope="in_target"), owen)
        assert (found.total, found.since, found.older_until) == (2, LAST_DAY, LAST_DAY - timedelta(days=1))


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 99])
def test_pages_are_the_same_from_whichever_end_they_are_reached(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    owen = cast.person("Owen")
    monkeypatch.setattr(records, "PAGE_SIZE", 2)
    with app.app_context():
        made = [str(submit().reference) for _ in range(9)][::-1]
        found = records.search(Filters(), owen, number)
        assert (found.total, found.last, found.number) == (9, 5, min(number, 5))
        assert [record.reference for record in found.records] == made[2 * found.number - 2 : 2 * found.number]


def test_what_is_open_by_its_status_is_open_by_its_date(app: Flask, cast: Cast) -> None:
    owen = cast.person("Owen")
    with app.app_context():
        submit()
        for state in ("open", "ended"):
            by_filter = records.search(Filters(state=state), owen).total
            is_open = Record.closed_at.is_(None) if state == "open" else Record.closed_at.is_not(None)
            assert by_filter == db.session.query(Record).filter(is_open).count()
