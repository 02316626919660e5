"""Photos by address. Each look asks again who may see it, so an address stops working when a photo is hidden."""

from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webapp.models.photo import Photo
from webapp.rules.photos import ENDINGS, SIZES
from webapp.rules.roles import Permission
from webapp.services import photos
from webapp.views.access import asking, permission

__all__ = ["SIZES", "answer", "pages"]

pages = Blueprint("photos", __name__)

# Whatever a file may hold, a browser that opens it runs nothing and loads nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"
# What the drawing in place of a photo says after “This photo”, on a line of its own.
PLACEHOLDERS = {
    "waiting": "is being prepared",
    "unreadable": "cannot be opened",
    "ready": "is missing",
}


@pages.get("/photos/<uuid:photo_id>/<size>")
@permission(Permission.ANYONE)
def show(photo_id: UUID, size: str) -> ResponseReturnValue:
    """A copy of a photo, `large` or `small`, for whoever may see it now."""
    if size not in SIZES:
        abort(404)
    return answer(photos.find(photo_id, asking()), size)


@pages.get("/photos/<uuid:photo_id>/original")
@permission(Permission.SEE_RECORDS)
def original(photo_id: UUID) -> ResponseReturnValue:
    """The original as it was sent, as a file to keep; opening it is written to the record's history."""
    photo, stream = photos.open_original(photo_id, asking())
    name = f"original-{photo.id}.{ENDINGS[photo.media_type]}"
    sent = send_file(
        stream, photo.media_type, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    sent.content_length = photo.bytes_size
    return _guarded(sent, "no-store")


def answer(photo: Photo, size: str) -> Response:
    """Return a copy of a photo that the caller has checked, or a placeholder while there is none."""
    content = photos.read_copy(photo, size)
    if content is None:
        drawing = render_template("photos/placeholder.svg", words=PLACEHOLDERS[photo.state])
        return _guarded(current_app.response_class(drawing, mimetype="image/svg+xml"), "no-store")
    sent = current_app.response_class(content, mimetype="image/jpeg")
    sent.headers["Content-Disposition"] = f'inline; filename="photo-{photo.id}-{size}.jpg"'
    # With other masks it is another picture: a browser must not go on showing the one that it kept.
    sent.set_etag(f"{photo.sha256[:32]}-{size}-{photo.masks_rev or 0}")
    # Kept by the browser, but asked for each time: that question is where a hidden photo stops.
    _guarded(sent, "private, no-cache").make_conditional(request)
    return sent


def _guarded(sent: Response, caching: str) -> Response:
    sent.headers["Cache-Control"] = caching
    sent.headers["Content-Security-Policy"] = NOTHING_RUNS
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return sent
