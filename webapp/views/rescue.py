"""Rescue, for officers: what a phone saved to a file is brought in; what needs somebody's decision is listed."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.base import clean
from webapp.forms.rescue import DecisionForm, FileForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import rescue, waiting
from webapp.views.access import asking, permission

pages = Blueprint("rescue", __name__)


def _page(
    form: FileForm, brought: list[rescue.Brought] | None = None, status: int = 200
) -> ResponseReturnValue:
    person = asking()
    page = render_template(
        "rescue/show.html",
        form=form,
        brought=brought,
        held=waiting.to_decide(person),
        flagged=rescue.without_role(person),
        button=DecisionForm(formdata=None),
    )
    return page, status


@pages.get("/rescue")
@permission(Permission.RESCUE)
def show() -> ResponseReturnValue:
    """Bring in a file; what waits for a decision; what came from people without a role."""
    return _page(FileForm(formdata=None))


@pages.post("/rescue")
@permission(Permission.RESCUE)
def bring_in() -> ResponseReturnValue:
    """Keep what a saved outbox holds, and say what became of each part of it."""
    form = FileForm()
    file = request.files.get("file")
    try:
        brought = rescue.bring_in(file.read() if file else b"", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(form, status=422)
    return _page(FileForm(formdata=None), brought)


@pages.post("/rescue/<uuid:capture_id>/accept")
@permission(Permission.RESCUE)
def accept(capture_id: UUID) -> ResponseReturnValue:
    """Make a record of a capture that waits for an officer."""
    try:
        waiting.accept(capture_id, asking())
        flash("It is a record now.", "success")
    except Refused as refused:
        flash(f"It cannot be made a record as it is: {refused}", "error")
    return redirect(url_for("rescue.show"), 303)


@pages.post("/rescue/<uuid:capture_id>/set-aside")
@permission(Permission.RESCUE)
def set_aside(capture_id: UUID) -> ResponseReturnValue:
    """Leave a capture out of the records, with the reason."""
    why = clean(request.form.get("why")) or ""
    if not why:
        flash("Say why it is set aside: the history keeps it.", "error")
        return redirect(url_for("rescue.show"), 303)
    waiting.set_aside(capture_id, why[:500], asking())
    flash("It is set aside. The ledger keeps it.", "success")
    return redirect(url_for("rescue.show"), 303)
