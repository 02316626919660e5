"""What the server has forgotten still counts as received: no phone keeps it for that, and none brings it back."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from tests.lost_ball import LostBall, registered
from tests.phone import Phone, canonical, capture, new_id, problem, sha256
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.services import forgetting, ledger
from webapp.services.transaction import one_commit


@pytest.fixture
def plated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with app.app_context(), registered(monkeypatch, has_plates=True):
        yield


def forget(own: str) -> None:
    own_id = db.session.query(CaptureRevision).one().capture_id
    assert str(own_id) == own
    with one_commit() as session:
        forgetting.forget_content(session, [own_id])


def test_the_same_again_and_other_words_get_a_receipt_and_change_nothing(plated, cast: Cast):
    vic, own = Phone(cast.client("Vic")), new_id()
    content = capture(kind="lost_ball", answers={"vehicle_registration": "GK12 ABC"})
    first = vic.put(own, content)
    forget(own)
    other = capture(kind="lost_ball", answers={"vehicle_registration": "GK13 XYZ"})
    for sent in (content, other):
        again = vic.put(own, sent)
        # The phone takes it for its own by the number and the hash of what it sent.
        assert again.status_code == 200
        assert again.json == {**first.json, "content_sha256": sha256(canonical(sent))}
    assert db.session.query(LostBall).count() == 1
    assert db.session.query(CaptureRevision).one().payload is None


def test_a_phone_that_asks_hears_that_it_is_here_and_no_hash_of_it(plated, cast: Cast):
    vic, own = Phone(cast.client("Vic")), new_id()
    vic.put(own, capture(kind="lost_ball"))
    forget(own)
    (item,) = vic.client.get(f"/captures/status?ids={own}").json
    held = item["receipt"]
    assert (held["state"], held["content_sha256"], held["missing"]) == ("kept", None, [])
    assert held["reference"].startswith("LB-")


def test_a_later_version_is_refused_with_a_sentence(plated, cast: Cast):
    vic, own = Phone(cast.client("Vic")), new_id()
    vic.put(own, capture(kind="lost_ball"))
    forget(own)
    answer = vic.put(own, capture(kind="lost_ball", rev=2, base_rev=1))
    assert problem(answer) == (422, "invalid")
    assert ledger.DELETED in answer.json["errors"]["version"]
