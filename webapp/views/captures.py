"""The page of each survey kind that anyone or staff fill in: it posts once and works without JavaScript."""

import secrets
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf
from webapp.models.record import Record
from webapp.rules.clock import local_date
from webapp.rules.errors import Clash, Full, Gone, NotFound, Refused
from webapp.rules.roles import ANYBODY, Permission
from webapp.services import captures, fly_tipping, media, parts, photos, reading, receipts, wards
from webapp.services.kinds import ENTERED, Kind, Part, captured
from webapp.views import limits
from webapp.views.access import asking, permission
from webapp.views.words import PAGES_OF_KINDS

pages = Blueprint("captures", __name__)

SECRET_LEAST = 16
WAIT_S = 600
TOO_MANY = "We have had very many reports from your connection. Wait ten minutes, then send this one again."
NO_ROOM = "We cannot keep new reports safely just now. Wait ten minutes, then send this one again."


def _page_of(kind: Kind | Part) -> Any:
    @permission(kind.permission)
    def view() -> ResponseReturnValue:
        return _send(kind) if request.method == "POST" else _show(kind, _begun(kind.form()))

    view.__name__ = f"new_{kind.value}"
    # The form checks its own token, so that an old page comes back filled instead of losing what was typed.
    csrf.exempt(view)
    return view


def _entry_page(kind: Kind) -> Any:
    """Return the page on which staff write down what somebody told them: the same kind with more questions."""

    @permission(Permission.ENTER_REPORTS)
    def view() -> ResponseReturnValue:
        return _send(kind) if request.method == "POST" else _show(kind, _begun(kind.form()))

    view.__name__ = f"enter_{kind.value}"
    # The form checks its own token, so that an old page comes back filled instead of losing what was typed.
    csrf.exempt(view)
    return view


def _begun(form: Any) -> Any:
    form.begin(local_date(clock.now()))
    return _fresh(form)


def _fresh(form: Any) -> Any:
    if "part_of" in form and form.part_of.uuid is None:
        form.part_of.data = request.args.get("part_of", "")
    form.capture_id.data = str(uuid4())
    form.capture_secret.data = secrets.token_urlsafe(24)
    form.captured_at.data = clock.now().isoformat()
    form.form_version.data = form.form_version.data or str(form.VERSION)
    return form


def _show(
    kind: Kind | Part, form: Any, status: int = 200, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    owner = form.capture_id.uuid
    kept = captures.staged(owner, form.capture_secret.data, asking()) if owner and status != 200 else []
    page = render_template(
        f"captures/{kind.value}.html",
        form=form,
        kind=kind,
        kept=kept,
        made_at=clock.now(),
        parent=_parent_of(form),
        **kind.offers(asking()),
    )
    return page, status, headers or {}


def _parent_of(form: Any) -> Record | None:
    return parts.parent_with(form.part_of.uuid, asking()) if "part_of" in form else None


def _send(kind: Kind | Part) -> ResponseReturnValue:
    form = kind.form()
    if form.capture_id.uuid is None or len(form.capture_secret.data or "") < SECRET_LEAST:
        _fresh(form)
    if not media.has_room():
        return _come_back(kind, form, NO_ROOM, 503)
    # Whoever enters what others told them sends many from one address.
    if "channel" not in form and not limits.may_submit():
        return _come_back(kind, form, TOO_MANY, 429)
    return _submit(kind, form)


def _come_back(kind: Kind | Part, form: Any, sentence: str, status: int) -> ResponseReturnValue:
    form.form_errors.append(sentence)
    return _show(kind, form, status, {"Retry-After": str(WAIT_S)})


def _submit(kind: Kind | Part, form: Any) -> ResponseReturnValue:
    person, capture_id, secret = asking(), form.capture_id.uuid, form.capture_secret.data
    is_valid = form.validate()
    form.check_day(local_date(clock.now()))
    try:
        if "photos" in form and form.photos.data:
            captures.stage(kind, capture_id, secret, form.photos.data, person)
        if not is_valid or form.error_list():
            _refuse_rest(kind, form)
            return _show(kind, form, 413 if "photos" in form and form.photos.is_too_large else 422)
        if not _begins_well(kind, form):
            return _show(kind, form, 422)
        receipt = captures.submit(_submission(kind, form), person)
    except Refused as refused:
        form.refuse(refused.errors)
        _refuse_rest(kind, form)
        return _show(kind, form, 422)
    except Clash as clash:
        return _already_sent(clash, form)
    except Full:
        return _come_back(kind, form, NO_ROOM, 503)
    except (Gone, NotFound):
        # The id belongs to somebody else, or was taken back: what was typed is kept under a new one.
        form.form_errors.append("This page was used before. Check your answers and send them again.")
        return _show(kind, _fresh(form), 422)
    if "channel" in form:
        return redirect(url_for("records.show", reference=receipt.reference), 303)
    parent = _parent_of(form)
    if isinstance(kind, Part) and parent is not None and receipt.reference is not None:
        if receipt.reference != parent.reference:
            flash(f"The {kind.noun} is kept, and reported as {receipt.reference} too.", "success")
        return redirect(url_for(PAGES_OF_KINDS[parent.kind], reference=parent.reference), 303)
    if receipt.token is None and receipt.reference is not None:
        # Nobody but staff follows it.
        page = PAGES_OF_KINDS.get(kind.value, "records.show")
        return redirect(url_for(page, reference=receipt.reference), 303)
    if receipt.token is None:
        # It waits for something else to arrive, or for an officer: there is no record to show yet.
        return redirect(url_for("outbox.show"), 303)
    # Only the page that asked about reports nearby sends an answer, which may be "none of them".
    asked = 1 if "joins" in request.form else None
    return redirect(url_for("track.sent", token=receipt.token, asked=asked), 303)


def _refuse_rest(kind: Kind | Part, form: Any) -> None:
    """Say in the same round what services would refuse, such as a place that is none."""
    capture_id = form.capture_id.uuid
    kept = captures.staged(capture_id, form.capture_secret.data, asking())
    in_photo = photos.stored_place(kept) if "photo_place" in form and form.photo_place.data else None
    form.refuse_too(reading.problems(kind, capture_id, form, in_photo))


def _begins_well(kind: Kind | Part, form: Any) -> bool:
    """Return whether what the page describes may begin; what has been held already, or came before, is kept."""
    is_over = "has_been_held" in form and form.has_been_held.data
    if is_over or receipts.is_known(form.capture_id.uuid):
        return True
    form.refuse(kind.may_begin(form.answers(), asking()))
    return not form.error_list()


def _submission(kind: Kind | Part, form: Any) -> captures.Submission:
    parent = form.part_of.uuid if "part_of" in form else None
    return captures.Submission(
        kind=kind,
        capture_id=form.capture_id.uuid,
        secret=form.capture_secret.data,
        captured_at=form.captured_at.moment,
        form_version=form.version,
        channel=form.channel.data if "channel" in form else "web",
        answers=form.answers(),
        content={
            "kind": kind.value,
            "form_version": form.version,
            "captured_at": form.captured_at.data,
            "answers": form.typed(request.form.lists()),
            "photos": [],
            "parent": str(parent) if parent else None,
        },
        parent=parent,
    )


def _already_sent(clash: Clash, form: Any) -> ResponseReturnValue:
    if clash.token is None:
        return redirect(url_for("versions.compare", capture_id=clash.capture_id), 303)
    page = render_template(
        "track/already_sent.html",
        reference=clash.reference,
        token=clash.token,
        words=form.description.data or "",
    )
    return page, 409


@pages.get("/fly-tipping/nearby")
@permission(Permission.ANYONE)
@limits.look_ups
def nearby() -> ResponseReturnValue:
    """Open reports near a point, as a fragment for the report page; empty when there are none."""
    latitude, longitude = request.args.get("latitude", type=float), request.args.get("longitude", type=float)
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return "", 200
    return render_template("captures/nearby.html", found=fly_tipping.nearby(latitude, longitude))


@pages.get("/wards.geojson")
@permission(Permission.ANYONE)
def ward_outlines() -> ResponseReturnValue:
    """The wards in use, for maps."""
    answer = current_app.response_class(wards.in_use().outlines, mimetype="application/geo+json")
    answer.cache_control.max_age = 3600
    # The answer to somebody signed in renews their cookie, which no cache may hand to others.
    answer.cache_control.public = asking() is ANYBODY
    answer.cache_control.private = None if asking() is ANYBODY else True
    answer.set_etag(f"wards-{wards.in_use().id}")
    return answer.make_conditional(request)


for _kind in ENTERED:
    pages.add_url_rule(
        f"/{_kind.slug}/enter", f"enter_{_kind.value}", _entry_page(_kind), methods=["GET", "POST"]
    )
for _one in captured():
    pages.add_url_rule(f"/{_one.slug}/new", _one.value, _page_of(_one), methods=["GET", "POST"])
