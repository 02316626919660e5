"""A reporter's own page, behind a link that only they have."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm
from webapp.forms.report import AddForm, FindForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.fly_tipping import promise
from webapp.rules.roles import Permission
from webapp.services import fly_tipping, places, reporters, tracking
from webapp.views import limits
from webapp.views import photos as photo_views
from webapp.views.access import permission

pages = Blueprint("track", __name__)


def _context(token: str, tracked: reporters.Tracked) -> dict[str, object]:
    record = tracked.record
    # Where somebody else's report is, perhaps at their home, is not for whoever joined it.
    is_theirs = record.id == tracked.report.id
    point = places.describe_known(record.latitude, record.longitude, record.accuracy_m) if is_theirs else None
    return {
        "token": token,
        "tracked": tracked,
        "record": record,
        "point": point,
        "promise": promise(record.land_type, record.ownership, record.reported_on),
        "today": local_date(clock.now()),
        "button": ActionForm(),
    }


@pages.get("/track")
@permission(Permission.ANYONE)
def find() -> ResponseReturnValue:
    """Ask for the link that came with a report."""
    return render_template("track/find.html", form=FindForm())


@pages.post("/track")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def go() -> ResponseReturnValue:
    """Go to a reporter's page from the link or code they typed."""
    form = FindForm()
    if form.validate():
        return redirect(url_for("track.show", token=form.token), 303)
    return render_template("track/find.html", form=form), 422


@pages.get("/track/<token>")
@permission(Permission.ANYONE)
def show(token: str) -> ResponseReturnValue:
    """What happened to a report so far."""
    return render_template("track/show.html", form=AddForm(), **_context(token, reporters.tracked(token)))


@pages.get("/track/<token>/sent")
@permission(Permission.ANYONE)
def sent(token: str) -> ResponseReturnValue:
    """The confirmation: reference, due date, what happens next, and whether it was reported already, unless asked."""
    tracked = reporters.tracked(token)
    near = () if request.args.get("asked") else fly_tipping.near_report(tracked.report)
    return render_template("track/sent.html", near=near, **_context(token, tracked))


@pages.post("/track/<token>/join")
@permission(Permission.ANYONE)
def join(token: str) -> ResponseReturnValue:
    """The reporter says that theirs is the same as another open report."""
    fly_tipping.join(tracking.find_report(token), request.form.get("reference", ""))
    return redirect(url_for("track.sent", token=token), 303)


@pages.post("/track/<token>/words")
@permission(Permission.ANYONE)
@limits.additions
def add(token: str) -> ResponseReturnValue:
    """Keep words or photos that the reporter adds."""
    form = AddForm()
    try:
        if form.validate():
            reporters.add(token, form.words.data or "", form.photos.data)
            return redirect(url_for("track.show", token=token, _anchor="added"), 303)
    except Refused as refused:
        form.refuse(refused.errors)
    return render_template("track/show.html", form=form, **_context(token, reporters.tracked(token))), 422


@pages.route("/track/<token>/withdraw", methods=["GET", "POST"])
@permission(Permission.ANYONE)
def withdraw(token: str) -> ResponseReturnValue:
    """Ask whether, then remove the reporter's contact; the record and its clock stay."""
    if request.method == "POST":
        reporters.withdraw(token)
        return redirect(url_for("track.show", token=token), 303)
    return render_template("track/withdraw.html", **_context(token, reporters.tracked(token)))


@pages.get("/track/<token>/photos/<uuid:photo_id>/<size>")
@permission(Permission.ANYONE)
def photo(token: str, photo_id: UUID, size: str) -> ResponseReturnValue:
    """A photo that this reporter may see: their own, and what an officer released."""
    tracked = reporters.tracked(token)
    seen = next((photo for photo in (*tracked.before, *tracked.after) if photo.id == photo_id), None)
    if seen is None or size not in photo_views.SIZES:
        abort(404)
    return photo_views.answer(seen, size)
