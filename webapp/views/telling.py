"""Telling people by telephone: whom to call and what to say; and noting that a message came back."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.forms.base import ActionForm
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import bounces, telling
from webapp.views.access import asking, permission

pages = Blueprint("telling", __name__)

VERBS = {"told": telling.told, "not-reached": telling.not_reached}


@pages.get("/to-tell")
@permission(Permission.SEE_CONTACTS)
def index() -> ResponseReturnValue:
    """Everybody who is to be told by telephone, with the words to say."""
    return _page(ActionForm(formdata=None))


@pages.post("/to-tell/<uuid:notice_id>/<verb>")
@permission(Permission.SEE_CONTACTS)
def note(notice_id: UUID, verb: str) -> ResponseReturnValue:
    """Note what came of a call."""
    if verb not in VERBS:
        abort(404)
    try:
        VERBS[verb](notice_id, asking())
    except Refused as refused:
        form = ActionForm(formdata=None)
        form.form_errors.append(str(refused))
        return _page(form, 422)
    return redirect(url_for("telling.index"), 303)


def _page(form: ActionForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "telling/index.html", calls=telling.to_tell(asking()), form=form, button=ActionForm()
    )
    return page, status


@pages.post("/records/<reference>/messages/<uuid:notice_id>/came-back")
@permission(Permission.SEE_CONTACTS)
def came_back(reference: str, notice_id: UUID) -> ResponseReturnValue:
    """Note that a message came back: its reporter was not told by it."""
    bounces.note(reference, notice_id, asking())
    return redirect(url_for("records.show", reference=reference, _anchor="messages"), 303)
