"""What colleagues may do with each other's walks, and what comes of two who do it at the same moment."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.at_once import at_once, meet_after
from tests.auditing import Walked, shot, walked
from tests.cast import Cast
from tests.phone import Phone, capture, new_id
from tests.planning import a_line, line_of, take
from tests.walking import observation, walk
from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import action_links, actions, captures, lines, waiting
from webapp.services.action_steps import Given
from webapp.services.actions import Planned

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    return walked(app, cast)


def test_a_colleague_takes_back_no_walk_that_another_began_and_an_officer_does(
    app: Flask, audit: Walked, cast: Cast
):
    colleague = Person(id=cast.person("Vic").id, roles=("warden",))
    with app.app_context():
        with pytest.raises(NotFound):
            captures.remove(UUID(audit.id), "", colleague)
        assert db.session.get_one(Capture, UUID(audit.id)).state == "kept"
        captures.remove(UUID(audit.id), "", cast.person("Owen"))
        assert db.session.get_one(Capture, UUID(audit.id)).state == "removed"


def test_what_was_seen_waits_for_no_walk_under_whose_id_something_else_arrived(app: Flask, cast: Cast):
    sunita, parent, own = Phone(cast.client("Sunita")), new_id(), new_id()
    assert sunita.put(own, observation(parent)).json["state"] == "parent"
    assert sunita.put(parent, capture()).status_code == 201
    with app.app_context():
        waiting.settle_children()
        assert waiting.settle_children() is False
        assert db.session.get_one(Capture, UUID(own)).waits_for == "officer"


def test_what_was_moved_to_another_walk_while_it_waited_belongs_to_that_one_with_its_photos(
    app: Flask, audit: Walked
):
    own, never = new_id(), new_id()
    photo = shot()
    audit.phone.put(own, observation(never, photo))
    audit.phone.put(own, {**observation(audit.id, photo), "rev": 2, "base_rev": 1})
    audit.phone.put(never, walk(title="Another walk"))
    with app.app_context():
        waiting.settle_children()
    audit.phone.put_photo(own, photo)
    with app.app_context():
        assert db.session.get_one(Observation, UUID(own)).eva_id == UUID(audit.id)
        assert {photo.record_id for photo in db.session.query(Photo)} == {UUID(audit.id)}


def test_observations_of_several_phones_at_once_get_a_number_each(app: Flask, audit: Walked, cast: Cast):
    def send() -> int:
        return Phone(cast.client("Sunita")).put(new_id(), observation(audit.id, number="1")).status_code

    assert at_once(app, send, 5) == [201] * 5
    with app.app_context():
        assert sorted(one.number for one in db.session.query(Observation)) == [1, 2, 3, 4, 5]


def test_an_agency_answers_while_its_line_is_given_to_another_and_neither_waits_for_ever(
    app: Flask, audit: Walked, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    owen = cast.person("Owen")
    with app.app_context():
        line = a_line(owen, audit.reference)
        token = action_links.send(line, "clerk@parish.example", uuid4(), owen)[1]
    answers = [lambda: action_links.answer(token, "agree", Given(uuid4())), lambda: _give_away(line, owen)]
    meet_after(monkeypatch, action_links, "_find")
    meet_after(monkeypatch, lines, "locked")

    def do() -> str:
        try:
            answers.pop()()
        except action_links.LinkGone as gone:
            return gone.why
        return "done"

    assert sorted(at_once(app, do)) in (["done", "done"], ["done", "old"])
    with app.app_context():
        assert (line_of(line).owner_agency, line_of(line).status) == ("sdc_direct_services", "proposed")


def _give_away(line: int, owen: Person) -> None:
    actions.edit(line, Planned("Do it", "sdc_direct_services", date(2026, 12, 1)), None, owen, uuid4())


def test_who_is_a_warden_as_well_answers_for_their_own_agency_alone(app: Flask, audit: Walked, cast: Cast):
    owen, both = cast.person("Owen"), ("warden", "partner")
    with app.app_context():
        line = a_line(owen, audit.reference, owner_agency="kcc_highways")
        with pytest.raises(NotFound):
            take(line, "agree", Person(id=cast.person("Priya").id, roles=both, agency="kent_police"))
        assert line_of(line).status == "proposed"
        take(line, "agree", Person(id=cast.person("Priya").id, roles=both, agency="kcc_highways"))
        assert line_of(line).status == "agreed"


def test_a_recorded_track_is_of_degrees_alone_and_a_drawn_route_takes_places(audit: Walked):
    for typed, status in ((["TN13 1HG"], 422), (["51.4 0.16 9"], 422), (["51.4 0.16"], 201)):
        assert audit.phone.put(new_id(), walk(track=typed)).status_code == status
    assert audit.phone.put(new_id(), walk(route_points=["51.4 0.16\nTQ 53 55"])).status_code == 201
