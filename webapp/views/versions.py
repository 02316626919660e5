"""Versions that clash of what staff capture together, side by side, and the choice between them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.base import ActionForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import receipts, versions
from webapp.views.access import asking, permission
from webapp.views.words import PAGES_OF_KINDS

pages = Blueprint("versions", __name__)


def _page_of(capture_id: UUID, reference: str | None) -> str:
    """Return the page of what a capture became or is part of, which not everybody finds among the records."""
    if reference is None:
        return url_for("outbox.show")
    kind = versions.kind_of(capture_id)
    page = PAGES_OF_KINDS.get(kind.parent or kind.value, "records.show")
    return url_for(page, reference=reference)


@pages.route("/compare/<uuid:capture_id>", methods=["GET", "POST"])
@permission(Permission.SIGNED_IN)
def compare(capture_id: UUID) -> ResponseReturnValue:
    """Versions of one capture, and the choice between them by whoever may change it."""
    person = asking()
    versions.shared(capture_id, person)
    reference = receipts.of(capture_id, "", person).reference
    back_url = _page_of(capture_id, reference)
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
        masked=versions.differing_behind_masks(found),
        name=reference or "this",
        back_url=back_url,
        button=ActionForm(),
    )
    return page, status
