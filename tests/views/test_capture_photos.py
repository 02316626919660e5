"""Photos by the capture protocol: promised, sent by themselves, kept once and byte for byte."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.at_once import at_once
from tests.builders import count
from tests.phone import Phone, Shot, capture, new_id, problem, sha256
from tests.pictures import truncated_jpeg
from webapp.extensions import db
from webapp.models.photo import Photo
from webapp.services import media


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """Rosa's phone."""
    return Phone(client)


def originals(app: Flask) -> dict[str, str]:
    """Return the SHA-256 of the bytes on the disk by photo."""
    with app.app_context():
        found = {}
        for photo in db.session.query(Photo):
            with media.open_original(photo.id, photo.arrived_as) as file:
                found[str(photo.id)] = sha256(file.read())
        return found


def test_photos_come_by_themselves_and_are_kept_byte_for_byte(app: Flask, phone: Phone):
    own, shots = new_id(), [Shot(), Shot()]
    receipt = phone.put(own, capture(*shots)).json
    assert set(receipt["missing"]) == {shot.id for shot in shots}
    left = phone.put_photo(own, shots[0]).json
    assert left["missing"] == [shots[1].id] and left["reference"] == receipt["reference"]
    assert phone.put_photo(own, shots[1]).json["missing"] == []
    assert originals(app) == {shot.id: sha256(shot.content) for shot in shots}
    with app.app_context():
        assert {str(photo.record_id) for photo in db.session.query(Photo)} == {own}


def test_a_photo_sent_twice_is_one_row_and_one_file(app: Flask, phone: Phone):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    answers = [phone.put_photo(own, shot) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({json.dumps(answer.json) for answer in answers}) == 1
    assert count(app, Photo) == 1


def test_a_photo_sent_twice_at_the_same_moment_leaves_no_second_file(app: Flask):
    own, shot = new_id(), Shot()
    Phone(app.test_client()).put(own, capture(shot))
    answers = at_once(app, lambda: Phone(app.test_client()).put_photo(own, shot), times=4)
    assert [answer.status_code for answer in answers] == [200] * 4
    with app.app_context():
        folder = media.storage().path(media.ARRIVING)
        assert len(list(media.storage().listed(folder))) == 1


@pytest.mark.parametrize("content", [b"", b"other bytes"])
def test_bytes_that_were_not_promised_are_never_kept(app: Flask, phone: Phone, content: bytes):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    assert phone.put_photo(own, shot, content).status_code == 422
    assert phone.put_photo(own, shot, shot.content[:-1]).status_code == 422
    assert count(app, Photo) == 0
    assert phone.put_photo(own, shot).json["missing"] == []


def test_a_damaged_photo_is_kept_as_it_came(app: Flask, phone: Phone):
    own, shot = new_id(), Shot(truncated_jpeg()[:40])
    phone.put(own, capture(shot))
    assert phone.put_photo(own, shot).json["missing"] == []
    assert originals(app) == {shot.id: sha256(shot.content)}


def test_what_is_no_photo_is_refused_in_words(phone: Phone):
    own, shot = new_id(), Shot(b"<svg onload=alert(1)>")
    phone.put(own, capture(shot))
    assert problem(phone.put_photo(own, shot)) == (422, "not_a_photo")


def test_a_photo_that_nobody_promised_is_not_there(phone: Phone):
    own = new_id()
    phone.put(own, capture())
    assert problem(phone.put_photo(own, Shot())) == (404, "not_found")
    assert problem(phone.put_photo(new_id(), Shot())) == (404, "not_found")


def test_a_photo_s_number_cannot_be_taken_by_another_capture(app: Flask, phone: Phone):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    other = capture(Shot(b"\xff\xd8\xff other", id=shot.id))
    assert problem(phone.put(new_id(), other)) == (422, "invalid")
    phone.put_photo(own, shot)
    assert problem(phone.put(new_id(), other)) == (422, "invalid")
    assert count(app) == 1


@pytest.mark.parametrize(
    "digest",
    ["", "sha-256=:AAAA:", "md5=:AAAA:", "sha-256=:" + "_" * 43 + "=:", "sha-512=:" + "A" * 43 + "=:"],
)
def test_a_photo_without_its_digest_is_refused(phone: Phone, digest: str):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    assert problem(phone.put_photo(own, shot, **{"Content-Digest": digest})) == (400, "malformed")


def test_a_photo_that_the_new_version_leaves_out_is_hidden_and_one_more_is_awaited(app: Flask, phone: Phone):
    own, old, new = new_id(), Shot(), Shot()
    phone.put(own, capture(old))
    phone.put_photo(own, old)
    assert phone.put(own, capture(new, rev=2, base_rev=1)).json["missing"] == [new.id]
    with app.app_context():
        assert db.session.query(Photo).one().hidden_at is not None
