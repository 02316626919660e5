"""A survey kind is a form, a table, a service and one line: a throw-away kind works in list, search, map and ledger."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from tests.builders import answers
from tests.cast import Cast
from tests.lost_ball import LostBall, registered
from tests.phone import Phone, Shot, capture, new_id
from webapp.models.eva import Eva
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.speed_watch import SpeedSession
from webapp.rules.roles import ANYBODY
from webapp.services import captures, kinds, records


@pytest.fixture
def lost_ball(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[kinds.Kind]:
    """The kind, registered, with its table."""
    with app.app_context(), registered(monkeypatch) as kind:
        yield kind


def test_a_new_kind_is_kept_listed_searched_and_mapped_without_other_changes(
    lost_ball: kinds.Kind, cast: Cast
) -> None:
    submission = captures.Submission(lost_ball, uuid4(), "secret of the test", None, 1, "web", answers())
    receipt = captures.submit(submission, ANYBODY)
    assert receipt.reference.startswith("LB-20") and receipt.reference.endswith("-00001")
    assert captures.submit(submission, ANYBODY).reference == receipt.reference
    owen = cast.person("Owen")
    listed = records.search(records.Filters(kind="lost_ball", ward="E05005029", state="open"), owen)
    assert [(record.reference, record.colour) for record in listed.records] == [(receipt.reference, "red")]
    assert records.find(receipt.reference, owen).kind == "lost_ball"
    assert records.open_counts(owen) == {"E05005029": 1}
    assert [point[2] for point in records.open_points(owen)] == [receipt.reference]


def test_a_new_kind_stands_in_the_list_and_on_the_ward_page(lost_ball: kinds.Kind, cast: Cast) -> None:
    captures.submit(
        captures.Submission(lost_ball, uuid4(), "secret of the test", None, 1, "web", answers()), ANYBODY
    )
    owen = cast.client("Owen")
    for address in ("/records", "/records?kind=lost_ball", "/wards/E05005029"):
        page = owen.get(address)
        assert page.status_code == 200 and "A red ball" in page.text, address


def test_a_new_kind_goes_through_the_capture_protocol_and_onto_phones(
    lost_ball: kinds.Kind, cast: Cast
) -> None:
    client = cast.app.test_client()
    shot = Shot()
    phone, own = Phone(client), new_id()
    receipt = phone.put(own, capture(shot, kind="lost_ball")).json
    assert receipt["reference"].startswith("LB-20") and receipt["missing"] == [shot.id]
    assert phone.put_photo(own, shot).json["missing"] == []
    assert client.get("/captures/pack/lost_ball").json["kind"] == "lost_ball"
    assert '"/lost-ball/new": "/shell/lost-ball"' in client.get("/service-worker.js").text


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Vic", "Nadia"])
def test_permissions_hold_for_a_new_kind(lost_ball: kinds.Kind, cast: Cast, name: str) -> None:
    captures.submit(
        captures.Submission(lost_ball, uuid4(), "secret of the test", None, 1, "web", answers()), ANYBODY
    )
    assert records.search(records.Filters(), cast.person(name)).total == 0


def test_every_table_of_a_kind_is_in_the_registry_and_no_two_share_a_name() -> None:
    tables = {mapper.class_ for mapper in Record.__mapper__.self_and_descendants} - {Record, LostBall}
    assert tables == {kind.model for kind in kinds.KINDS} == {FlyTip, Eva, SpeedSession}
    for part in ("value", "slug", "label"):
        names = [getattr(kind, part) for kind in kinds.captured()]
        assert len(names) == len(set(names))
    assert len({kind.prefix for kind in kinds.KINDS}) == len(kinds.KINDS)
    assert {part.parent for part in kinds.PARTS} <= {kind.value for kind in kinds.KINDS}
