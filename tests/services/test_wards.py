"""Which ward a record is in, new boundaries, and who moves after an import."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.builders import record_behind, submit
from tests.cast import Cast
from tests.programmes import NOWHERE, audited, observed
from tests.squares import boundaries, square
from tests.walking import ST_MARYS_WARD
from webapp.extensions import db
from webapp.geo.boundaries import read_boundaries
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.ward import BoundarySet
from webapp.rules.errors import NotFound
from webapp.services import wards

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "wards" / "ons-2013-E07000111.geojson"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_schematic_set_ships_as_the_default_and_is_loaded_once() -> None:
    ward_set = wards.in_use()
    assert (len(ward_set.shapes), ward_set.is_schematic, ward_set.vintage) == (26, True, 2013)
    assert wards.load_default() is False
    assert db.session.query(BoundarySet).count() == 1


def test_an_import_is_in_use_at_once_and_the_older_set_is_kept(tmp_path: Path) -> None:
    wards.import_set(boundaries(tmp_path, square("E05000001", "One", 0.1, 51.2)))
    assert wards.in_use().names == {"E05000001": "One"}
    assert [kept.is_in_use for kept in wards.all_sets()] == [True, False]
    assert wards.in_use().vintage == 2024


def test_a_report_falls_into_the_set_in_use_though_the_process_knows_an_older_one(tmp_path: Path) -> None:
    older = record_behind(submit().token).ward_code
    assert wards.known().is_schematic
    wards.import_set(boundaries(tmp_path, square("E05000001", "One", 0.1, 51.2)))
    assert wards.known().is_schematic
    assert record_behind(submit().token).ward_code == "E05000001" != older


def test_two_sets_can_never_be_in_use_together() -> None:
    db.session.query(BoundarySet).one()
    db.session.add(
        BoundarySet(
            name="Second",
            attribution="",
            is_schematic=False,
            is_in_use=True,
            imported_at=db.session.query(BoundarySet).one().imported_at,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_reassigning_moves_records_says_who_and_writes_it_to_their_history(tmp_path: Path) -> None:
    inside, outside = submit(), submit(place={"latitude": 51.45, "longitude": 0.4})
    words = submit(place={"latitude": None, "longitude": None, "source": None, "words": "by the mill"})
    assert list(wards.reassign()) == []
    wards.import_set(
        boundaries(tmp_path, square("E05000001", "One", 0.1, 51.2), square("E05000002", "Two", 0.3, 51.4))
    )
    moved = {line.reference: (line.before, line.after) for line in wards.reassign()}
    assert moved == {
        inside.reference: ("E05005029", "E05000001"),
        outside.reference: (None, "E05000002"),
    }
    db.session.expire_all()
    assert record_behind(inside.token).ward_code == "E05000001"
    assert record_behind(words.token).ward_code is None
    events = db.session.query(Event).filter_by(action="ward_reassigned").all()
    assert [event.after for event in events if event.before == {"ward": "E05005029"}] == [
        {"ward": "E05000001"}
    ]
    assert list(wards.reassign()) == []


def test_observations_move_with_the_boundaries_and_an_audit_without_a_point_is_named(
    tmp_path: Path, cast: Cast
) -> None:
    sunita = cast.person("Sunita")
    eva = audited(sunita, date(2026, 11, 20))
    one = observed(sunita, eva, place={**NOWHERE, "latitude": 51.25, "longitude": 0.15, "source": "gps"})
    assert wards.left_behind() == []
    wards.import_set(boundaries(tmp_path, square("E05000001", "One", 0.1, 51.2)))
    moved = {line.reference: line.after for line in wards.reassign()}
    assert moved[f"{eva.reference}, observation {one.number}"] == "E05000001"
    db.session.expire_all()
    assert db.session.get_one(Observation, one.id).ward_code == "E05000001"
    noted = db.session.query(Event).filter_by(action="ward_reassigned", record_id=eva.id).all()
    assert {"ward": "E05000001", "capture": str(one.id)} in [event.after for event in noted]
    assert wards.left_behind() == [(eva.reference, ST_MARYS_WARD)]
    assert list(wards.reassign()) == []


def test_priority_follows_the_wards_code_into_the_next_set(tmp_path: Path, cast: Cast) -> None:
    wards.set_priority("E05005029", True, cast.person("Owen"))
    wards.import_set(
        boundaries(tmp_path, square("E05005029", "Town", 0.1, 51.2), square("E05000002", "Two", 0.3, 51.4))
    )
    assert wards.priority_codes() == {"E05005029"}


@pytest.mark.parametrize("name", ["Sunita", "Vic", "Carol", "Priya", "Nadia"])
def test_only_officers_set_priority_wards(cast: Cast, name: str) -> None:
    with pytest.raises(NotFound):
        wards.set_priority("E05005029", True, cast.person(name))
    assert wards.priority_codes() == frozenset()


def test_the_real_boundaries_put_the_known_postcodes_into_their_wards() -> None:
    if not REAL.exists():
        pytest.skip("The ONS boundaries are not shipped with the project; ../shared is not here.")
    wards.import_set(read_boundaries(REAL))
    nowhere = {"source": None, "latitude": None, "longitude": None}
    known = {
        "TN13 1GP": "E05005029",
        "BR8 7AE": "E05005031",
        "TN8 6AA": "E05005013",
        "DA4 0AA": "E05005015",
        "TN11 8RS": "E05005022",
    }
    found = {
        code: record_behind(submit(place={**nowhere, "postcode": code}).token).ward_code for code in known
    }
    assert found == known
