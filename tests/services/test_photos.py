"""Nothing photographed is lost, nothing is kept twice, nothing is shown before an officer released it."""

import errno
import io
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests import pictures
from tests.at_once import at_once
from tests.builders import mark_cleared, record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.forms.photos import PhotoUpload, look_at
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.report import Report
from webapp.rules.errors import Full, NotFound, Refused
from webapp.rules.roles import ANYBODY, Person
from webapp.services import captures, media, photo_work, photos, reporters, visibility
from webapp.services.kinds import find_kind
from webapp.services.transaction import one_commit

SECRET = "a secret of the test"
OFFICER = ("officer",)


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def upload(content: bytes | None = None, name: str = "tip.jpg") -> PhotoUpload:
    return look_at(
        io.BytesIO(pictures.jpeg(exif=pictures.camera_notes()) if content is None else content), name
    )


def stage(capture_id: UUID, *uploads: PhotoUpload) -> None:
    captures.stage(find_kind("fly_tipping"), capture_id, SECRET, uploads or [upload()], ANYBODY)


def rows() -> list[Photo]:
    return list(db.session.scalars(select(Photo).order_by(Photo.received_at, Photo.id)))


def sent_with_photo(**changes: object) -> tuple[Photo, str]:
    """A report with one decoded photo: the photo and the tracking token."""
    capture_id = uuid4()
    stage(capture_id, upload(pictures.jpeg((50, 30), exif=pictures.camera_notes(orientation=6))))
    token = submit(capture_id=capture_id, **changes).token
    photo_work.decode_waiting()
    return rows()[-1], token


def test_a_staged_photo_keeps_its_original_hash_time_and_place():
    content = pictures.jpeg(exif=pictures.camera_notes())
    stage(uuid4(), upload(content))
    (photo,) = rows()
    assert (photo.state, photo.record_id, photo.role, photo.media_type) == (
        "waiting",
        None,
        "evidence",
        "image/jpeg",
    )
    assert (photo.latitude, photo.longitude) == pictures.IN_SEVENOAKS
    assert photo.taken_at == datetime(2026, 7, 1, 13, 5, tzinfo=UTC)
    assert photo.bytes_size == len(content)
    with media.open_original(photo.id, photo.arrived_as) as file:
        assert file.read() == content


def test_the_same_photo_sent_again_is_the_same_photo():
    capture_id = uuid4()
    for _ in range(3):
        stage(capture_id)
    assert len(rows()) == 1
    assert len(media.arrived_before(datetime.now(UTC) + timedelta(minutes=1))) == 1


def test_the_same_photo_of_two_captures_is_two_photos():
    stage(uuid4())
    stage(uuid4())
    assert len({photo.id for photo in rows()}) == 2


def test_two_requests_at_the_same_moment_stage_one_photo(app: Flask):
    capture_id = uuid4()
    at_once(app, lambda: stage(capture_id, upload()))
    assert len(rows()) == 1


def test_a_sixth_photo_in_a_second_sending_is_refused_by_name_and_five_stay():
    capture_id = uuid4()
    stage(capture_id, *(upload(pictures.jpeg((40 + number, 40))) for number in range(4)))
    with pytest.raises(Refused) as refused:
        stage(
            capture_id,
            *(upload(pictures.jpeg((90 + number, 40)), f"late {number}.jpg") for number in range(2)),
        )
    assert "“late 1.jpg” was left out" in refused.value.errors["photos"]
    assert [photo.file_name for photo in rows()].count("late 0.jpg") == 1
    assert len(rows()) == 5


def test_photos_are_part_of_the_record_and_the_report_once_it_is_sent():
    capture_id = uuid4()
    stage(capture_id)
    tip = record_behind(submit(capture_id=capture_id).token)
    (photo,) = rows()
    assert (photo.record_id, photo.report_id) == (tip.id, capture_id)


def test_the_place_in_a_photo_is_used_only_when_the_person_said_so():
    nowhere = {"source": None, "latitude": None, "longitude": None}
    for wanted, place in ((True, pictures.IN_SEVENOAKS), (False, (None, None))):
        capture_id = uuid4()
        stage(capture_id)
        tip = record_behind(submit(capture_id=capture_id, photo_place=wanted, place=nowhere).token)
        assert (tip.latitude, tip.longitude) == place


def test_sending_again_after_photos_were_added_is_still_the_same_report():
    capture_id = uuid4()
    stage(capture_id)
    first = submit(capture_id=capture_id)
    reporters.add_photos(first.token, [upload(pictures.jpeg((33, 44)))])
    stage(capture_id)
    assert submit(capture_id=capture_id).token == first.token
    assert {photo.report_id for photo in rows()} == {capture_id}
    assert len(rows()) == 2


def test_a_reporter_cannot_add_photos_without_end():
    receipt = submit()
    reporters.add_photos(receipt.token, [upload(pictures.jpeg((40 + number, 40))) for number in range(5)])
    with pytest.raises(Refused):
        reporters.add_photos(receipt.token, [upload(pictures.jpeg((99, 40)))])
    assert len(rows()) == 5


def test_after_photos_are_shown_when_the_officer_says_so(cast: Cast):
    for shown in (True, False):
        tip = record_behind(submit().token)
        mark_cleared(tip.reference, tip.reported_on, [upload()], shown, cast.person("Owen"))
        (photo,) = [photo for photo in rows() if photo.record_id == tip.id]
        assert (photo.role, photo.report_id, photo.released_at is not None) == ("after", None, shown)


def test_a_photo_is_seen_by_nobody_but_staff_until_it_is_released(cast: Cast):
    photo, _ = sent_with_photo()
    owen = cast.person("Owen")
    assert photos.find(photo.id, owen).id == photo.id
    for person in (
        ANYBODY,
        cast.person("Nadia"),
        cast.person("Vic"),
        cast.person("Sunita"),
        cast.person("Priya"),
    ):
        with pytest.raises(NotFound):
            photos.find(photo.id, person)
    photos.release(photo.id, owen)
    assert photos.find(photo.id, ANYBODY).id == photo.id


def test_a_hidden_photo_is_seen_only_by_who_may_release_it(cast: Cast):
    photo, _ = sent_with_photo()
    owen = cast.person("Owen")
    photos.release(photo.id, owen)
    photos.hide(photo.id, owen)
    with pytest.raises(NotFound):
        photos.find(photo.id, ANYBODY)
    assert photos.find(photo.id, owen).hidden_at is not None


def test_a_hidden_record_hides_its_released_photos(cast: Cast):
    photo, token = sent_with_photo()
    owen = cast.person("Owen")
    photos.release(photo.id, owen)
    visibility.set_visibility(record_behind(token).reference, "hidden", owen)
    with pytest.raises(NotFound):
        photos.find(photo.id, ANYBODY)


def test_releasing_and_hiding_are_written_to_the_history_once_each(cast: Cast):
    photo, _ = sent_with_photo()
    owen = cast.person("Owen")
    for verb in (photos.release, photos.release, photos.hide, photos.hide, photos.release):
        verb(photo.id, owen)
    lines = db.session.scalars(select(Event).where(Event.action.like("photo_%")).order_by(Event.id)).all()
    assert [(line.action, line.before["shown"], line.after["shown"], line.by_id) for line in lines] == [
        ("photo_released", "withheld", "released", owen.id),
        ("photo_hidden", "released", "hidden", owen.id),
        ("photo_released", "hidden", "released", owen.id),
    ]


def test_nobody_else_may_release_or_hide_and_no_photo_is_released_unseen(cast: Cast):
    photo, _ = sent_with_photo()
    for verb in (photos.release, photos.hide):
        for person in (ANYBODY, cast.person("Nadia"), cast.person("Sunita"), cast.person("Priya")):
            with pytest.raises(NotFound):
                verb(photo.id, person)
    capture_id = uuid4()
    stage(capture_id)
    submit(capture_id=capture_id)
    waiting = next(photo for photo in rows() if photo.state == "waiting")
    with pytest.raises(Refused):
        photos.release(waiting.id, cast.person("Owen"))


def test_opening_an_original_is_written_to_the_history(cast: Cast):
    photo, _ = sent_with_photo()
    opened, stream = photos.open_original(photo.id, cast.person("Owen"))
    with stream:
        assert len(stream.read()) == opened.bytes_size
    (line,) = db.session.scalars(select(Event).where(Event.action == "original_opened")).all()
    assert (line.by_id, line.after) == (cast.person("Owen").id, {"photo": str(photo.id)})


def test_a_released_photos_original_stays_private(cast: Cast):
    photo, _ = sent_with_photo()
    photos.release(photo.id, cast.person("Owen"))
    for person in (ANYBODY, cast.person("Nadia"), Person()):
        with pytest.raises(NotFound):
            photos.open_original(photo.id, person)


def test_photos_whose_form_was_never_completed_go_after_two_days_and_others_stay(noon: datetime):
    kept, forgotten = uuid4(), uuid4()
    stage(kept)
    submit(capture_id=kept)
    stage(forgotten)
    # The first of these is settled by its row, the second has none: its request broke off.
    lost = media.keep_arriving(io.BytesIO(b"lost")).arrived_as
    with clock.standing_at(NOON + timedelta(hours=47)):
        photo_work.drop_stale()
        assert len(rows()) == 2
    gone = next(photo for photo in rows() if photo.capture_id == forgotten)
    with clock.standing_at(datetime.now(UTC) + timedelta(hours=49)):
        photo_work.drop_stale()
    (photo,) = rows()
    assert photo.capture_id == kept
    assert db.session.get(Capture, forgotten) is None
    assert db.session.get(Report, kept) is not None
    with media.open_original(photo.id, photo.arrived_as) as file:
        assert len(file.read()) == photo.bytes_size
    for missing in (gone.arrived_as, lost):
        with pytest.raises(FileNotFoundError):
            media.open_original(gone.id, missing)


def test_a_full_disk_is_told_as_such_and_keeps_no_half(monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Full):
        stage(uuid4())
    monkeypatch.undo()
    assert rows() == []
    assert media.arrived_before(datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_staging_that_is_rolled_back_leaves_no_row():
    capture_id = uuid4()
    stage(capture_id)
    kept = photos.keep([upload(pictures.jpeg((31, 31)))])

    def breaks_off() -> None:
        with one_commit() as session:
            photos.stage(session, capture_id, kept)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks_off()
    assert len(rows()) == 1
