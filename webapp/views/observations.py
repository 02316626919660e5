"""One observation of an audit at a desk: everything about it, its change, and what officers make of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm
from webapp.forms.observation import ObservationForm
from webapp.forms.observed import AskForm
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules.clock import local_date
from webapp.rules.errors import Clash, Refused
from webapp.rules.roles import Permission
from webapp.services import (
    audit_photos,
    audits,
    captures,
    editing,
    masks,
    observed,
    photos,
    places,
    records,
    requests,
)
from webapp.services.kinds import find_captured
from webapp.views.access import asking, permission

pages = Blueprint("observations", __name__, url_prefix="/eva/<reference>/observations/<int:number>")

PHOTO_VERBS = {"release": photos.release, "hide": photos.hide}


@pages.get("")
@permission(Permission.SURVEY)
def show(reference: str, number: int) -> ResponseReturnValue:
    """One observation with its photos, its lines and what it became."""
    return _page(reference, number, AskForm(formdata=None))


def _page(reference: str, number: int, ask: AskForm, status: int = 200) -> ResponseReturnValue:
    person = asking()
    eva, one = observed.find(reference, number, person)
    audit = audits.everything(eva)
    pair = audit_photos.pairs_of(audit, sees_hidden=person.may(Permission.RELEASE))[one.id]
    made = audit.records.get(one.made_record_id) if one.made_record_id else None
    page = render_template(
        "eva/observation.html",
        audit=audit,
        eva=eva,
        one=one,
        pair=pair,
        masked=masks.masked_among(pair.photos),
        point=places.describe_known(one.latitude, one.longitude, one.accuracy_m),
        made=made,
        sees_made=made is not None and records.may_see(made.id, person),
        asked=audit.requests.get(one.id),
        numbers=[other.number for other in audit.observations],
        today=local_date(clock.now()),
        ask=ask,
        button=ActionForm(formdata=None),
        may_change=editing.may_change(one.id, person),
        may_plan=person.may(Permission.PLAN_ACTIONS),
        may_release=person.may(Permission.RELEASE),
    )
    return page, status


@pages.route("/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SURVEY)
def edit(reference: str, number: int) -> ResponseReturnValue:
    """Change an observation: a version of its own, so that a phone's is never written over. Its photos stay."""
    person = asking()
    eva, one = observed.find(reference, number, person)
    if request.method == "GET":
        if eva.closed_at is not None:
            return _back(reference, number)
        return _edited(eva, one, *editing.filled(one.id, person))
    form, base_rev = ObservationForm(), editing.known_rev(request.form.get("base_rev", ""))
    form.keep_what_fits()
    if not form.validate():
        return _edited(eva, one, form, base_rev, 422)
    typed = form.typed(request.form.lists())
    left = {name: values for name, values in typed.items() if name not in ("grade", "severity")}
    left.update({name: [form[name].data] for name in ("grade", "severity") if form[name].data})
    try:
        sent = editing.submission(find_captured("observation"), one.id, form, left, base_rev)
        captures.submit(sent, person)
    except Refused as refused:
        form.refuse(refused.errors)
        return _edited(eva, one, form, base_rev, 422)
    except Clash as clash:
        return redirect(url_for("versions.compare", capture_id=clash.capture_id), 303)
    return _back(reference, number)


def _edited(eva: Eva, one: Observation, form: Any, base_rev: int, status: int = 200) -> ResponseReturnValue:
    kind = find_captured("observation")
    page = render_template(
        "captures/observation.html",
        form=form,
        kind=kind,
        made_at=clock.now(),
        base_rev=base_rev,
        parent=eva,
        number=one.number,
        asked=requests.made_of(one.id),
    )
    return page, status


@pages.post("/fly-tip")
@permission(Permission.PLAN_ACTIONS)
def report_fly_tip(reference: str, number: int) -> ResponseReturnValue:
    """Report what was observed as fly-tipping too: its 7 days begin."""
    observed.report_fly_tip(reference, number, asking())
    return _back(reference, number, "became")


@pages.post("/request")
@permission(Permission.PLAN_ACTIONS)
def ask_for(reference: str, number: int) -> ResponseReturnValue:
    """Ask others for something that the observation needs."""
    form = AskForm()
    if not form.validate():
        return _page(reference, number, form, 422)
    try:
        observed.ask_for(reference, number, str(form.kind.data), asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(reference, number, form, 422)
    return _back(reference, number, "became")


@pages.post("/photos/<uuid:photo_id>/<verb>")
@permission(Permission.RELEASE)
def set_photo(reference: str, number: int, photo_id: UUID, verb: str) -> ResponseReturnValue:
    """Show a photo to the public, or hide it at every size."""
    if verb not in PHOTO_VERBS:
        abort(404)
    person = asking()
    eva, _ = observed.find(reference, number, person)
    try:
        PHOTO_VERBS[verb](observed.photo_of(eva, photo_id).id, person)
    except Refused as refused:
        form = AskForm(formdata=None)
        form.form_errors.append(str(refused))
        return _page(reference, number, form, 422)
    return _back(reference, number, "photos")


def _back(reference: str, number: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("observations.show", reference=reference, number=number, _anchor=anchor), 303)
