"""The capture protocol: how a phone sends what it kept, by the same forms and services as the pages. JSON only.

Every address may be asked by anyone: whose a capture is, is told by the account, or by the secret that its phone made.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, jsonify, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from webapp.extensions import clock, csrf
from webapp.forms import envelope
from webapp.rules.captures import CAPTURE_BYTES, MOST_IDS, MOST_IN_A_BATCH
from webapp.rules.errors import Full, NotFound, NotSignedIn, StaleToken
from webapp.rules.photos import ENDINGS, MOST_BYTES
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.services import arrivals, captures, drafts, media, packs, reading, receipts
from webapp.services.kinds import find_captured
from webapp.views import bodies, limits, openapi, problems, shapes
from webapp.views.access import asking, permission
from webapp.views.openapi import described

pages = Blueprint("capture_api", __name__)

BATCH_BYTES = 8 * 1024 * 1024
DRAFT_BYTES = 512 * 1024
SECRET_LEAST, SECRET_MOST = 16, 200
View = Callable[..., ResponseReturnValue]


def _protocol(rule: str, method: str, **what: Any) -> Callable[[View], View]:
    """Return a decorator that makes a view one of the protocol's, with its description."""

    def register(view: View) -> View:
        view = permission(Permission.ANYONE)(described(**what)(view))
        if method != "GET":
            # What changes something proves itself by a header, and is told in JSON when it cannot.
            csrf.exempt(view)
        pages.add_url_rule(rule, view.__name__, view, methods=[method])
        return view

    return register


@_protocol("/session", "GET", gives={200: shapes.Session})
def get_session() -> ResponseReturnValue:
    """Who is signed in, the token for what they send next, and the server's time."""
    person = asking()
    user = None
    if person.id is not None:
        user = shapes.Person(
            id=person.id, name=current_user.name or current_user.email, roles=list(person.roles)
        )
    return _said(shapes.Session(user=user, csrf_token=_token(), server_time=clock.now()))


@_protocol(
    "/captures/<uuid:capture_id>",
    "PUT",
    takes=envelope.CaptureEnvelope,
    gives={200: shapes.Receipt, 201: shapes.Receipt},
    refuses=(400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
    secret=True,
)
def put_capture(capture_id: UUID) -> ResponseReturnValue:
    """Keep one version of a capture: 201 when it is new, 200 and the same receipt when it came before."""
    person, secret = _sender()
    content = bodies.json_of(CAPTURE_BYTES)
    sent = envelope.shaped(envelope.CaptureEnvelope, content)
    receipt, is_new = _take(capture_id, secret, sent, content, person)
    return _said(receipt, 201 if is_new else 200)


def _take(
    capture_id: UUID, secret: str, sent: envelope.CaptureEnvelope, content: Any, person: Person
) -> tuple[shapes.Receipt, bool]:
    submission = reading.read(capture_id, secret, sent, content, person)
    if person is ANYBODY and not person.may(submission.kind.permission):
        raise NotSignedIn
    if not receipts.is_held(submission):
        _may_keep_more(person)
    is_new = captures.submit(submission, person).is_new
    return _receipt(receipts.of_version(submission, person)), is_new


def _may_keep_more(person: Person) -> None:
    if not media.has_room():
        raise Full
    if not limits.may_send(person):
        raise problems.TooMany


@_protocol(
    "/captures/<uuid:capture_id>/photos/<uuid:photo_id>",
    "PUT",
    takes_types=tuple(ENDINGS),
    gives={200: shapes.Receipt},
    refuses=(400, 401, 403, 404, 410, 413, 415, 422, 503),
    secret=True,
    digest=True,
)
def put_photo(capture_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Keep one photo that the capture promised: its bytes as they are, with their SHA-256."""
    person, secret = _sender()
    said = bodies.digest()
    if not media.has_room():
        raise Full
    with bodies.file_of(set(ENDINGS), MOST_BYTES) as file:
        arrivals.take(capture_id, photo_id, secret, person, file, said)
    return _said(_receipt(receipts.of(capture_id, secret, person)))


@_protocol(
    "/captures/batch",
    "POST",
    takes=list[envelope.BatchRow],
    gives={207: list[shapes.BatchItem]},
    refuses=(400, 401, 403, 413, 415),
)
def post_batch() -> ResponseReturnValue:
    """Keep several captures, each by itself: one bad row holds up no other. A row without an account has its secret."""
    person, _ = _sender(needs_secret=False)
    rows = bodies.json_of(BATCH_BYTES)
    if not isinstance(rows, list):
        raise envelope.NotTheShape("A batch is a list of captures.")
    if len(rows) > MOST_IN_A_BATCH:
        raise problems.TooLarge
    return _said([_take_row(row, person) for row in rows], 207)


def _take_row(row: Any, person: Person) -> shapes.BatchItem:
    said_id = row.get("id") if isinstance(row, dict) else None
    item = shapes.BatchItem(id=said_id if isinstance(said_id, str) else None, status=400)
    try:
        sent = envelope.shaped(envelope.BatchRow, row)
        secret = _checked_secret(sent.secret, person)
        receipt, is_new = _take(sent.id, secret, sent, row, person)
        return item.model_copy(update={"status": 201 if is_new else 200, "receipt": receipt})
    except Exception as error:
        # One row's fault, ours included, is told in its own place: the rows after it are kept all the same.
        status, problem = problems.of(error)
        if status == 500:
            current_app.logger.exception("batch_row_failed")
        return item.model_copy(update={"status": status, "problem": problem})


@_protocol(
    "/captures/status",
    "GET",
    gives={200: list[shapes.StatusItem]},
    refuses=(400, 401),
    query={"ids": f"At most {MOST_IDS} capture ids, with commas between them."},
)
def get_status() -> ResponseReturnValue:
    """What the server holds of these captures of the person who is signed in, in the order asked for."""
    ids = _ids(request.args.get("ids", ""))
    held = {one.id: one for one in receipts.of_several(ids, _signed_in())}
    return _said(
        [shapes.StatusItem(id=one, receipt=_receipt(held[one]) if one in held else None) for one in ids]
    )


def _ids(text: str) -> Sequence[UUID]:
    try:
        ids = list(dict.fromkeys(UUID(part) for part in text.split(",") if part))
    except ValueError:
        raise envelope.NotTheShape("Ask with ?ids= and capture ids, commas between them.") from None
    if len(ids) > MOST_IDS:
        raise envelope.NotTheShape(f"Ask about at most {MOST_IDS} captures at a time.")
    return ids


@_protocol(
    "/captures/<uuid:capture_id>",
    "DELETE",
    gives={200: shapes.Receipt},
    refuses=(401, 403, 404, 422, 429, 503),
    secret=True,
)
def delete_capture(capture_id: UUID) -> ResponseReturnValue:
    """Take a capture back for good, unless others have built on it: a later try of the PUT does not bring it back."""
    person, secret = _sender()
    if not receipts.is_known(capture_id):
        _may_keep_more(person)
    captures.remove(capture_id, secret, person)
    return _said(_receipt(receipts.of(capture_id, secret, person)))


@_protocol(
    "/captures/<uuid:capture_id>/draft",
    "PUT",
    takes=envelope.DraftEnvelope,
    gives={200: shapes.SavedDraft},
    refuses=(400, 401, 403, 404, 413, 415, 422, 503),
)
def put_draft(capture_id: UUID) -> ResponseReturnValue:
    """Keep a half-filled form of the person who is signed in, as it is, for 30 days."""
    person = _signed_in()
    _check_token()
    if not media.has_room():
        raise Full
    content = bodies.json_of(DRAFT_BYTES)
    drafts.keep(capture_id, envelope.shaped(envelope.DraftEnvelope, content).kind, content, person)
    return _said(shapes.SavedDraft(id=capture_id, saved_at=clock.now()))


@_protocol(
    "/captures/<uuid:capture_id>/draft", "GET", gives={200: envelope.DraftEnvelope}, refuses=(401, 404)
)
def get_draft(capture_id: UUID) -> ResponseReturnValue:
    """A half-filled form of the person who is signed in, as their other device left it."""
    return jsonify(drafts.read(capture_id, _signed_in()))


@_protocol("/captures/<uuid:capture_id>/draft", "DELETE", gives={204: None}, refuses=(401, 403))
def delete_draft(capture_id: UUID) -> ResponseReturnValue:
    """Forget a half-filled form; one that is gone already is no error."""
    person = _signed_in()
    _check_token()
    drafts.drop(capture_id, person)
    return "", 204


@_protocol("/captures/pack/<kind>", "GET", gives={200: shapes.Pack}, refuses=(401, 404))
def get_pack(kind: str) -> ResponseReturnValue:
    """What a kind needs on a phone that has no connection, with its version and until when it is good."""
    found, person = find_captured(kind), asking()
    if not person.may(found.permission):
        raise NotSignedIn if person is ANYBODY else NotFound
    pack = packs.of(found, person)
    return _said(
        shapes.Pack(
            kind=found.value,
            form_version=found.form.VERSION,
            version=pack.version,
            expires_at=pack.expires_at,
            content=pack.content,
        )
    )


@_protocol("/captures/openapi.json", "GET", gives={200: dict[str, Any]})
def get_description() -> ResponseReturnValue:
    """Return this description."""
    return jsonify(openapi.description(current_app, pages.name))


def _said(shape: Any, status: int = 200) -> ResponseReturnValue:
    content = [problems.as_json(one) for one in shape] if isinstance(shape, list) else problems.as_json(shape)
    return jsonify(content), status


def _receipt(held: receipts.Held) -> shapes.Receipt:
    return shapes.Receipt(
        id=held.id,
        rev=held.rev,
        base_rev=held.base_rev,
        state=held.state,
        content_sha256=held.content_sha256,
        reference=held.reference,
        missing=list(held.missing),
        status_url=url_for("track.show", token=held.token) if held.token else None,
    )


def _sender(*, needs_secret: bool = True) -> tuple[Person, str]:
    """Return who sends, and the secret they gave. Raises StaleToken, and NotSignedIn for who gives neither."""
    person, secret = asking(), request.headers.get("X-Capture-Secret", "")
    if person is ANYBODY and not needs_secret:
        return person, ""
    if person is not ANYBODY:
        _check_token()
    return person, _checked_secret(secret, person)


def _checked_secret(secret: str, person: Person) -> str:
    if person is not ANYBODY:
        return secret if SECRET_LEAST <= len(secret) <= SECRET_MOST else ""
    if not SECRET_LEAST <= len(secret) <= SECRET_MOST:
        raise NotSignedIn
    return secret


def _signed_in() -> Person:
    person = asking()
    if person is ANYBODY:
        raise NotSignedIn
    return person


def _token() -> str | None:
    """Return the session's token, or None where it has none: only a page makes one, with the cookie that it fits."""
    return generate_csrf() if current_app.config["WTF_CSRF_FIELD_NAME"] in session else None


def _check_token() -> None:
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        raise StaleToken from None
