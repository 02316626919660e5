"""Messages owed to people: written with what they are about, sent by the worker, never lost and hardly ever doubled.

A message is `owed`, then `sending` while it is with the mail server, then `accepted`, `failed` or `dropped`; one that
was accepted and came back is `bounced`. Nothing that a reporter typed is ever sent: anybody can type anybody's address.
Who left only a telephone number is called by an officer, who says so (`services/telling.py`).
"""

import hmac
import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.models.report import Report
from webapp.rules import lifecycle
from webapp.rules import notices as rules
from webapp.rules.clock import LONDON, local_date
from webapp.rules.letters import Words
from webapp.services import letters, mail, merging, reminders, staff_letters
from webapp.services.keys import secret_keys
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

BATCH = 50
ONE_AN_HOUR = "Another acknowledgement was sent to this mailbox within the hour."
NO_CONTACT = "The reporter withdrew the address or wants no news."
NOT_SO_ANY_MORE = "It is not so any more."
NOTHING_DUE = "Nothing is due any more, or the account or the link has ended."
CAME_BACK = "It came back: the address takes no message."
MAY_HAVE_ARRIVED = "It was handed over twice and no answer came: it may have arrived."

log = logging.getLogger(__name__)


def owe(session: Session, report: Report, purpose: str, now: datetime) -> None:
    """Write down that a reporter is owed a message, in the caller's commit, unless they want or can have none."""
    if not report.wants_to_hear or report.withdrawn_at is not None:
        return
    way = "email" if report.email else "phone"
    Rows(session).write(Notice, **{**_owed(purpose, now), "report_id": report.id, "way": way})


def owe_news(session: Session, tip: FlyTip, purpose: str, now: datetime) -> None:
    """Write down that everybody who reported a fly-tip is owed what became of it; nothing for what is ours alone."""
    if purpose not in rules.TO_REPORTERS:
        return
    session.flush()
    for report in merging.reports_in(session, tip):
        owe(session, report, purpose, now)


def owe_acknowledgement(session: Session, rows: Rows, report_id: UUID, address: str, now: datetime) -> None:
    """Write down that a reporter is owed an acknowledgement, in the caller's commit.

    A mailbox gets one an hour: a further one is written as dropped, so that nobody wonders. The unique column
    decides, so that of two reports at the same moment only one is acknowledged.
    """
    row = {**_owed("acknowledgement", now), "report_id": report_id}
    key, *older = _mailbox_keys(address)
    if older:
        # What was written before the secret key changed counts as well.
        session.execute(update(Notice).where(Notice.mailbox_key.in_(older)).values(mailbox_key=key))
    if rows.write_unless_there(Notice, **row, mailbox_key=key):
        return
    _free_mailboxes(session, now, Notice.mailbox_key == key)
    if not rows.write_unless_there(Notice, **row, mailbox_key=key):
        rows.write(Notice, **{**row, "state": "dropped", "problem": ONE_AN_HOUR})


def owe_reminders() -> bool:
    """Owe everybody whose work is due the reminder of today, from the morning on; the worker calls this.

    Of two workers at one moment only one writes it: a person has one reminder a day.
    """
    now = clock.now()
    if now.astimezone(LONDON).hour < int(current_app.config["REMINDERS_FROM_HOUR"]):
        return False
    today = local_date(now)
    told = select(Notice.user_id).where(Notice.purpose == rules.REMINDER, Notice.about_on == today)
    reminded = set(db.session.scalars(told))
    missing = [user.id for user in reminders.people() if user.id not in reminded]
    due = [
        user_id for user_id in missing if reminders.due_for(db.session.get_one(User, user_id), today).is_some
    ]
    for user_id in due:
        with one_commit() as session:
            owe_reminder(session, user_id, today, now)
    return False


def owe_reminder(session: Session, user_id: int, day: date, now: datetime) -> bool:
    """Write down that somebody of the staff is owed the reminder of a day; return whether it is the first time."""
    row = {**_owed(rules.REMINDER, now), "user_id": user_id, "about_on": day}
    return Rows(session).write_unless_there(Notice, **row)


def _owed(purpose: str, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "purpose": purpose,
        "state": "owed",
        "created_at": now,
        "due_at": now,
    }


def _mailbox_keys(address: str) -> list[str]:
    """Return what stands for a mailbox under each secret key, newest first."""
    mailbox = b"mailbox:" + rules.mailbox(address).encode()
    return [hmac.digest(key.encode(), mailbox, "sha256").hex() for key in secret_keys()]


def _free_mailboxes(session: Session, now: datetime, *narrower: object) -> None:
    """Forget which mailboxes were written to an hour or more ago."""
    over = (Notice.mailbox_key.is_not(None), Notice.created_at <= now - rules.ONE_ACKNOWLEDGEMENT_PER)
    session.execute(update(Notice).where(*over, *narrower).values(mailbox_key=None))  # type: ignore[arg-type]


def send_due() -> bool:
    """Send the messages that are due, at most BATCH; return whether there may be more to do at once."""
    with one_commit() as session:
        _free_mailboxes(session, clock.now())
    for _ in range(BATCH):
        notice_id = _take_up()
        if notice_id is None:
            return False
        _send(notice_id)
    return True


def _take_up() -> UUID | None:
    """Take up the next message: that it is being sent is committed before the mail server hears of it.

    One that is found `sending` when its time is over was left by a worker that died: nobody knows whether the mail
    server took it. It is sent once more under the same Message-ID. The second time it counts as failed: to count it
    as accepted would be to claim that somebody was told, and to send it again for ever would be worse.
    """
    while True:
        with one_commit() as session:
            now = clock.now()
            due = Notice.state.in_(("owed", "sending")), Notice.way == "email", Notice.due_at <= now
            query = (
                select(Notice).where(*due).order_by(Notice.due_at).limit(1).with_for_update(skip_locked=True)
            )
            notice = session.scalars(query).first()
            if notice is None:
                return None
            if notice.state == "sending" and not _may_repeat(session, notice):
                continue
            notice.state, notice.attempted_at = "sending", now
            notice.attempts += 1
            notice.due_at = now + rules.ABANDONED_AFTER
            return notice.id


def _may_repeat(session: Session, notice: Notice) -> bool:
    """Count an uncertain message as repeated, or as failed when it was repeated before; return whether to send it."""
    if notice.repeats >= rules.MOST_REPEATS:
        notice.state, notice.problem = "failed", MAY_HAVE_ARRIVED
        log.error("notice_failed", extra={"notice": str(notice.id), "problem": notice.problem})
        _owe_call(session, notice, clock.now())
        return False
    notice.repeats += 1
    return True


def _send(notice_id: UUID) -> None:
    notice = db.session.get_one(Notice, notice_id, populate_existing=True)
    try:
        address, letter = _addressed(notice)
    except _NotSent as reason:
        _settle(notice_id, state="dropped", problem=str(reason))
        return
    except Exception as error:
        # A letter that cannot be written, whatever the reason, must not hold up everybody else's.
        _put_off(notice_id, f"The letter could not be written ({type(error).__name__}).")
        return
    # No connection of the database is held while the mail server thinks.
    db.session.rollback()
    try:
        mail.send(address, letter.subject, letter.text, f"<{notice_id}@{mail.message_host()}>")
    except mail.MailRefused as problem:
        _fail(notice_id, str(problem))
    except mail.MailLater as problem:
        _put_off(notice_id, str(problem))
    except mail.MailUncertain as problem:
        _leave_uncertain(notice_id, str(problem))
    except Exception as error:
        # `send` tells itself when the text may have been handed over: whatever else breaks came before that.
        _put_off(notice_id, f"The message could not be handed over ({type(error).__name__}).")
    else:
        _settle(notice_id, state="accepted", accepted_at=clock.now(), problem=None)


class _NotSent(Exception):
    """There is nobody to write to, or nothing to say any more."""


def _addressed(notice: Notice) -> tuple[str, Words]:
    """Return whom a notice goes to and what it says, as both are now. Raises _NotSent."""
    if notice.report_id is None:
        found = staff_letters.addressed(notice)
        if found is None:
            raise _NotSent(NOTHING_DUE)
        return found
    report = db.session.get_one(Report, notice.report_id, populate_existing=True)
    tip = db.session.get_one(FlyTip, report.record_id, populate_existing=True)
    obstacle = why_not(notice, report, tip)
    if obstacle or not report.email:
        raise _NotSent(obstacle or NO_CONTACT)
    return report.email, letters.write(notice.purpose, report, tip)


def why_not(notice: Notice, report: Report, tip: FlyTip) -> str | None:
    """Return why nobody should be told of this any more, None when somebody should."""
    contact = report.email if notice.way == "email" else report.phone
    if not contact or not report.wants_news or report.withdrawn_at is not None:
        return NO_CONTACT
    return None if _is_still_so(notice.purpose, merging.main_record(tip)) else NOT_SO_ANY_MORE


def _is_still_so(purpose: str, main: FlyTip) -> bool:
    """Return whether what a letter would say of the end of a record still holds; what was on the way holds for ever."""
    if purpose in lifecycle.OUTCOMES:
        return main.outcome == purpose
    if purpose == "not_reopened":
        return main.closed_at is not None
    return purpose != "closed" or main.status == "closed"


def _settle(notice_id: UUID, **values: object) -> None:
    with one_commit() as session:
        session.execute(
            update(Notice).where(Notice.id == notice_id, Notice.state == "sending").values(**values)
        )


def _fail(notice_id: UUID, problem: str) -> None:
    log.error("notice_failed", extra={"notice": str(notice_id), "problem": problem})
    _end_unheard(notice_id, "sending", "failed", problem)


def came_back(notice_id: UUID) -> bool:
    """Note that an accepted message did not arrive after all; return whether there was one of this id."""
    return _end_unheard(notice_id, "accepted", "bounced", CAME_BACK)


def _end_unheard(notice_id: UUID, before: str, state: str, problem: str) -> bool:
    """Let a message in one state end in another, unheard; whoever left a telephone number too is owed a call."""
    with one_commit() as session:
        query = select(Notice).where(Notice.id == notice_id, Notice.way == "email", Notice.state == before)
        notice = session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
        if notice is None:
            return False
        notice.state, notice.problem = state, problem
        _owe_call(session, notice, clock.now())
        return True


def _owe_call(session: Session, notice: Notice, now: datetime) -> None:
    report = session.get(Report, notice.report_id) if notice.report_id else None
    if report is not None and report.phone and report.wants_to_hear and report.withdrawn_at is None:
        called = {"report_id": report.id, "way": "phone"}
        Rows(session).write(Notice, **{**_owed(notice.purpose, now), **called})


def _put_off(notice_id: UUID, problem: str) -> None:
    """Owe the message again later, or count it as failed when it has been tried for days."""
    notice = db.session.get_one(Notice, notice_id, populate_existing=True)
    again = rules.next_attempt(notice.attempts, notice.created_at, clock.now())
    if again is None:
        _fail(notice_id, problem)
    else:
        log.warning("notice_put_off", extra={"notice": str(notice_id), "problem": problem})
        _settle(notice_id, state="owed", due_at=again, problem=problem)


def _leave_uncertain(notice_id: UUID, problem: str) -> None:
    """Leave the message as a worker that died would: `_take_up` decides when its time is over."""
    log.warning("notice_uncertain", extra={"notice": str(notice_id), "problem": problem})
    _settle(notice_id, problem=problem)
