"""Conditions on records by their reporter: told or not, satisfied or not, and when what they reported ended.

Each report has a record of its own, so a list of records by these has exactly one line for each reporter. For a
duplicate, the end of the record that stands for it counts.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, case, exists, func, select

from webapp.models.feedback import Satisfaction
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import STATES, Notice
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.clock import LONDON
from webapp.rules.codes.feedback import DONT_KNOW, SATISFIED
from webapp.rules.letters import ASKING
from webapp.rules.notices import OUTCOME_TOLD

# All states but the accepted one. Said this way round, or SQLite looks through everything that was ever accepted for
# each reporter, by the index that the worker finds its next message with.
UNHEARD = tuple(state for state in STATES if state != "accepted")
TIP = FlyTip.__table__.c
MAIN = Record.__table__.alias("stands_for_it")

# When the record that stands for a report ended, NULL while it is open. Only a duplicate looks at another record.
ended_at = case(
    (Record.status != "duplicate", Record.closed_at),
    else_=select(MAIN.c.closed_at)
    .where(TIP.id == Record.id, MAIN.c.id == TIP.duplicate_of_id)
    .correlate(Record)
    .scalar_subquery(),
)
HAS_ENDED = ended_at.is_not(None)


def ended_since(day: date) -> ColumnElement[bool]:
    """Return the condition that what was reported ended on a London date or later."""
    return ended_at >= _midnight(day)


def ended_until(day: date) -> ColumnElement[bool]:
    """Return the condition that what was reported ended on a London date or earlier."""
    return ended_at < _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


def _reporter(*fits: Any) -> Exists:
    return exists().where(Report.record_id == Record.id, *fits)


def _was_sent(purposes: frozenset[str], *fits: Any) -> Exists:
    """Return the condition that a reporter got a message of these once it had ended: accepted, and not bounced."""
    got = (Notice.purpose.in_(sorted(purposes)), Notice.created_at >= ended_at)
    return _reporter(Notice.report_id == Report.id, Notice.state.not_in(UNHEARD), *got, *fits)


def _answered(*fits: Any) -> Exists:
    return _reporter(Satisfaction.report_id == Report.id, *fits)


IS_CONTACTABLE = _reporter(
    Report.wants_news,
    Report.withdrawn_at.is_(None),
    (func.coalesce(Report.email, "") != "") | (func.coalesce(Report.phone, "") != ""),
)
IS_TOLD = and_(IS_CONTACTABLE, _was_sent(frozenset(OUTCOME_TOLD)))
WAS_ASKED = _was_sent(ASKING, Notice.way == "email")
HAS_ANSWERED = _answered()

# By the value of the filter; all of them are about what has ended.
REPORTERS: Mapping[str, ColumnElement[bool]] = {
    "contactable": and_(HAS_ENDED, IS_CONTACTABLE),
    "told": and_(HAS_ENDED, IS_TOLD),
    "not_told": and_(HAS_ENDED, IS_CONTACTABLE, ~IS_TOLD),
    "no_contact": and_(HAS_ENDED, _reporter(), ~IS_CONTACTABLE),
    "asked": and_(HAS_ENDED, WAS_ASKED),
    "asked_answered": and_(HAS_ENDED, WAS_ASKED, HAS_ANSWERED),
    "answered": and_(HAS_ENDED, HAS_ANSWERED),
    "with_opinion": and_(HAS_ENDED, _answered(Satisfaction.answer != DONT_KNOW)),
    "satisfied": and_(HAS_ENDED, _answered(Satisfaction.answer.in_(sorted(SATISFIED)))),
    "dont_know": and_(HAS_ENDED, _answered(Satisfaction.answer == DONT_KNOW)),
}
