"""The year of England that speed is measured with obeys the rules as the product's own records do."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks._england import make
from webapp import create_app
from webapp.extensions import db
from webapp.models.fly_tipping import FlyTip
from webapp.models.land import LandDecision
from webapp.models.report import Report
from webapp.rules import fly_tipping, lifecycle
from webapp.rules.clock import local_date
from webapp.services import merging, wards
from webapp.services.scope import write_scope

DAY = date(2026, 11, 22)
COUNT = 2_000


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a small sample of the year."""
    return make(tmp_path_factory.mktemp("england"), DAY, COUNT)


@pytest.fixture
def tips(year: Path) -> Iterator[list[FlyTip]]:
    """Its fly-tips, as the product reads them."""
    app = create_app({"SECRET_KEY": "a secret that only the tests know, and long enough"}, year.parent)
    with app.app_context():
        yield list(db.session.scalars(select(FlyTip)))
        db.engine.dispose()
    app.extensions["jobs"].storage.close()


def written(tip: FlyTip) -> dict[str, object]:
    """Return what the rules write into a record."""
    names = ("scope", "due_on", "days_taken", "working_days_taken", "reported_on", "is_public_reported")
    return {name: getattr(tip, name) for name in (*names, "incident_on", "is_cleared")}


def test_what_the_rules_decide_is_written_in_each_record(tips: list[FlyTip]) -> None:
    assert len(tips) == COUNT
    for tip in tips:
        before = written(tip)
        write_scope(tip)
        merging.settle_first_report(db.session, tip)
        assert written(tip) == before, tip.reference
        assert tip.outcome == lifecycle.outcome_after(tip.status, tip.outcome)
        assert (tip.closed_at is None) == lifecycle.is_open(tip.status)
        assert (tip.cleared_on is not None) == (tip.outcome == "cleared")
        assert (tip.duplicate_of_id is not None) == (tip.status == "duplicate")
        assert tip.cleared_at is None or local_date(tip.cleared_at) == tip.cleared_on
    db.session.rollback()


def test_days_come_one_after_the_other_and_positions_lie_in_their_wards(tips: list[FlyTip]) -> None:
    index = wards.in_use().index
    for tip in tips:
        assert tip.reported_on == local_date(tip.received_at) <= DAY
        assert tip.cleared_on is None or tip.reported_on <= tip.cleared_on <= DAY
        assert tip.latitude is None or index.ward_of(tip.latitude, tip.longitude) == tip.ward_code
    references = [tip.reference for tip in sorted(tips, key=lambda tip: tip.received_at)]
    assert references == sorted(references) and len(set(references)) == COUNT


def test_land_is_decided_before_anything_is_done_about_it(tips: list[FlyTip]) -> None:
    decided = {decision.record_id: decision for decision in db.session.scalars(select(LandDecision))}
    for tip in tips:
        decision = decided.get(tip.id)
        assert (decision is None) == (tip.status in {"reported", "duplicate"})
        if decision is not None:
            outcome = fly_tipping.scope(tip.land_type, tip.ownership, None, tip.responsible_body)
            assert (decision.land_type, decision.scope) == (tip.land_type, outcome)
    assert db.session.query(Report).count() == COUNT


def test_the_mix_has_all_that_figures_tell_apart(tips: list[FlyTip]) -> None:
    scopes = Counter(tip.scope for tip in tips)
    cleared = [tip for tip in tips if tip.cleared_on and tip.scope == "in_target"]
    shares = {
        "open": sum(tip.closed_at is None for tip in tips) / COUNT,
        "private_land": scopes["private_land"] / COUNT,
        "duplicate": scopes["duplicate"] / COUNT,
        "not_found": scopes["not_found"] / COUNT,
        "staff": sum(tip.reported_by_type in fly_tipping.PROACTIVE for tip in tips) / COUNT,
        "late": sum(tip.cleared_on > tip.due_on for tip in cleared) / len(cleared),
    }
    wanted = {
        "open": 0.02,
        "private_land": 0.08,
        "duplicate": 0.04,
        "not_found": 0.02,
        "staff": 0.12,
        "late": 0.09,
    }
    assert shares == pytest.approx(wanted, abs=0.02)
    assert set(scopes) == {
        "in_target",
        "undecided",
        "private_land",
        "ea_led",
        "not_found",
        "not_fly_tip",
        "duplicate",
    }


def test_the_database_holds_what_it_would_have_accepted_row_by_row(year: Path) -> None:
    with closing(sqlite3.connect(year)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        last = (
            "SELECT max(CAST(substr(reference, 9) AS INTEGER)) FROM record WHERE reference LIKE 'FT-2026-%'"
        )
        assert database.execute("SELECT last FROM reference_counter WHERE year = 2026").fetchone() == (
            database.execute(last).fetchone()
        )


def test_the_same_day_gives_the_same_year(tmp_path: Path) -> None:
    rows = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with closing(sqlite3.connect(make(tmp_path / name, DAY, 200))) as database:
            rows.append(database.execute("SELECT * FROM record JOIN fly_tip USING (id)").fetchall())
    assert rows[0] == rows[1] and len(rows[0]) == 200
