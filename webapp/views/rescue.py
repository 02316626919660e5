"""Rescue, for officers: what a phone saved to a file is brought in; what needs somebody's decision is listed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.rescue import DecisionForm, FileForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission, Person
from webapp.services import rescue, strays, waiting
from webapp.views.access import asking, permission

pages = Blueprint("rescue", __name__)


def _page(
    form: FileForm | DecisionForm,
    brought: list[rescue.Brought] | None = None,
    status: int = 200,
    about: UUID | None = None,
) -> ResponseReturnValue:
    """Show what there is to do; `about` is the capture that a refused reason was given for."""
    person = asking()
    page = render_template(
        "rescue/show.html",
        form=form,
        file=form.file if isinstance(form, FileForm) else FileForm(formdata=None).file,
        about=about,
        brought=brought,
        strays=strays.of(person),
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
    return _decide(capture_id, waiting.set_aside, "It is set aside. The ledger keeps it.")


@pages.post("/rescue/strays/<uuid:parent>/place")
@permission(Permission.RESCUE)
def place(parent: UUID) -> ResponseReturnValue:
    """Let what waits under a session that has not come belong to another one."""
    try:
        count = strays.place(parent, request.form.get("session", ""), asking())
        flash(
            f"{count} {'goes' if count == 1 else 'go'} to that session, where they stand within a minute.",
            "success",
        )
    except Refused as refused:
        flash(str(refused), "error")
    return redirect(url_for("rescue.show"), 303)


@pages.post("/rescue/strays/<uuid:parent>/set-aside")
@permission(Permission.RESCUE)
def set_strays_aside(parent: UUID) -> ResponseReturnValue:
    """Leave what waits under a session that has not come within a week out of the records, with the reason."""
    return _decide(parent, strays.set_aside, "They are set aside, and their registrations are forgotten.")


def _decide(about: UUID, set_aside: Callable[[UUID, str, Person], None], done: str) -> ResponseReturnValue:
    form = DecisionForm()
    form.why.id = f"why-{about}"
    if not form.validate():
        return _page(form, status=422, about=about)
    try:
        set_aside(about, form.why.data or "", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(form, status=422, about=about)
    flash(done, "success")
    return redirect(url_for("rescue.show"), 303)
