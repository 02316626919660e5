"""An agency without an account answers for one line by a link: once, for 30 days, and for nothing else."""

import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from tests.at_once import at_once
from tests.cast import Cast
from tests.phone import Shot
from tests.planning import IN_A_WEEK, a_line, in_state, line_of, take, walked
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.action import Action, ActionLink, ActionUpdate
from webapp.models.notice import Notice
from webapp.models.photo import Photo
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Person
from webapp.services import action_links, actions, notices
from webapp.services.action_links import LinkGone
from webapp.services.action_steps import BEFORE_AGREED, NO_DAY, NO_REASON, Given
from webapp.services.actions import Planned
from webapp.services.tracking import hash_of

TODAY = date(2026, 11, 22)
ADDRESS = "highways@agency.example"
NEEDLES = {"category": "drug_litter", "grade": None, "severity": "4", "place_text": "Stairs"}


@pytest.fixture(autouse=True)
def context(app: Flask, cast: Cast, noon: object) -> Iterator[None]:
    cast.person("Priya")
    walked(cast.client("Sunita"), {"category": "vegetation", "grade": None, "severity": "2"}, shots=[Shot()])
    with app.app_context():
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


def link(person: Person, action_id: int | None = None) -> tuple[int, str]:
    """Send a link for a line; return the line's id and the link's token."""
    action_id = action_id or a_line(person)
    return action_id, action_links.send(action_id, ADDRESS, uuid4(), person)[1]


def answer(token: str, name: str, **given: object) -> None:
    action_links.answer(token, name, Given(**{"capture_id": uuid4(), **given}))  # type: ignore[arg-type]


def why_gone(token: str) -> str:
    with pytest.raises(LinkGone) as gone:
        action_links.behind(token)
    return gone.value.why


def mails(app: Flask) -> list[EmailMessage]:
    paths = sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def states(purpose: str) -> list[str]:
    db.session.expire_all()
    return [notice.state for notice in db.session.query(Notice).filter_by(purpose=purpose)]


def test_the_link_goes_to_the_agency_and_only_its_hash_is_kept(app: Flask, owen: Person):
    action_id, token = link(owen)
    notices.send_due()
    (message,) = [one for one in mails(app) if one["To"] == ADDRESS]
    assert message["Subject"] == "Can you do this? Action 1 of EVA-2026-00001"
    text = message.get_content()
    assert f"/actions/answer/{token}" in text and "hedge" not in text
    kept = db.session.query(ActionLink).one()
    assert kept.token_hash == hash_of(token) and token not in repr(vars(kept))
    assert kept.runs_out_at == clock.now() + timedelta(days=30)
    assert states("action_link") == ["accepted"]
    assert line_of(action_id).status == "proposed"


def test_the_token_stays_the_same_after_the_secret_key_changed(owen: Person, change_key: Callable[[], None]):
    _, token = link(owen)
    change_key()
    assert action_links.token_of(db.session.query(ActionLink).one()) == token
    assert action_links.behind(token).action.number == 1


def test_a_double_tap_sends_one_link(owen: Person):
    action_id, own = a_line(owen), uuid4()
    tokens = {action_links.send(action_id, ADDRESS, own, owen)[1] for _ in range(2)}
    assert len(tokens) == 1 and states("action_link") == ["owed"]


@pytest.mark.parametrize("typed", ["", "nobody", "a b@c.example", f"{'x' * 250}@c.example"])
def test_what_is_no_address_is_told(owen: Person, typed: str):
    with pytest.raises(Refused, match="email address"):
        action_links.send(a_line(owen), typed, uuid4(), owen)


def test_no_link_for_a_line_without_an_owner_or_that_has_ended(owen: Person, cast: Cast):
    for action_id in (a_line(owen, owner_agency=None), in_state(owen, "withdrawn", owen)):
        with pytest.raises(Refused):
            link(owen, action_id)
    for name in ("Sunita", "Priya"):
        with pytest.raises(NotFound):
            action_links.send(a_line(owen), ADDRESS, uuid4(), cast.person(name))


@pytest.mark.parametrize(
    ("name", "given", "after"),
    [
        ("agree", {}, ("agreed", TODAY, None)),
        ("begin", {}, ("in_progress", TODAY, None)),
        ("complete", {"day": date(2026, 11, 20)}, ("completed", date(2026, 11, 20), date(2026, 11, 20))),
        ("refuse", {"words": "It is not our hedge"}, ("not_feasible", None, None)),
    ],
)
def test_each_answer_takes_its_step_and_nobody_with_an_account_stands_behind_it(
    owen: Person, name: str, given: dict[str, object], after: tuple[object, ...]
):
    action_id, token = link(owen)
    answer(token, name, **given)
    line = line_of(action_id)
    assert (line.status, line.agreed_on, line.completed_on) == after
    assert line.completed_by_id is None
    said = db.session.query(ActionUpdate).filter(ActionUpdate.link_id.is_not(None)).all()
    assert said and {update.by_id for update in said} == {None}


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("complete", {}, NO_DAY),
        ("complete", {"day": date(2026, 11, 19)}, BEFORE_AGREED),
        ("refuse", {"words": " "}, NO_REASON),
        ("verify", {}, "Choose your answer"),
        ("withdraw", {"words": "No"}, "Choose your answer"),
    ],
)
def test_an_answer_that_lacks_something_leaves_the_link_good(
    owen: Person, name: str, given: dict[str, object], sentence: str
):
    action_id = a_line(owen)
    take(action_id, "agree", owen, day=date(2026, 11, 20))
    _, token = link(owen, action_id)
    with pytest.raises(Refused, match=sentence[:20]):
        answer(token, name, **given)
    assert line_of(action_id).status == "agreed"
    assert action_links.behind(token).action.id == action_id


def test_a_link_works_once(owen: Person):
    _, token = link(owen)
    answer(token, "agree")
    assert why_gone(token) == "used"
    with pytest.raises(LinkGone):
        answer(token, "refuse", words="No, after all")


def test_the_same_answer_tapped_twice_at_the_same_moment_is_one(app: Flask, owen: Person):
    _, token = link(owen)
    own = uuid4()
    db.session.rollback()

    def tap() -> None:
        answer(token, "agree", capture_id=own)

    at_once(app, tap)
    assert db.session.query(ActionUpdate).filter_by(step="agree").count() == 1


def test_a_link_runs_out_after_thirty_days(owen: Person):
    _, token = link(owen)
    with clock.standing_at(clock.now() + timedelta(days=30)):
        assert why_gone(token) == "old"


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 24, "A" * 25])
def test_any_other_text_is_no_link(token: str):
    assert why_gone(token) == "unknown"


def test_a_link_of_the_owner_before_answers_for_nothing(owen: Person):
    action_id, token = link(owen)
    actions.edit(action_id, Planned("Cut it", "kent_police", IN_A_WEEK), None, owen, uuid4())
    assert why_gone(token) == "old"


def test_the_letter_of_a_link_that_is_no_longer_good_is_dropped(app: Flask, owen: Person):
    action_id, _ = link(owen)
    take(action_id, "withdraw", owen)
    notices.send_due()
    assert states("action_link") == ["dropped"] and mails(app) == []


def test_the_link_shows_the_photos_of_what_was_seen_and_no_others(owen: Person):
    seen = db.session.query(Photo).one()
    _, token = link(owen, a_line(owen, observations=[seen.capture_id]))
    assert action_links.photo_behind(token, seen.id).id == seen.id
    _, other = link(owen)
    with pytest.raises(NotFound):
        action_links.photo_behind(other, seen.id)
    seen.hidden_at = clock.now()
    db.session.commit()
    with pytest.raises(NotFound):
        action_links.photo_behind(token, seen.id)


def test_who_must_act_today_hears_of_it(app: Flask, cast: Cast, owen: Person):
    walked(cast.client("Sunita"), NEEDLES)
    notices.send_due()
    (message,) = mails(app)
    line = db.session.query(Action).one()
    assert message["To"] == "owen@wardbook.example"
    assert message["Subject"] == "Act today: drug litter, EVA-2026-00002"
    text = message.get_content()
    assert f"/actions/{line.id}" in text and "Stairs" not in text and "999" in text


@pytest.mark.parametrize("how", ["withdrawn", "closed account"])
def test_nobody_hears_of_what_is_settled_or_no_longer_theirs(app: Flask, cast: Cast, owen: Person, how: str):
    walked(cast.client("Sunita"), NEEDLES)
    line = db.session.query(Action).one()
    if how == "withdrawn":
        take(line.id, "withdraw", owen)
    else:
        db.session.query(User).filter_by(name="Owen").update({"active": False})
        db.session.commit()
    notices.send_due()
    assert set(states("urgent_action")) == {"dropped"} and mails(app) == []
