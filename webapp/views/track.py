"""A reporter's own page, behind a link that only they have."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.forms.base import ActionForm, clean
from webapp.forms.report import AddForm, FindForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Full, Refused
from webapp.rules.fly_tipping import promise
from webapp.rules.roles import Permission
from webapp.services import feedback, fly_tipping, media, places, reporters, tracking, versions
from webapp.views import limits
from webapp.views import photos as photo_views
from webapp.views.access import asking, permission

pages = Blueprint("track", __name__)

WAIT_S, LIMIT_S = 600, 3600
NO_ROOM = "We cannot keep anything more safely just now. Wait ten minutes, then send this again."
TOO_MANY = "Very much has been added from your connection. Wait an hour, then send this again."


def _context(token: str, tracked: reporters.Tracked) -> dict[str, object]:
    # Where somebody else's report is, perhaps at their home, is not for whoever joined it: the place is their own.
    record, own = tracked.record, tracked.own
    return {
        "token": token,
        "tracked": tracked,
        "record": record,
        "own": own,
        "point": places.describe_known(own.latitude, own.longitude, own.accuracy_m),
        "promise": promise(record.land_type, record.ownership, record.reported_on),
        "today": local_date(clock.now()),
        "said": feedback.said_of(tracked.report),
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
    return _filled(token, AddForm())


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
    fly_tipping.join(tracking.find_report(token), clean(request.form.get("reference")) or "")
    return redirect(url_for("track.sent", token=token), 303)


@pages.post("/track/<token>/words")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def add(token: str) -> ResponseReturnValue:
    """Keep words or photos that the reporter adds: good photos at once, the words once all is well."""
    tracking.find_report(token)
    form = AddForm()
    if not media.has_room():
        return _come_back(token, form, NO_ROOM, 503, WAIT_S)
    if not limits.may_add():
        return _come_back(token, form, TOO_MANY, 429, LIMIT_S)
    try:
        return _add(token, form)
    except Full:
        return _come_back(token, form, NO_ROOM, 503, WAIT_S)


def _add(token: str, form: AddForm) -> ResponseReturnValue:
    is_valid, words, uploads = form.validate(), form.words.data or "", form.photos.data
    if is_valid and not words and not uploads:
        form.refuse({"words": "Write something or choose a photo, then send."})
    try:
        if uploads:
            reporters.add_photos(token, uploads)
        if is_valid and words:
            reporters.add_words(token, words)
    except Refused as refused:
        form.refuse(refused.errors)
    if is_valid and not form.error_list():
        return redirect(url_for("track.show", token=token, _anchor="added"), 303)
    return _filled(token, form), 413 if form.photos.is_too_large else 422


def _come_back(token: str, form: AddForm, sentence: str, status: int, wait_s: int) -> ResponseReturnValue:
    form.form_errors.append(sentence)
    return _filled(token, form), status, {"Retry-After": str(wait_s)}


def _filled(token: str, form: AddForm) -> str:
    return render_template("track/show.html", form=form, **_context(token, reporters.tracked(token)))


@pages.route("/track/<token>/compare", methods=["GET", "POST"])
@permission(Permission.ANYONE)
def compare(token: str) -> ResponseReturnValue:
    """Versions of one report that clash, side by side, and the choice between them."""
    report = tracking.find_report(token)
    status = 200
    if request.method == "POST":
        try:
            versions.choose(report.id, request.form.get("version", 0, type=int), asking())
            return redirect(url_for("track.show", token=token), 303)
        except Refused as refused:
            flash(str(refused), "error")
            status = 422
    found = versions.to_compare(report.id)
    page = render_template(
        "versions/compare.html",
        versions=found,
        questions=versions.differing(found),
        name=reporters.tracked(token).own.reference,
        back_url=url_for("track.show", token=token),
        button=ActionForm(),
    )
    return page, status


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
