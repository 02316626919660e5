"""Versions that clash of what staff capture together, side by side, and the choice between them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.base import ActionForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import receipts, versions
from webapp.views.access import asking, permission

pages = Blueprint("versions", __name__)


@pages.route("/compare/<uuid:capture_id>", methods=["GET", "POST"])
@permission(Permission.SIGNED_IN)
def compare(capture_id: UUID) -> ResponseReturnValue:
    """Versions of one capture, and the choice between them by whoever may change it."""
    person = asking()
    versions.shared(capture_id, person)
    reference = receipts.of(capture_id, "", person).reference
    back_url = url_for("records.show", reference=reference) if reference else url_for("outbox.show")
    status = 200
    if request.method == "POST":
        try:
            versions.choose(capture_id, request.form.get("version", 0, type=int), person)
            return redirect(back_url, 303)
        except Refused as refused:
            flash(str(refused), "error")
            status = 422
    found = versions.to_compare(capture_id)
    page = render_template(
        "versions/compare.html",
        versions=found,
        questions=versions.differing(found),
        name=reference or "this",
        back_url=back_url,
        button=ActionForm(),
    )
    return page, status
