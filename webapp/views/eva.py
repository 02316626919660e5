"""Environmental Visual Audits: the walk on a phone, one audit with its plan and results, and its change at a desk."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm, WardbookForm
from webapp.forms.eva import EvaForm
from webapp.forms.observation import ObservationForm
from webapp.models.eva import Eva
from webapp.rules import eva as rules
from webapp.rules.clock import local_date
from webapp.rules.errors import Clash, Refused
from webapp.rules.roles import Permission
from webapp.services import (
    arrival_notes,
    audit_drawing,
    audit_photos,
    audit_results,
    audits,
    captures,
    editing,
    history,
    pact_areas,
    papers,
    reading,
    records,
    wards,
)
from webapp.services.kinds import find_captured
from webapp.views.access import asking, permission

pages = Blueprint("eva", __name__, url_prefix="/eva")

STYLE, SCRIPT = "vendor/leaflet.css", "vendor/leaflet.js"

MISSING_PEOPLE = {
    "both": rules.NOBODY_FROM_OUTSIDE,
    "resident": rules.NO_RESIDENT,
    "business": rules.NO_BUSINESS,
}


def walk_forms() -> dict[str, Any]:
    """Return the forms that the walk's page is made of, as a phone keeps them."""
    forms = {
        "form": EvaForm(formdata=None, meta={"csrf": False}),
        "observation": ObservationForm(formdata=None, meta={"csrf": False}),
    }
    for form in forms.values():
        form.form_version.data = str(form.VERSION)
    for field in forms["observation"]:
        # Both forms stand on one page, where each id is there once.
        field.id = f"seen-{field.id}"
    return {**forms, "missing_people": MISSING_PEOPLE}


@pages.get("/walk")
@permission(Permission.ANYONE)
def walk() -> ResponseReturnValue:
    """The walk, as a phone keeps it: it shows what is on the phone, with and without a connection."""
    return render_template("eva/walk.html", made_at=clock.now(), **walk_forms())


@pages.get("/<reference>")
@permission(Permission.SURVEY)
def show(reference: str) -> ResponseReturnValue:
    """One audit: what was seen, what is done about it, and how far that is."""
    return page_of(reference, ActionForm(formdata=None))


def page_of(reference: str, form: WardbookForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of an audit, with what a button of it was refused for."""
    person = asking()
    audit = audits.everything(audits.find(reference, person))
    page = render_template(
        "eva/show.html",
        audit=audit,
        eva=audit.eva,
        results=audit_results.of(audit),
        pairs=audit_photos.pairs_of(audit, sees_hidden=person.may(Permission.RELEASE)),
        seen_records=records.seen_among(audit.records, person),
        arrival=arrival_notes.of(audit.eva),
        clash_words=arrival_notes.CLASH,
        history=history.of(audit.eva, leave_out=["part_arrived"]),
        areas=pact_areas.of(audit.eva.ward_code, audit.eva.parish),
        drawn=_drawn(audit),
        ward_set=wards.in_use(),
        paper=papers.of(audit.eva),
        today=local_date(clock.now()),
        may_change=editing.may_change(audit.eva.id, person),
        may_plan=person.may(Permission.PLAN_ACTIONS),
        may_publish=person.may(Permission.PUBLISH_EVAS),
        form=form,
        button=ActionForm(formdata=None),
    )
    return page, status


def _drawn(audit: audits.Audit) -> Any:
    asset = current_app.extensions["assets"]
    return audit_drawing.drawn(
        audit,
        styles=[asset(STYLE)],
        scripts=[asset(SCRIPT)],
        nonce=cast(Callable[[], str], current_app.jinja_env.globals["csp_nonce"])(),
    )


@pages.route("/<reference>/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SURVEY)
def edit(reference: str) -> ResponseReturnValue:
    """Change an audit at a desk: a version of its own, so that a phone's is never written over."""
    eva = audits.find(reference, asking())
    kind = find_captured("eva")
    if request.method == "GET":
        if eva.closed_at is not None:
            return redirect(url_for("eva.show", reference=reference), 303)
        form, base_rev = editing.filled(eva.id, asking())
        return _edited(eva, form, base_rev)
    form, base_rev = EvaForm(), editing.known_rev(request.form.get("base_rev", ""))
    is_valid = form.validate()
    form.check_day(local_date(clock.now()))
    form.refuse_too(reading.problems(kind, eva.id, form))
    if not is_valid or form.error_list():
        return _edited(eva, form, base_rev, 422)
    try:
        captures.submit(
            editing.submission(kind, eva.id, form, form.typed(request.form.lists()), base_rev), asking()
        )
    except Refused as refused:
        form.refuse(refused.errors)
        return _edited(eva, form, base_rev, 422)
    except Clash as clash:
        return redirect(url_for("versions.compare", capture_id=clash.capture_id), 303)
    return redirect(url_for("eva.show", reference=reference), 303)


def _edited(eva: Eva, form: Any, base_rev: int, status: int = 200) -> ResponseReturnValue:
    kind = find_captured("eva")
    page = render_template(
        "captures/eva.html", form=form, kind=kind, made_at=clock.now(), base_rev=base_rev, eva=eva
    )
    return page, status
