"""What we write to people: officers' words or those that Wardbook comes with, filled from our own facts."""

from collections.abc import Mapping

from flask import current_app

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import NoticeTemplate
from webapp.models.report import Report
from webapp.rules import letters as rules
from webapp.rules.clock import in_words, local_date
from webapp.rules.codes.agencies import agency_label
from webapp.rules.errors import NotFound, Refused
from webapp.rules.fly_tipping import promise
from webapp.rules.letters import Words
from webapp.rules.roles import Permission, Person
from webapp.services import merging, wards
from webapp.services.tracking import token_of
from webapp.services.transaction import one_commit

KIND = "fly_tipping"


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


def preview(words: Words) -> Words:
    """Return words as a reporter would get them, about an example."""
    example = {name: shown for name, (_, shown) in rules.PLACEHOLDERS.items()}
    return Words(rules.fill(words.subject, example), f"{rules.fill(words.text, example).strip()}\n\n{_end()}")


def rewrite(purpose: str, words: Words, person: Person) -> None:
    """Let letters of one purpose say other words from now on. Raises NotFound, Refused for what cannot be filled."""
    if not person.may(Permission.WRITE_NOTICES) or purpose not in rules.DEFAULTS:
        raise NotFound
    problems = {}
    for field in ("subject", "text"):
        unknown = rules.unknown_placeholders(getattr(words, field))
        if unknown:
            problems[field] = f"{', '.join(unknown)} stands for nothing. Use the placeholders of the list."
    if problems:
        raise Refused(problems)
    with one_commit() as session:
        row = session.get(NoticeTemplate, (KIND, purpose)) or NoticeTemplate(kind=KIND, purpose=purpose)
        row.subject, row.text = words.subject, words.text
        row.edited_at, row.edited_by_id = clock.now(), person.id
        session.add(row)


def restore(purpose: str, person: Person) -> None:
    """Let letters of one purpose say again what Wardbook comes with. Raises NotFound."""
    if not person.may(Permission.WRITE_NOTICES) or purpose not in rules.DEFAULTS:
        raise NotFound
    with one_commit() as session:
        row = session.get(NoticeTemplate, (KIND, purpose))
        if row is not None:
            session.delete(row)
