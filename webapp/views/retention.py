"""What was forgotten when its time had come: the report of each run, and what the next one would forget."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.rules.plate_retention import DAYS_AFTER_ACCEPTANCE, REASONS
from webapp.rules.roles import Permission
from webapp.services import plate_retention
from webapp.views.access import permission

pages = Blueprint("retention", __name__)


@pages.get("/retention")
@permission(Permission.SEE_RETENTION)
def show() -> ResponseReturnValue:
    """The newest runs with their counts by reason, and what is due now."""
    return render_template(
        "retention/show.html",
        runs=plate_retention.runs(),
        due=plate_retention.would_forget(),
        reasons=REASONS,
        days=DAYS_AFTER_ACCEPTANCE,
    )
