"""The capture protocol: sent once whatever happens, changed by a later version, never overwritten, never shown."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.at_once import at_once
from tests.builders import count, only_record, send
from tests.cast import Cast
from tests.conftest import NOON
from tests.phone import Phone, Shot, canonical, capture, new_id, problem, sha256
from webapp.extensions import clock, db
from webapp.models.capture import AwaitedPhoto, CaptureRevision
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.report import Report


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """Rosa's phone."""
    return Phone(client)


def test_a_capture_becomes_a_record_and_its_receipt_says_which(app: Flask, phone: Phone):
    own, content = new_id(), capture()
    answer = phone.put(own, content)
    assert answer.status_code == 201
    tip = only_record(app)
    receipt = answer.json
    assert receipt == {
        "id": own,
        "rev": 1,
        "base_rev": 1,
        "state": "kept",
        "content_sha256": hashlib.sha256(canonical(content)).hexdigest(),
        "reference": tip.reference,
        "missing": [],
        "status_url": receipt["status_url"],
    }
    assert phone.client.get(receipt["status_url"]).status_code == 200
    assert (tip.description, tip.latitude) == ("A brown sofa and six black bags", 51.27028)
    assert str(tip.id) == own


def test_the_same_again_gives_the_same_receipt_and_one_record(app: Flask, phone: Phone):
    own, content = new_id(), capture()
    first = phone.put(own, content)
    again = phone.put(own, {**content, "sent_at": "2026-11-22T12:05:00Z"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (count(app), count(app, CaptureRevision), count(app, Event)) == (1, 1, 1)


def test_sent_many_times_at_the_same_moment_it_is_one_record(app: Flask):
    own, content = new_id(), capture(Shot())
    answers = at_once(app, lambda: Phone(app.test_client()).put(own, content), times=4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["reference"] for answer in answers}) == 1
    assert (count(app), count(app, CaptureRevision), count(app, AwaitedPhoto)) == (1, 1, 1)


def test_the_hash_is_over_the_answers_in_any_letters(phone: Phone):
    content = capture(answers={"description": "Sofa – “brûlé” 🛋️ \u2028 \x7f tab\there"})
    assert phone.put(new_id(), content).json["content_sha256"] == sha256(canonical(content))


def test_a_version_made_from_the_newest_changes_the_record(app: Flask, phone: Phone):
    own = new_id()
    first = phone.put(own, capture(answers={"reporter_email": "rosa@example.org"}))
    better = capture(answers={"description": "Two sofas", "size": "transit_van"}, rev=4, base_rev=1)
    answer = phone.put(own, better)
    assert answer.status_code == 200 and answer.json["rev"] == 4
    assert answer.json["reference"] == first.json["reference"]
    assert answer.json["content_sha256"] == sha256(canonical(better))
    tip = only_record(app)
    assert (tip.description, tip.size, tip.rev) == ("Two sofas", "transit_van", 4)
    with app.app_context():
        line = db.session.query(Event).filter_by(action="changed").one()
        assert line.after == {"version": 4, "columns": ["description", "reported_by_type", "size"]}
        assert db.session.get(Report, tip.id).email is None
    assert phone.put(own, capture(answers={"reporter_email": "rosa@example.org"})).json["rev"] == 1


def test_a_version_not_made_from_the_newest_is_a_clash_and_both_are_kept(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, capture())
    desk = capture(answers={"description": "From the desk"})
    for _ in range(2):
        answer = phone.put(own, desk)
        assert problem(answer) == (409, "clash")
    assert only_record(app).description == "A brown sofa and six black bags"
    with app.app_context():
        assert [row.is_clash for row in db.session.query(CaptureRevision)] == [False, True]
    assert "From the desk" in phone.client.get(answer.json["compare_url"]).text


def test_a_person_chooses_between_two_versions_and_the_phone_hears_of_it(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, capture())
    desk = capture(answers={"description": "From the desk"})
    compare = phone.put(own, desk).json["compare_url"]
    with app.app_context():
        clashing = db.session.query(CaptureRevision).filter_by(is_clash=True).one().id
    chosen = phone.choose(compare, clashing)
    assert chosen.status_code == 303
    assert only_record(app).description == "From the desk"
    assert phone.put(own, desk).status_code == 200
    assert "There is nothing to choose" in phone.client.get(compare).text
    assert count(app, CaptureRevision) == 3


def test_keeping_what_it_says_now_ends_the_clash_too(app: Flask, phone: Phone):
    own, desk = new_id(), capture(answers={"description": "From the desk"})
    phone.put(own, capture())
    compare = phone.put(own, desk).json["compare_url"]
    with app.app_context():
        current = db.session.query(CaptureRevision).filter_by(is_clash=False).one().id
    phone.choose(compare, current)
    assert only_record(app).description == "A brown sofa and six black bags"
    assert phone.put(own, desk).status_code == 200


def test_a_capture_taken_back_does_not_come_again(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, capture(answers={"reporter_email": "rosa@example.org"}))
    gone = phone.delete(own)
    assert (gone.status_code, gone.json["state"]) == (200, "removed")
    assert phone.delete(own).json == gone.json
    assert problem(phone.put(own, capture())) == (410, "gone")
    assert problem(phone.put_photo(own, Shot())) == (410, "gone")
    with app.app_context():
        assert db.session.query(Report).one().email is None
        assert db.session.query(CaptureRevision).one().payload is None
        assert [line.action for line in db.session.query(Event)] == ["reported", "taken_back"]


def test_taking_back_what_never_arrived_leaves_a_tombstone(app: Flask, phone: Phone):
    own = new_id()
    assert phone.delete(own).status_code == 200
    assert problem(phone.put(own, capture())) == (410, "gone")
    assert count(app) == 0


def test_without_the_secret_nothing_is_there(phone: Phone, cast: Cast):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    for other in (Phone(phone.client, "another secret of somebody"), Phone(cast.client("Owen"))):
        assert problem(other.put(own, capture(shot))) == (404, "not_found")
        assert problem(other.put_photo(own, shot)) == (404, "not_found")
        assert problem(other.delete(own)) == (404, "not_found")


def test_somebody_with_neither_account_nor_secret_must_sign_in(client: FlaskClient):
    nobody = Phone(client, "short")
    assert problem(nobody.put(new_id(), capture())) == (401, "sign_in")
    assert problem(nobody.delete(new_id())) == (401, "sign_in")


def test_a_capture_of_an_account_is_its_own_whatever_the_secret(app: Flask, cast: Cast):
    own, sunita = new_id(), Phone(cast.client("Sunita"))
    assert sunita.put(own, capture()).status_code == 201
    assert only_record(app).created_by_id == cast.person("Sunita").id
    for other in (Phone(app.test_client()), Phone(cast.client("Owen"))):
        assert problem(other.put(own, capture())) == (404, "not_found")


def test_signed_in_a_capture_needs_the_session_s_own_token(cast: Cast):
    owen = cast.client("Owen")
    for headers in ({}, {"X-CSRFToken": "made up"}, {"X-Capture-Secret": "a secret that the phone made"}):
        answer = owen.put(f"/captures/{new_id()}", json=capture(), headers=headers)
        assert problem(answer) == (403, "token")


def test_a_wrong_clock_an_old_app_and_another_form_are_accepted_and_flagged(app: Flask, phone: Phone):
    with clock.standing_at(NOON):
        old = capture(sent_at="2026-11-22T15:12:00Z", page_made_at="2026-08-20T12:00:00Z", form_version=9)
        assert phone.put(new_id(), old).status_code == 201
    assert only_record(app).clock_offset_s == 3 * 3600 + 12 * 60
    with app.app_context():
        assert db.session.query(CaptureRevision).one().flags == "clock old_app new_form"


def test_a_page_and_a_phone_share_one_ledger(app: Flask, client: FlaskClient):
    from tests.builders import open_page

    page = open_page(client)
    send(client, page)
    own = Phone(client, page["capture_secret"])
    assert problem(own.put(page["capture_id"], capture(answers={"description": "Other words"}))) == (
        409,
        "clash",
    )
    assert count(app, Record) == 1


def test_a_record_that_has_been_cleared_is_changed_by_no_version_any_more(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, capture())
    with app.app_context():
        tip = db.session.query(FlyTip).one()
        tip.status, tip.closed_at = "cleared", clock.now()
        db.session.commit()
    answer = phone.put(own, capture(answers={"land_type": "agricultural"}, rev=2, base_rev=1))
    assert problem(answer) == (409, "clash")
    with app.app_context():
        clashing = db.session.query(CaptureRevision).filter_by(is_clash=True).one().id
    chosen = phone.choose(answer.json["compare_url"], clashing)
    assert chosen.status_code == 422 and "This has been dealt with meanwhile" in chosen.text
    assert only_record(app).land_type == "highway"


def test_tombstones_of_what_never_came_are_limited_too(app: Flask, phone: Phone):
    app.config["SUBMIT_LIMIT"] = "1 per hour"
    assert phone.delete(new_id()).status_code == 200
    assert problem(phone.delete(new_id())) == (429, "too_many")
