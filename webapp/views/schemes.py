"""Speed-watch schemes: how they stand, their volunteers with their training, their devices, and whom to call."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import WardbookForm
from webapp.forms.schemes import CONTACT_MOST, ContactForm, DeviceForm, SchemeForm, VolunteerForm
from webapp.rules.clock import local_date
from webapp.rules.codes.speed_watch import NEEDS_CALIBRATION
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import scheme_changes, scheme_overview, schemes, speed_devices, speed_plan, volunteers
from webapp.views.access import asking, permission

pages = Blueprint("schemes", __name__, url_prefix="/speed-watch/schemes")

CHANGED = (
    "Somebody changed this while your page was open. What it is now stands below; yours is still in the form."
    " Send it again to put it in place of theirs."
)
# What a page shows: the form, with a status.
Show = Callable[[int], ResponseReturnValue]


def _today() -> date:
    return local_date(clock.now())


@pages.get("")
@permission(Permission.RUN_SCHEMES)
def index() -> ResponseReturnValue:
    """The schemes that somebody looks after: who is trained, whose refresher is due, what can be used."""
    overviews = scheme_overview.all_of(asking(), _today())
    return render_template(
        "schemes/index.html",
        overviews=overviews,
        may_make=scheme_changes.may_make(asking()),
        trained=speed_plan.on(_today()).trained if scheme_changes.may_make(asking()) else None,
        today=_today(),
    )


@pages.get("/<int:scheme_id>")
@permission(Permission.RUN_SCHEMES)
def show(scheme_id: int) -> ResponseReturnValue:
    """One scheme."""
    scheme = schemes.run_by(scheme_id, asking())
    overview = scheme_overview.of(scheme, _today())
    return render_template(
        "schemes/show.html",
        overview=overview,
        scheme=scheme,
        may_make=scheme_changes.may_make(asking()),
        sees_contacts=asking().may(Permission.CHECK_SPEEDS),
        history=scheme_changes.history_of(scheme),
        names={one.row.id: one.row.name for one in overview.volunteers},
        devices={one.row.id: one.row for one in overview.devices},
        today=_today(),
    )


@pages.route("/new", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.MAKE_SCHEMES)
def new() -> ResponseReturnValue:
    """Make a scheme."""
    form = SchemeForm()

    def page(status: int) -> ResponseReturnValue:
        return render_template("schemes/edit.html", form=form, scheme=None, is_late=False), status

    def act() -> ResponseReturnValue:
        made = scheme_changes.add(_scheme(form), asking())
        return redirect(url_for("schemes.show", scheme_id=made), 303)

    return _filled(form, page, act) if request.method == "POST" else page(200)


def _scheme(form: SchemeForm) -> scheme_changes.Given:
    return scheme_changes.Given(form.name.data or "", form.parish.data or "", bool(form.is_active.data))


def _filled(
    form: WardbookForm,
    page: Show,
    act: Callable[[], ResponseReturnValue],
    now: Callable[[], str] | None = None,
) -> ResponseReturnValue:
    """Check a form that was sent and do what it says, or show it again; `now` is the mark of what it is about."""
    if not form.validate():
        return page(422)
    try:
        return act()
    except Refused as refused:
        form.refuse(refused.errors)
        return page(422)
    except Stale:
        form.seen.data = now() if now else ""
        form.form_errors.append(CHANGED)
        return page(409)


@pages.route("/<int:scheme_id>/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.MAKE_SCHEMES)
def edit(scheme_id: int) -> ResponseReturnValue:
    """Rename a scheme, or say that it is active no more."""
    scheme = schemes.run_by(scheme_id, asking())
    known = {"seen": scheme_changes.mark(scheme), "is_active": scheme.is_active}
    known |= {"name": scheme.name, "parish": scheme.parish}
    form = SchemeForm() if request.method == "POST" else SchemeForm(formdata=None, data=known)

    def page(status: int) -> ResponseReturnValue:
        return render_template("schemes/edit.html", form=form, scheme=scheme, is_late=status == 409), status

    def act() -> ResponseReturnValue:
        scheme_changes.change(scheme_id, _scheme(form), form.seen.data or "", asking())
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    def now() -> str:
        return scheme_changes.mark(schemes.run_by(scheme_id, asking()))

    return _filled(form, page, act, now) if request.method == "POST" else page(200)


@pages.route("/<int:scheme_id>/volunteers/new", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.RUN_SCHEMES)
def new_volunteer(scheme_id: int) -> ResponseReturnValue:
    """Add a volunteer."""
    scheme = schemes.run_by(scheme_id, asking())
    form = (
        VolunteerForm()
        if request.method == "POST"
        else VolunteerForm(formdata=None, data={"is_active": True})
    )

    def act() -> ResponseReturnValue:
        volunteers.add(scheme_id, _volunteer(form), asking())
        flash(f"{form.name.data} is added.", "success")
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    def page(status: int) -> ResponseReturnValue:
        return _volunteer_page(form, scheme, None, status)

    return _filled(form, page, act) if request.method == "POST" else page(200)


def _volunteer(form: VolunteerForm) -> volunteers.Given:
    return volunteers.Given(
        name=form.name.data or "",
        user_id=form.account,
        training_type=form.training_type.data,
        trained_on=form.trained_on.data,
        refresher_due_on=form.refresher_due_on.data,
        is_over_18=bool(form.is_over_18.data),
        is_insured=bool(form.is_insured.data),
        is_active=bool(form.is_active.data),
        left_on=form.left_on.data,
    )


def _volunteer_page(form: VolunteerForm, scheme: Any, volunteer: Any, status: int) -> ResponseReturnValue:
    own = volunteer.user_id if volunteer else None
    page = render_template(
        "schemes/volunteer.html",
        form=form,
        scheme=scheme,
        volunteer=volunteer,
        accounts=[(str(value), label) for value, label in volunteers.accounts(scheme.id, asking(), own)],
        may_choose_account=scheme_changes.may_make(asking()),
        sees_contacts=asking().may(Permission.CHECK_SPEEDS),
        is_late=status == 409,
    )
    return page, status


@pages.route("/<int:scheme_id>/volunteers/<int:volunteer_id>", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.RUN_SCHEMES)
def volunteer(scheme_id: int, volunteer_id: int) -> ResponseReturnValue:
    """One volunteer as a form."""
    scheme, found = schemes.run_by(scheme_id, asking()), volunteers.find(scheme_id, volunteer_id, asking())
    form = VolunteerForm() if request.method == "POST" else _volunteer_known(found)

    def page(status: int) -> ResponseReturnValue:
        return _volunteer_page(form, scheme, found, status)

    def act() -> ResponseReturnValue:
        volunteers.change(scheme_id, volunteer_id, _volunteer(form), form.seen.data or "", asking())
        flash(f"What is known of {form.name.data} is saved.", "success")
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    def now() -> str:
        return volunteers.mark(volunteers.find(scheme_id, volunteer_id, asking()))

    return _filled(form, page, act, now) if request.method == "POST" else page(200)


def _volunteer_known(found: Any) -> VolunteerForm:
    known = {
        name: getattr(found, name)
        for name in ("name", "training_type", "is_over_18", "is_insured", "is_active")
    }
    known |= {"seen": volunteers.mark(found), "user_id": "" if found.user_id is None else str(found.user_id)}
    return _with_days(
        VolunteerForm(formdata=None, data=known), found, "trained_on", "refresher_due_on", "left_on"
    )


def _with_days(form: Any, row: Any, *names: str) -> Any:
    for name in names:
        if getattr(row, name) is not None:
            form[name].fill(getattr(row, name))
    return form


@pages.route("/<int:scheme_id>/volunteers/<int:volunteer_id>/contact", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.CHECK_SPEEDS)
def contact(scheme_id: int, volunteer_id: int) -> ResponseReturnValue:
    """Whom to call for a volunteer in an emergency: it stands on this page only."""
    scheme, found = schemes.run_by(scheme_id, asking()), volunteers.find(scheme_id, volunteer_id, asking())

    def now() -> str:
        return volunteers.contact_mark(scheme_id, volunteer_id, asking())

    if request.method == "POST":
        form = ContactForm()
    else:
        known = {"seen": now(), "contact": volunteers.contact(scheme_id, volunteer_id, asking())}
        form = ContactForm(formdata=None, data=known)

    def page(status: int) -> ResponseReturnValue:
        shown = render_template(
            "schemes/contact.html",
            form=form,
            scheme=scheme,
            volunteer=found,
            contact=volunteers.contact(scheme_id, volunteer_id, asking()),
            most=CONTACT_MOST,
        )
        return shown, status

    def act() -> ResponseReturnValue:
        words = form.contact.data or ""
        volunteers.set_contact(scheme_id, volunteer_id, words, form.seen.data or "", asking())
        flash(f"The emergency contact of {found.name} is saved.", "success")
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    return _filled(form, page, act, now) if request.method == "POST" else page(200)


@pages.route("/<int:scheme_id>/devices/new", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.RUN_SCHEMES)
def new_device(scheme_id: int) -> ResponseReturnValue:
    """Add a device."""
    scheme = schemes.run_by(scheme_id, asking())
    form = DeviceForm() if request.method == "POST" else DeviceForm(formdata=None, data={"is_active": True})

    def page(status: int) -> ResponseReturnValue:
        return _device_page(form, scheme, None, status)

    def act() -> ResponseReturnValue:
        speed_devices.add(scheme_id, _device(form), asking())
        flash("The device is added.", "success")
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    return _filled(form, page, act) if request.method == "POST" else page(200)


def _device(form: DeviceForm) -> speed_devices.Given:
    return speed_devices.Given(
        type=form.type.data or "",
        serial=form.serial.data or "",
        calibrated_on=form.calibrated_on.data,
        calibration_due_on=form.calibration_due_on.data,
        is_active=bool(form.is_active.data),
    )


def _device_page(form: DeviceForm, scheme: Any, device: Any, status: int) -> ResponseReturnValue:
    page = render_template(
        "schemes/device.html",
        form=form,
        scheme=scheme,
        device=device,
        needs=[code.label for code in form.type.codes if code.value in NEEDS_CALIBRATION],
        is_late=status == 409,
    )
    return page, status


@pages.route("/<int:scheme_id>/devices/<int:device_id>", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.RUN_SCHEMES)
def device(scheme_id: int, device_id: int) -> ResponseReturnValue:
    """One device as a form."""
    scheme, found = schemes.run_by(scheme_id, asking()), speed_devices.find(scheme_id, device_id, asking())
    if request.method == "POST":
        form = DeviceForm()
    else:
        known = {"seen": speed_devices.mark(found), "type": found.type, "serial": found.serial}
        form = DeviceForm(formdata=None, data={**known, "is_active": found.is_active})
        _with_days(form, found, "calibrated_on", "calibration_due_on")

    def page(status: int) -> ResponseReturnValue:
        return _device_page(form, scheme, found, status)

    def act() -> ResponseReturnValue:
        speed_devices.change(scheme_id, device_id, _device(form), form.seen.data or "", asking())
        flash("The device is saved.", "success")
        return redirect(url_for("schemes.show", scheme_id=scheme_id), 303)

    def now() -> str:
        return speed_devices.mark(speed_devices.find(scheme_id, device_id, asking()))

    return _filled(form, page, act, now) if request.method == "POST" else page(200)
