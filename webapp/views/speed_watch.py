"""Speed-watch: a volunteer's own page, the log on a phone, and one session."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.speed_reading import SpeedReadingForm
from webapp.forms.speed_watch import SpeedWatchForm
from webapp.forms.traffic_count import TrafficCountForm
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import local_date
from webapp.rules.errors import Clash, Refused
from webapp.rules.roles import Permission
from webapp.rules.speed_figures import TAKEN_BACK
from webapp.rules.speed_start import FLAGS
from webapp.services import (
    arrival_notes,
    captures,
    editing,
    history,
    police_exports,
    reading,
    speed_figures,
    speed_rows,
    watch_home,
    watches,
)
from webapp.services.kinds import find_captured
from webapp.services.speed_watch import NOT_YOURS
from webapp.views import speed_words
from webapp.views.access import asking, permission

pages = Blueprint("speed_watch", __name__, url_prefix="/speed-watch")


def log_forms() -> dict[str, Any]:
    """Return the forms that the page of the log is made of, as a phone keeps them."""
    forms = {
        "form": SpeedWatchForm(formdata=None, meta={"csrf": False}),
        "reading": SpeedReadingForm(formdata=None, meta={"csrf": False}),
        "traffic": TrafficCountForm(formdata=None, meta={"csrf": False}),
    }
    for name, form in forms.items():
        form.form_version.data = str(form.VERSION)
        for field in form:
            # All forms stand on one page, where each id is there once.
            field.id = f"{name}-{field.id}"
    return forms


@pages.get("")
@permission(Permission.WATCH_SPEEDS)
def index() -> ResponseReturnValue:
    """Begin a session, what waits for somebody in their schemes, and the newest sessions."""
    person, today = asking(), local_date(clock.now())
    return render_template(
        "speed_watch/index.html",
        home=watch_home.of(person, today),
        today=today,
        may_run=person.may(Permission.RUN_SCHEMES),
        may_check=person.may(Permission.CHECK_SPEEDS),
        sees_retention=person.may(Permission.SEE_RETENTION),
        sees_figures=person.may(Permission.SEE_FIGURES),
    )


@pages.get("/log")
@permission(Permission.ANYONE)
def log() -> ResponseReturnValue:
    """The log, as a phone keeps it: it shows what is on the phone, with and without a connection."""
    return render_template("speed_watch/log.html", made_at=clock.now(), **log_forms())


@pages.get("/<reference>")
@permission(Permission.WATCH_SPEEDS)
def show(reference: str) -> ResponseReturnValue:
    """One session: who was there, what was counted and recorded, each vehicle, and what happened since."""
    person = asking()
    watch = watches.everything(watches.find(reference, person))
    told = history.of(watch.session, leave_out=["plates_opened"])
    return render_template(
        "speed_watch/show.html",
        watch=watch,
        session=watch.session,
        history=speed_words.history(told, watch, watches.typed_after_end(watch.session.id)),
        problems=[FLAGS[code] for code in watch.session.start_problems.split() if code in FLAGS],
        arrival=arrival_notes.of(watch.session),
        clash_words=arrival_notes.CLASH,
        contested=watches.contested(watch.session.id),
        correctable=speed_rows.correctable(watch, person),
        may_change=editing.may_change(watch.session.id, person),
        may_check=person.may(Permission.CHECK_SPEEDS),
        exports=police_exports.exports_of(watch.session.id),
        came_to=_came_to(watch.session),
    )


def _came_to(session: SpeedSession) -> Any:
    """Return what a session came to, for its crew; None while it goes on, and once it was taken back."""
    is_over = session.ended_at is not None and session.status != TAKEN_BACK
    return speed_figures.session_summary(session) if is_over else None


@pages.route("/<reference>/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.WATCH_SPEEDS)
def edit(reference: str) -> ResponseReturnValue:
    """Change a session at a desk: a version of its own, so that a phone's is never written over."""
    person = asking()
    session, kind = watches.find(reference, person), find_captured("speed_watch")
    if request.method == "GET":
        if not editing.may_change(session.id, person):
            return redirect(url_for("speed_watch.show", reference=reference), 303)
        form, base_rev = editing.filled(session.id, person)
        form.show_times()
        return _edited(session, form, base_rev)
    form, base_rev = SpeedWatchForm(), editing.known_rev(request.form.get("base_rev", ""))
    is_valid = form.validate()
    form.check_day(local_date(clock.now()))
    form.refuse_too(reading.problems(kind, session.id, form))
    if is_valid and not form.error_list() and not kind.takes_from(form.answers(), person):
        form.refuse({"device": NOT_YOURS})
    if not is_valid or form.error_list():
        return _edited(session, form, base_rev, 422)
    try:
        captures.submit(
            editing.submission(kind, session.id, form, form.typed(request.form.lists()), base_rev), person
        )
    except Refused as refused:
        form.refuse(refused.errors)
        return _edited(session, form, base_rev, 422)
    except Clash as clash:
        return redirect(url_for("versions.compare", capture_id=clash.capture_id), 303)
    return redirect(url_for("speed_watch.show", reference=reference), 303)


def _edited(session: SpeedSession, form: Any, base_rev: int, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "captures/speed_watch.html",
        form=form,
        base_rev=base_rev,
        session=session,
        **watches.offers_of(session, asking()),
    )
    return page, status
