"""What we write to reporters: plain English from our own facts, and none of the words that anybody typed."""

from dataclasses import dataclass

from flask import current_app

from webapp.extensions import clock
from webapp.models.fly_tipping import FlyTip
from webapp.models.report import Report
from webapp.rules.clock import in_words, local_date
from webapp.rules.fly_tipping import promise
from webapp.services import fly_tipping, wards
from webapp.services.tracking import token_of

SUBJECTS = {
    "acknowledgement": "We have your fly-tipping report {reference}",
    "cleared": "Cleared: the fly-tipping you reported, {reference}",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one reporter."""

    subject: str
    text: str


def write(purpose: str, report: Report, tip: FlyTip) -> Letter:
    """Return the letter for this purpose about a reporter's fly-tip as it is now."""
    main = fly_tipping.main_record(tip)
    today = local_date(clock.now())
    promised = promise(main.land_type, main.ownership, main.reported_on)
    # Rendered without Flask's page context: the worker has no request, and a letter needs none of it.
    template = current_app.jinja_env.get_template(f"email/{purpose}.txt")
    text = template.render(
        reference=tip.reference,
        reported_on=in_words(local_date(report.reported_at), today),
        ward=wards.in_use().names.get(main.ward_code or ""),
        is_public_land=promised.in_target,
        due_on=in_words(promised.due_on, today),
        answer_by=in_words(promised.answer_by, today),
        cleared_on=in_words(main.cleared_on, today) if main.cleared_on else None,
        link=f"{current_app.config['BASE_URL']}/track/{token_of(report)}",
        partnership=current_app.config["PARTNERSHIP_NAME"],
        contact=current_app.config["CONTACT_EMAIL"],
    )
    return Letter(SUBJECTS[purpose].format(reference=tip.reference), text)
