"""The link by which an agency without an account answers for one line, once. The database keeps only its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.action import Action, ActionLink, ActionUpdate
from webapp.models.notice import Notice
from webapp.models.photo import Photo
from webapp.rules import actions as rules
from webapp.rules import notices as notice_rules
from webapp.rules.contact import EMAIL
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.services import action_log, lines, work
from webapp.services.action_steps import Given, Taking, agree_first, agrees_too, apply
from webapp.services.action_tokens import is_good, new_token, token_of
from webapp.services.actions import ended
from webapp.services.lines import Line
from webapp.services.tracking import TOKEN, hash_of
from webapp.services.transaction import one_commit

GOOD_FOR = timedelta(days=30)
LONGEST_EMAIL = 254
NO_EMAIL = "Enter the agency’s email address in the form name@example.org."
NO_OWNER = "Choose first which agency owns this line: the link asks it to answer."
# What an agency may say by its link, by the step that it takes.
ANSWERS = ("agree", "begin", "complete", "refuse")


class LinkGone(NotFound):
    """A link that answers nothing any more: `why` is `used`, `old` or `unknown`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that was sent, with how its message stands."""

    link: ActionLink
    notice: Notice | None


def send(action_id: int, email: str, link_id: UUID, person: Person) -> tuple[ActionLink, str]:
    """Make a link for a line, owe it to an address, and return it with its token, to be shown this once.

    `link_id` is the page's own, so that a double tap sends one. Raises NotFound, Refused.
    """
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        line = lines.locked(session, action_id, person)
        link = session.get(ActionLink, link_id)
        if link is not None:
            if (link.action_id, link.made_by_id) != (line.id, person.id):
                raise NotFound
            return link, token_of(link)
        _refuse(line, email)
        token = new_token(link_id)
        link = ActionLink(
            id=link_id,
            action_id=line.id,
            token_hash=hash_of(token),
            email=email.strip(),
            made_at=now,
            made_by_id=person.id,
            runs_out_at=now + GOOD_FOR,
        )
        session.add(link)
        session.flush()
        owed = {"purpose": notice_rules.LINK, "state": "owed", "created_at": now, "due_at": now}
        session.add(Notice(id=uuid4(), link_id=link.id, action_id=line.id, **owed))
        action_log.write(session, line, "link", person, now)
    work.soon("notices")
    return link, token


def _refuse(line: Action, email: str) -> None:
    if line.status not in rules.OPEN:
        raise Refused({"email": ended(line)})
    if not line.owner_agency:
        raise Refused({"email": NO_OWNER})
    if not email.strip() or EMAIL.problem(email.strip()) or len(email) > LONGEST_EMAIL:
        raise Refused({"email": NO_EMAIL})


def sent_of(action: Action, person: Person) -> list[Sent]:
    """Return the links of a line with how their messages stand, newest first; none for who may send none."""
    if not person.may(Permission.PLAN_ACTIONS):
        return []
    query = select(ActionLink, Notice).outerjoin(Notice, Notice.link_id == ActionLink.id)
    query = query.where(ActionLink.action_id == action.id).order_by(ActionLink.made_at.desc())
    return [Sent(link, notice) for link, notice in db.session.execute(query)]


def behind(token: str) -> Line:
    """Return the line behind a link that can be answered by. Raises LinkGone for any other text."""
    return lines.everything(_good(db.session, token)[1])


def _good(session: Session, token: str, *, to_write: bool = False) -> tuple[ActionLink, Action]:
    link = _find(session, token, to_write=to_write)
    line = session.get_one(Action, link.action_id, with_for_update=to_write, populate_existing=True)
    if link.used_at is not None:
        raise LinkGone("used")
    if not is_good(link, line):
        raise LinkGone("old")
    return link, line


def _find(session: Session, token: str, *, to_write: bool = False) -> ActionLink:
    """Return the link of a token, held until the caller's commit where something is written. Raises LinkGone."""
    if not TOKEN.fullmatch(token):
        raise LinkGone("unknown")
    query = select(ActionLink).where(ActionLink.token_hash == hash_of(token))
    link = session.scalar(
        (query.with_for_update() if to_write else query).execution_options(populate_existing=True)
    )
    if link is None:
        raise LinkGone("unknown")
    return link


def photo_behind(token: str, photo_id: UUID) -> Photo:
    """Return a photo of what the line behind a link is about. Raises NotFound for any other."""
    seen = next((photo for photo in behind(token).before if photo.id == photo_id), None)
    if seen is None or seen.hidden_at is not None:
        raise NotFound
    return seen


def was_sent(token: str, capture_id: UUID) -> bool:
    """Return whether this very answer has been taken by this link: the second of two taps."""
    link = _find(db.session, token)
    query = select(ActionUpdate.id).where(
        ActionUpdate.capture_id == capture_id, ActionUpdate.link_id == link.id
    )
    return db.session.scalar(query) is not None


def answers_for(status: str) -> list[rules.Step]:
    """Return what an agency may say of a line in this state: that it has begun or is done also says that it agrees."""
    steps = [rules.BY_NAME[name] for name in ANSWERS]
    return [step for step in steps if status in step.before or agrees_too(status, step)]


def keep_photos(token: str, capture_id: UUID, uploads: Sequence[object]) -> None:
    """Keep photos that come with an answer, before anything else is asked. Raises LinkGone, Refused, Full."""
    behind(token)
    db.session.rollback()
    action_log.keep_photos(capture_id, uploads, ANYBODY, token)


def answer(token: str, name: str, given: Given) -> None:
    """Take an agency's answer; the link is used up with it. The same answer sent twice is one.

    Raises LinkGone, Refused with a sentence for what is missing or does not fit.
    """
    with one_commit() as session:
        # The line first, as whoever gives it to another agency has it: those two never wait for each other.
        session.get_one(Action, _find(session, token).action_id, with_for_update=True)
        link = _find(session, token, to_write=True)
        capture = action_log.begin(session, given.capture_id, ANYBODY, token)
        known = action_log.written(session, capture)
        if known is not None and known.link_id == link.id:
            return
        link, line = _good(session, token, to_write=True)
        step = next((step for step in answers_for(line.status) if step.name == name), None)
        if step is None:
            raise Refused({"answer": "Choose your answer."})
        taking = Taking(session, line, capture, given, ANYBODY, clock.now(), link.id)
        agree_first(taking, step)
        apply(taking, step)
        link.used_at = clock.now()
    work.soon("photos")
