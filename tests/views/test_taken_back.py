"""What is taken back is seen no more, and what pages send by hand breaks nothing."""

from uuid import UUID

import pytest
from flask import Flask

from tests.at_once import at_once, meet_after
from tests.auditing import Walked, shot, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.planning import post
from tests.walking import observation, walk
from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.photo import PhotoMask
from webapp.services import editing, paper_work, publishing, typesetting

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    return walked(app, cast)


def press(cast: Cast, address: str, **typed: object) -> object:
    owen = cast.client("Owen")
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    return owen.post(address, data={"csrf_token": token, **typed})


def printed(audit: Walked, cast: Cast) -> None:
    with audit.app.app_context():
        publishing.ask_for_paper(audit.reference, cast.person("Owen"))
        paper_work.make_waiting()
    assert cast.client("Sunita").get(f"{audit.page}/results.pdf").status_code == 200


def test_photos_of_what_was_taken_back_are_seen_by_nobody_any_more_and_in_no_pdf(
    app: Flask, audit: Walked, cast: Cast
):
    own = audit.see(shot())
    audit.unfold()
    (photo,) = audit.photo_ids()
    audit.release(photo)
    printed(audit, cast)
    assert app.test_client().get(f"/photos/{photo}/large").status_code == 200
    assert audit.phone.delete(str(own)).status_code == 200
    for somebody in (app.test_client(), cast.client("Sunita")):
        assert somebody.get(f"/photos/{photo}/large").status_code == 404
    assert cast.client("Sunita").get(f"{audit.page}/results.pdf").status_code == 404


def test_a_photo_that_its_sender_takes_away_takes_the_pdf_with_it(audit: Walked, cast: Cast):
    own = audit.see(shot())
    audit.unfold()
    printed(audit, cast)
    audit.phone.put(str(own), {**observation(audit.id), "rev": 2, "base_rev": 1})
    assert cast.client("Sunita").get(f"{audit.page}/results.pdf").status_code == 404


def test_a_walk_that_was_taken_back_stays_and_is_not_offered_to_be_changed(audit: Walked, cast: Cast):
    link = f'href="{audit.page}/edit"'
    assert link in cast.client("Owen").get(audit.page).text
    assert audit.phone.delete(str(audit.id)).status_code == 200
    assert cast.client("Owen").get(f"{audit.page}/edit").status_code == 404
    page = cast.client("Owen").get(audit.page)
    assert page.status_code == 200 and link not in page.text


def test_two_workers_that_make_one_pdf_at_once_leave_it_to_be_opened(
    app: Flask, audit: Walked, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    audit.see()
    with app.app_context():
        publishing.ask_for_paper(audit.reference, cast.person("Owen"))
    meet_after(monkeypatch, typesetting, "typeset")
    at_once(app, paper_work.make_waiting)
    answer = cast.client("Sunita").get(f"{audit.page}/results.pdf")
    assert answer.status_code == 200 and answer.content_length == len(answer.data)


@pytest.mark.parametrize(
    ("x", "y", "width", "height"),
    [
        ("100", "0", "0.01", "5"),
        ("0", "100", "5", "0.04"),
        ("5", "5", "5e-324", "5"),
        ("nan", "0", "1", "1"),
        ("-1", "0", "1", "1"),
    ],
)
def test_an_area_that_covers_nothing_is_refused(
    app: Flask, audit: Walked, cast: Cast, x: str, y: str, width: str, height: str
):
    audit.see(shot())
    audit.unfold()
    address = f"/photos/{audit.photo_ids()[0]}/mask"
    typed = {"areas-x": x, "areas-y": y, "areas-width": width, "areas-height": height}
    assert press(cast, address, **typed).status_code == 422
    with app.app_context():
        assert db.session.query(PhotoMask).count() == 0


@pytest.mark.parametrize("said", ["-5", "abc", "2147483647", "9" * 30, ""])
def test_a_version_that_a_page_never_had_is_kept_beside_the_one_that_counts(
    app: Flask, audit: Walked, cast: Cast, said: str
):
    audit.see()
    changes = {
        f"{audit.page}/edit": walk(title="Another")["answers"],
        f"{audit.page}/observations/1/edit": observation(audit.id, note="Another")["answers"],
    }
    for address, typed in changes.items():
        answer = press(cast, address, **{**typed, "base_rev": said})
        assert answer.status_code == 303 and "/compare/" in answer.headers["Location"]
    with app.app_context():
        assert {one.rev for one in db.session.query(Capture).filter_by(kind="eva")} == {1}


def test_a_page_s_version_is_a_whole_number_that_a_phone_could_send() -> None:
    assert [editing.known_rev(said) for said in ("1", "1000000", "1000001", "٣")] == [1, 1_000_000, 0, 3]


def test_asking_after_words_about_a_line_hides_no_other_capture(audit: Walked, cast: Cast):
    line, owen = audit.line(status="proposed"), cast.client("Owen")
    page = hidden_fields(owen.get(f"/actions/{line}/steps/note").text)
    assert post(owen, f"/actions/{line}/steps/note", page, words="Seen").status_code == 303
    answer = owen.get(f"/captures/status?ids={audit.id},{page['capture_id']}")
    assert [UUID(one["id"]) for one in answer.json if one["receipt"]] == [UUID(audit.id)]
