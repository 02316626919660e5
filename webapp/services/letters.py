"""What we write to people: officers' words or those that Wardbook comes with, filled from our own facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import NoticeTemplate
from webapp.models.report import Report
from webapp.rules import letters as rules
from webapp.rules.clock import in_words, local_date
from webapp.rules.codes.agencies import agency_label
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.fly_tipping import promise
from webapp.rules.letters import Words
from webapp.rules.roles import Permission, Person
from webapp.services import merging, wards
from webapp.services.rows import Rows
from webapp.services.tracking import token_of
from webapp.services.transaction import one_commit

KIND = "fly_tipping"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it is sent now; `edited_at` is None while it says what Wardbook comes with."""

    purpose: str
    words: Words
    edited_at: datetime | None = None
    edited_by: str | None = None

    @property
    def version(self) -> str:
        """What a page says of the words that it showed, so that nobody overwrites words that they never saw."""
        return _version(self.edited_at)


def write(purpose: str, report: Report, tip: FlyTip) -> Words:
    """Return the letter for this purpose about a reporter's fly-tip as it is now."""
    words, facts = words_for(purpose), _facts(report, tip)
    return Words(rules.fill(words.subject, facts), f"{rules.fill(words.text, facts).strip()}\n\n{_end()}")


def words_for(purpose: str) -> Words:
    """Return the words of one purpose: those that an officer wrote, or those that Wardbook comes with."""
    written = db.session.get(NoticeTemplate, (KIND, purpose), populate_existing=True)
    return Words(written.subject, written.text) if written else rules.DEFAULTS[purpose]


def _facts(report: Report, tip: FlyTip) -> Mapping[str, str | None]:
    main, today = merging.main_record(tip), local_date(clock.now())
    page = f"{current_app.config['BASE_URL']}/track/{token_of(report)}"
    return {
        "reference": tip.reference,
        "reported_on": in_words(local_date(report.reported_at), today),
        "ward": wards.in_use().names.get(main.ward_code or ""),
        "promise": _promise(main),
        "body": agency_label(main.responsible_body) if main.responsible_body else None,
        "cleared_on": in_words(main.cleared_on, today) if main.cleared_on else None,
        "link": page,
        "question_link": f"{page}/satisfied",
        "partnership": current_app.config["PARTNERSHIP_NAME"],
    }


def _promise(main: FlyTip) -> str:
    promised, today = promise(main.land_type, main.ownership, main.reported_on), local_date(clock.now())
    if promised.in_target:
        return f"It is on public land, and it is due to be cleared by {in_words(promised.due_on, today)}."
    answer_by = in_words(promised.answer_by, today)
    return f"We will find out whose land it is, and tell you by {answer_by} who must clear it."


def _end() -> str:
    # Rendered without Flask's page context: the worker has no request, and a letter needs none of it.
    return current_app.jinja_env.get_template("email/_end.txt").render(
        partnership=current_app.config["PARTNERSHIP_NAME"], contact=current_app.config["CONTACT_EMAIL"]
    )


def to_say(purpose: str, report: Report, tip: FlyTip) -> str:
    """Return what a letter tells somebody who is called instead: its text without links and what stands below it."""
    return rules.spoken(words_for(purpose).text, _facts(report, tip))


def listed(person: Person) -> list[Letter]:
    """Return every letter that reporters may get, in the order in which they would. Raises NotFound."""
    _refuse_others(person)
    query = select(NoticeTemplate, User.name).outerjoin(User, NoticeTemplate.edited_by_id == User.id)
    written = {
        row.purpose: Letter(row.purpose, Words(row.subject, row.text), row.edited_at, name)
        for row, name in db.session.execute(query.where(NoticeTemplate.kind == KIND))
    }
    return [written.get(purpose, Letter(purpose, words)) for purpose, words in rules.DEFAULTS.items()]


def find(purpose: str, person: Person) -> Letter:
    """Return one letter. Raises NotFound when there is none of this purpose."""
    found = next((letter for letter in listed(person) if letter.purpose == purpose), None)
    if found is None:
        raise NotFound
    return found


def preview(words: Words) -> Words:
    """Return words as a reporter would get them, about an example. Raises Refused for what cannot be filled."""
    _refuse_unfillable(words)
    example = {name: shown for name, (_, shown) in rules.PLACEHOLDERS.items()}
    return Words(rules.fill(words.subject, example), f"{rules.fill(words.text, example).strip()}\n\n{_end()}")


def rewrite(purpose: str, words: Words, seen: str | None, person: Person) -> None:
    """Let letters of one purpose say other words from now on.

    `seen` is the version that the page showed, None for callers without a page. Raises NotFound, Refused for what
    cannot be filled, Stale when somebody else wrote in the meantime.
    """
    _refuse_others(person, purpose)
    _refuse_unfillable(words)
    with one_commit() as session:
        values = {
            "subject": words.subject,
            "text": words.text,
            "edited_at": clock.now(),
            "edited_by_id": person.id,
        }
        row = session.get(NoticeTemplate, (KIND, purpose), with_for_update=True)
        _refuse_stale(row, seen)
        if row is not None:
            for name, value in values.items():
                setattr(row, name, value)
        elif not Rows(session).write_unless_there(NoticeTemplate, kind=KIND, purpose=purpose, **values):
            raise Stale


def restore(purpose: str, seen: str | None, person: Person) -> None:
    """Let letters of one purpose say again what Wardbook comes with. Raises NotFound, or Stale as `rewrite` does."""
    _refuse_others(person, purpose)
    with one_commit() as session:
        row = session.get(NoticeTemplate, (KIND, purpose), with_for_update=True)
        _refuse_stale(row, seen)
        if row is not None:
            session.delete(row)


def _refuse_others(person: Person, purpose: str = "acknowledgement") -> None:
    if not person.may(Permission.WRITE_NOTICES) or purpose not in rules.DEFAULTS:
        raise NotFound


def _refuse_unfillable(words: Words) -> None:
    problems = rules.problems(words)
    if problems:
        raise Refused(problems)


def _refuse_stale(row: NoticeTemplate | None, seen: str | None) -> None:
    if seen is not None and seen != _version(row.edited_at if row else None):
        raise Stale


def _version(edited_at: datetime | None) -> str:
    return edited_at.isoformat() if edited_at else ""
