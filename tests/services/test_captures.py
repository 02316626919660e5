"""Sent twice saves once; nothing acknowledged is lost; the same id with other words is a clash."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from tests.at_once import at_once
from tests.builders import SEVENOAKS_WARD, record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.geo.distance import metres_between
from webapp.models.capture import CaptureRevision
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.models.report import Report
from webapp.rules.clock import local_date
from webapp.rules.errors import Clash, NotFound, Refused
from webapp.services import fly_tipping, letters, merging, records, reporters, tracking
from webapp.services.seal import unseal


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def rows(model: type) -> int:
    return db.session.query(model).count()


def test_a_report_becomes_a_record_with_its_ward_reference_and_due_date(noon) -> None:
    tip = record_behind(submit().token)
    assert (tip.ward_code, tip.reference, tip.status) == ("E05005029", "FT-2026-00001", "reported")
    assert (tip.reported_on, tip.due_on, tip.scope) == (date(2026, 11, 22), date(2026, 11, 29), "in_target")
    assert (tip.location_source, tip.accuracy_m, tip.reported_by_type) == ("map", 8.0, "anonymous")


def test_the_same_capture_again_gives_the_same_receipt_and_one_record() -> None:
    capture_id = uuid4()
    first, again = submit(capture_id=capture_id), submit(capture_id=capture_id)
    assert (first.reference, first.token) == (again.reference, again.token)
    assert (first.is_new, again.is_new) == (True, False)
    assert (rows(FlyTip), rows(Report), rows(CaptureRevision), rows(Event)) == (1, 1, 1, 1)


def test_the_same_capture_with_other_words_keeps_both_and_overwrites_nothing() -> None:
    capture_id = uuid4()
    first = submit(capture_id=capture_id)
    for _ in range(2):
        with pytest.raises(Clash) as clash:
            submit(capture_id=capture_id, description="Something else")
        assert (clash.value.reference, clash.value.token) == (first.reference, first.token)
    assert record_behind(first.token).description == "A brown sofa and six black bags"
    revisions = db.session.query(CaptureRevision).order_by(CaptureRevision.id).all()
    assert [(revision.rev, revision.is_clash) for revision in revisions] == [(1, False), (1, True)]
    assert unseal(revisions[1].payload)["answers"]["description"] == "Something else"


def test_the_same_capture_after_a_change_of_the_secret_key_gives_the_same_receipt(change_key) -> None:
    capture_id = uuid4()
    first = submit(capture_id=capture_id)
    for _ in range(2):
        change_key()
        again = submit(capture_id=capture_id)
        assert (again.reference, again.token, again.is_new) == (first.reference, first.token, False)
    assert rows(CaptureRevision) == 1
    with pytest.raises(Clash) as clash:
        submit(capture_id=capture_id, description="Something else")
    assert clash.value.token == first.token
    change_key()
    with pytest.raises(Clash):
        submit(capture_id=capture_id, description="Something else")
    assert rows(CaptureRevision) == 2


def test_a_letter_after_a_change_of_the_secret_key_still_holds_a_link_that_works(change_key) -> None:
    tip = record_behind(submit(reporter={"email": "rosa@example.org", "wants_news": True}).token)
    change_key()
    report = db.session.query(Report).one()
    token = re.search("/track/([A-Za-z0-9_-]+)", letters.write("cleared", report, tip).text)[1]
    assert record_behind(token).id == tip.id
    new = submit()
    assert record_behind(new.token).reference == new.reference


def test_somebody_without_the_secret_cannot_tell_that_the_capture_exists() -> None:
    capture_id = uuid4()
    submit(capture_id=capture_id)
    with pytest.raises(NotFound):
        submit(capture_id=capture_id, secret="another secret of somebody")


def test_a_double_tap_at_the_same_moment_is_one_record(app: Flask) -> None:
    capture_id = uuid4()
    receipts = at_once(app, lambda: submit(capture_id=capture_id), times=4)
    assert len({receipt.reference for receipt in receipts}) == 1
    assert (rows(FlyTip), rows(Report), rows(CaptureRevision)) == (1, 1, 1)


def test_references_have_no_gap_and_no_double_when_many_send_at_once(app: Flask) -> None:
    sent = at_once(app, lambda: [submit().reference for _ in range(10)], times=4)
    assert sorted(int(reference[-5:]) for references in sent for reference in references) == list(
        range(1, 41)
    )


def test_a_reference_takes_the_london_year_of_receipt() -> None:
    with clock.standing_at(NOON.replace(year=2026, month=12, day=31, hour=23, minute=59)):
        assert submit().reference == "FT-2026-00001"
    with clock.standing_at(NOON.replace(year=2027, month=1, day=1, hour=0, minute=1)):
        assert submit().reference == "FT-2027-00001"


def test_what_is_refused_leaves_nothing_behind() -> None:
    with pytest.raises(Refused):
        submit(place={"latitude": None, "longitude": None, "words": ""})
    assert (rows(FlyTip), rows(Report), rows(Notice)) == (0, 0, 0)
    assert submit().reference.endswith("-00001")


def test_a_place_outside_the_district_is_kept_without_a_ward() -> None:
    tip = record_behind(submit(place={"latitude": 51.5, "longitude": -0.12}).token)
    assert (tip.latitude, tip.ward_code) == (51.5, None)


def test_words_alone_are_kept_without_a_point() -> None:
    place = {
        "source": None,
        "latitude": None,
        "longitude": None,
        "accuracy_m": None,
        "words": "By the old mill",
    }
    tip = record_behind(submit(place=place).token)
    assert (tip.location_source, tip.latitude, tip.ward_code) == ("none", None, None)


def test_a_postcode_and_a_grid_reference_give_a_place() -> None:
    nowhere = {"source": None, "latitude": None, "longitude": None, "accuracy_m": None}
    by_postcode = record_behind(submit(place={**nowhere, "postcode": "tn131gp"}).token)
    assert metres_between(by_postcode.latitude, by_postcode.longitude, 51.27028, 0.19171) < 2
    assert by_postcode.location_source == "postcode"
    by_grid = record_behind(submit(place={**nowhere, "grid_reference": "TQ 529 546"}).token)
    assert (by_grid.location_source, by_grid.accuracy_m) == ("grid", 100)


@pytest.mark.parametrize("place", [{"postcode": "ZZ99 9ZZ"}, {"grid_reference": "no grid"}])
def test_a_code_that_names_no_place_is_refused_in_words(place: dict) -> None:
    nowhere = {"source": None, "latitude": None, "longitude": None}
    with pytest.raises(Refused) as refused:
        submit(place={**nowhere, **place})
    assert set(refused.value.errors) == set(place)


def test_joining_an_open_report_keeps_every_answer_in_a_record_of_its_own(noon) -> None:
    first = submit()
    second = submit(
        joins=first.reference,
        main_waste="asbestos",
        size="transit_van",
        description="Grey sheets",
        first_seen_on="2026-11-20",
        witnessed=True,
        vehicle_registration="GK12 ABC",
        reporter={"email": "rosa@example.org"},
    )
    own, main = record_behind(second.token), record_behind(first.token)
    assert (own.status, own.duplicate_of_id, own.closed_at) == ("duplicate", main.id, NOON)
    assert (own.scope, main.scope) == ("duplicate", "in_target")
    assert (own.main_waste, own.size, own.description) == ("asbestos", "transit_van", "Grey sheets")
    assert (own.first_seen_on, own.was_witnessed) == (date(2026, 11, 20), True)
    assert own.vehicle_registration == "GK12 ABC" and own.place_text == "Lay-by opposite the field gate"
    assert second.reference == own.reference != first.reference
    assert (main.status, main.main_waste) == ("reported", "other_household")
    assert [fly_tip.reference for fly_tip in merging.reports_of(own)] == [first.reference, own.reference]
    history = [
        (line.record_id, line.action, line.after) for line in db.session.query(Event).order_by(Event.id)
    ]
    assert history[1:] == [
        (own.id, "reported", None),
        (own.id, "joined", {"status": "duplicate", "same_as": first.reference}),
        (main.id, "reported_again", {"reference": own.reference}),
    ]


def test_joining_before_and_after_sending_come_to_the_same(noon) -> None:
    first = submit()
    before = record_behind(submit(joins=first.reference).token)
    token = submit().token
    fly_tipping.join(tracking.find_report(token), first.reference)
    after = record_behind(token)
    assert (before.status, before.duplicate_of_id) == (after.status, after.duplicate_of_id)
    actions = [
        [line.action for line in db.session.query(Event).filter_by(record_id=tip.id).order_by(Event.id)]
        for tip in (before, after)
    ]
    assert actions[0] == actions[1] == ["reported", "joined"]


def test_what_was_joined_goes_along_when_it_is_joined_to_another() -> None:
    first, second = submit(), submit()
    third = submit(joins=second.reference)
    fly_tipping.join(tracking.find_report(second.token), first.reference)
    main = record_behind(first.token)
    assert {tip.reference for tip in merging.reports_of(main)} == {
        first.reference,
        second.reference,
        third.reference,
    }
    assert record_behind(third.token).duplicate_of_id == main.id


def test_the_earlier_of_two_reports_decides_the_clock_of_what_stays_open() -> None:
    with clock.standing_at(NOON - timedelta(days=3)):
        early = submit()
    with clock.standing_at(NOON):
        late = submit()
        fly_tipping.join(tracking.find_report(early.token), late.reference)
        tip = record_behind(late.token)
        assert (tip.reported_on, tip.due_on) == (date(2026, 11, 19), date(2026, 11, 26))


def test_a_duplicate_is_counted_offered_and_mapped_nowhere(cast: Cast) -> None:
    owen, main = cast.person("Owen"), submit()
    submit(joins=main.reference)
    assert records.open_counts(owen) == records.public_counts() == {SEVENOAKS_WARD: 1}
    assert [point[2] for point in records.open_points(owen)] == [main.reference]
    assert [tip.reference for tip in fly_tipping.nearby(51.27028, 0.19171)] == [main.reference]
    assert [tip.reference for tip in records.public_recent(SEVENOAKS_WARD)] == [main.reference]
    still_open = records.search(records.Filters(state="open"), owen)
    assert [record.reference for record in still_open.records] == [main.reference]


def test_a_contact_that_was_withdrawn_does_not_come_back_with_other_words() -> None:
    capture_id, contact = uuid4(), {"email": "rosa@example.org"}
    token = submit(capture_id=capture_id, reporter=contact).token
    reporters.withdraw(token)
    with pytest.raises(Clash):
        submit(capture_id=capture_id, reporter=contact, description="Another word")
    assert [revision.payload for revision in db.session.query(CaptureRevision)] == [None, None]


def test_only_what_was_offered_near_the_place_can_be_joined() -> None:
    far = submit(place={"latitude": 51.3714, "longitude": 0.2121})
    assert submit(joins=far.reference).reference != far.reference
    words = {"source": None, "latitude": None, "longitude": None, "words": "somewhere"}
    assert submit(joins=far.reference, place=words).reference != far.reference


def test_joining_one_that_has_been_cleared_meanwhile_makes_a_new_record() -> None:
    first = submit()
    tip = record_behind(first.token)
    tip.status = "cleared"
    db.session.commit()
    assert submit(joins=first.reference).reference != first.reference


def test_the_ledger_keeps_the_answers_sealed() -> None:
    submit(reporter={"email": "rosa@example.org"}, vehicle_registration="GK12 ABC")
    sealed = db.session.query(CaptureRevision).one().payload
    assert b"rosa" not in sealed and b"GK12" not in sealed
    assert unseal(sealed)["answers"]["reporter"]["email"] == "rosa@example.org"


def test_history_never_holds_a_contact() -> None:
    submit(reporter={"name": "Rosa", "email": "rosa@example.org", "phone": "01732 000000"})
    for event in db.session.query(Event):
        assert "rosa" not in repr((event.before, event.after, event.reason)).lower()


def test_first_reports_by_london_date_around_midnight_in_summer() -> None:
    with clock.standing_at(NOON.replace(month=6, day=30, hour=23, minute=30)):
        tip = record_behind(submit().token)
        assert local_date(clock.now()) == date(2026, 7, 1) == tip.reported_on
        assert tip.due_on - tip.reported_on == timedelta(days=7)
