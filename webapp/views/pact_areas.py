"""PACT areas: the public list and pages, and for officers adding, changing, removing, and naming concerns."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm
from webapp.forms.pact_areas import ConcernsForm, PactAreaForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import pact_areas, pact_priorities, speed_plan, speed_sites, wards
from webapp.services.pact_areas import Area, Given
from webapp.views.access import asking, permission

pages = Blueprint("pact_areas", __name__, url_prefix="/pact-areas")

CHANGED = (
    "Somebody changed this area while your page was open. What it is now stands below; yours is still in the form."
    " Send it again to put it in place of theirs."
)


@pages.get("")
@permission(Permission.ANYONE)
def index() -> ResponseReturnValue:
    """All areas with their wards and parishes."""
    may_set = asking().may(Permission.SET_PACT_AREAS)
    return render_template("pact_areas/index.html", areas=pact_areas.listed(), may_set=may_set)


@pages.get("/<int:area_id>")
@permission(Permission.ANYONE)
def show(area_id: int) -> ResponseReturnValue:
    """One area: where it is, through whom its panel is reached, and what became of the audits in it."""
    area, today = pact_areas.find(area_id), local_date(clock.now())
    concerns = pact_priorities.current(area_id, today)
    return render_template(
        "pact_areas/show.html",
        area=area,
        concerns=concerns,
        speeding=speed_plan.concerned_in(area, concerns, today),
        opens=asking().may(Permission.SEE_FIGURES),
        asked=len(speed_sites.of_area(area_id)),
        today=today,
        audits=pact_areas.shown_audits(area),
        may_set=asking().may(Permission.SET_PACT_AREAS),
    )


@pages.route("/new", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SET_PACT_AREAS)
def new() -> ResponseReturnValue:
    """Add an area."""
    form = PactAreaForm()
    form.offer(wards.in_use().names)
    if request.method == "POST" and form.validate():
        try:
            added = pact_areas.add(_given(form), asking())
            return redirect(url_for("pact_areas.show", area_id=added), 303)
        except Refused as refused:
            form.refuse(refused.errors)
    return _page(form, None, 422 if form.error_list() or form.form_errors else 200)


def _given(form: PactAreaForm) -> Given:
    return Given(
        name=form.name.data or "",
        contact_role=form.contact_role.data or "",
        wards=form.wards.answers(),
        parishes=form.parish_names,
    )


@pages.get("/<int:area_id>/edit")
@permission(Permission.SET_PACT_AREAS)
def edit(area_id: int) -> ResponseReturnValue:
    """An area as a form."""
    area = pact_areas.find(area_id)
    known = {
        "seen": area.mark,
        "name": area.name,
        "contact_role": area.contact_role,
        "wards": area.wards,
        "parishes": "\n".join(area.parishes),
    }
    form = PactAreaForm(formdata=None, data=known)
    form.offer(wards.in_use().names, area.wards)
    return _page(form, area)


@pages.post("/<int:area_id>/edit")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SET_PACT_AREAS)
def change(area_id: int) -> ResponseReturnValue:
    """Change an area."""
    area, form = pact_areas.find(area_id), PactAreaForm()
    form.offer(wards.in_use().names, area.wards)
    if not form.validate():
        return _page(form, area, 422)
    try:
        pact_areas.change(area_id, _given(form), form.seen.data or "", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(form, area, 422)
    except Stale:
        area = pact_areas.find(area_id)
        form.seen.data = area.mark
        form.form_errors.append(CHANGED)
        return _page(form, area, 409)
    return redirect(url_for("pact_areas.show", area_id=area_id), 303)


def _page(form: PactAreaForm, area: Area | None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "pact_areas/edit.html", form=form, area=area, button=ActionForm(), is_late=status == 409
    )
    return page, status


@pages.post("/<int:area_id>/remove")
@permission(Permission.SET_PACT_AREAS)
def remove(area_id: int) -> ResponseReturnValue:
    """Remove an area."""
    pact_areas.remove(area_id, asking())
    flash("The area is removed.", "success")
    return redirect(url_for("pact_areas.index"), 303)


@pages.route("/<int:area_id>/concerns", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SET_PACT_AREAS)
def concerns(area_id: int) -> ResponseReturnValue:
    """The three concerns that the panel names, from a day on."""
    area, today = pact_areas.find(area_id), local_date(clock.now())
    if request.method == "GET":
        return _concerns_page(area, _known_concerns(area_id, today))
    form = ConcernsForm()
    if not form.validate():
        return _concerns_page(area, form, 422)
    try:
        named = pact_priorities.Named(form.named(), form.from_on.data)
        pact_priorities.name(area_id, named, form.seen.data or "", asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _concerns_page(area, form, 422)
    except Stale:
        form.seen.data = pact_priorities.mark(area_id)
        form.form_errors.append(CHANGED)
        return _concerns_page(area, form, 409)
    return redirect(url_for("pact_areas.show", area_id=area_id), 303)


def _known_concerns(area_id: int, today: date) -> ConcernsForm:
    form = ConcernsForm(formdata=None, data={"seen": pact_priorities.mark(area_id)})
    form.concerns.rows = [
        {"concern": one.concern, "words": one.words} for one in pact_priorities.current(area_id, today)
    ]
    form.from_on.fill(today)
    return form


def _concerns_page(area: Area, form: ConcernsForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "pact_areas/concerns.html",
        form=form,
        area=area,
        blank=max(0, pact_priorities.MOST - len(form.concerns.rows)),
        now=pact_priorities.current(area.id, local_date(clock.now())),
        is_late=status == 409,
    )
    return page, status
