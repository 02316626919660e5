"""The outbox, and what a phone keeps of Wardbook itself: shells without user data, the service worker, the manifest."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.rules.errors import NotFound
from webapp.rules.roles import ANYBODY, Permission
from webapp.services import drafts, kinds, wards
from webapp.services.kinds import find_captured
from webapp.views import assets
from webapp.views.access import asking, permission
from webapp.views.eva import walk_forms
from webapp.views.speed_watch import log_forms

pages = Blueprint("outbox", __name__)

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
COLOUR, GROUND = "#12533a", "#ffffff"
# The map is of no use without its tiles, and the staff's map pages need a connection anyway.
NOT_KEPT = ("vendor/", "js/picker-map.js", "js/service-worker.js", "icons/icon-")
ICONS = (
    ("icons/icon-192.png", "192x192", "any"),
    ("icons/icon-512.png", "512x512", "any"),
    ("icons/icon-maskable-512.png", "512x512", "maskable"),
)
PAGES = {"outbox": "/outbox", "no-connection": "/no-connection"}
FIELD_PAGES = {"walk": "/eva/walk"}
APART = ("field", "speed")
SPEED_PAGES = {"speed-log": "/speed-watch/log"}


@pages.get("/outbox")
@permission(Permission.ANYONE)
def show() -> ResponseReturnValue:
    """What waits on this phone to be sent, and what was sent; for who is signed in also drafts of other devices."""
    person = asking()
    elsewhere = [] if person is ANYBODY else drafts.of(person)
    return render_template("outbox/show.html", elsewhere=elsewhere, find_captured=find_captured)


@pages.get("/no-connection")
@permission(Permission.ANYONE)
def no_connection() -> ResponseReturnValue:
    """What a phone shows in the place of a page that needs a connection."""
    return render_template("outbox/no_connection.html", kinds=_open_kinds())


@pages.get("/shell/<name>")
@permission(Permission.ANYONE)
def shell(name: str) -> ResponseReturnValue:
    """A page as a phone keeps it: the same for everybody, with no id, no token and nobody's name in it."""
    if name == "outbox":
        return render_template("outbox/show.html", elsewhere=(), find_captured=find_captured)
    if name == "no-connection":
        return render_template("outbox/no_connection.html", kinds=_open_kinds())
    if name == "walk":
        return render_template("eva/walk.html", made_at=clock.now(), **walk_forms())
    if name == "speed-log":
        return render_template("speed_watch/log.html", made_at=clock.now(), **log_forms())
    if name not in {kind.slug for kind in kinds.captured() if kind.has_shell}:
        raise NotFound
    kind = find_captured(name)
    form = kind.form(meta={"csrf": False})
    form.form_version.data = str(form.VERSION)
    return render_template(f"captures/{kind.value}.html", form=form, kind=kind, kept=(), made_at=clock.now())


def _open_kinds() -> list[Any]:
    return [kind for kind in kinds.KINDS if kind.permission is Permission.ANYONE]


@pages.get("/service-worker.js")
@permission(Permission.ANYONE)
def service_worker() -> ResponseReturnValue:
    """The service worker, with the list of what it keeps: it is installed whole or not at all."""
    words = json.dumps(_words(), sort_keys=True)
    kept = {
        "version": _version(current_app.config["STATIC_BUILD"], words),
        "everybody": {"files": _kept_files(), "pages": _shells(_open_pages())},
        "field": {"files": _kept_files("field"), "pages": _shells(_field_pages())},
        "speed": {"files": _kept_files("speed"), "pages": _shells(SPEED_PAGES)},
    }
    built = current_app.extensions["assets"].read("js/service-worker.js")
    answer = Response(f"self.WARDBOOK={json.dumps(kept)};\n{built}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _shells(pages: dict[str, str]) -> dict[str, str]:
    return {address: url_for("outbox.shell", name=name) for name, address in pages.items()}


def _open_pages() -> dict[str, str]:
    """Return the kept pages that anybody may need, by the name of their shell."""
    return PAGES | {kind.slug: f"/{kind.slug}/new" for kind in _open_kinds()}


def _field_pages() -> dict[str, str]:
    """Return the kept pages of those who work in the field."""
    closed = (
        kind for kind in kinds.captured() if kind.permission is not Permission.ANYONE and kind.has_shell
    )
    return FIELD_PAGES | {kind.slug: f"/{kind.slug}/new" for kind in closed}


def _kept_files(only_of: str = "") -> list[str]:
    """Return the addresses of what everybody keeps, or of what only those need who go on walks or log speeds."""
    built = current_app.extensions["assets"]
    names = {made for name, made in built.all().items() if not name.startswith(NOT_KEPT)}
    apart = {name: built.only_of(name) for name in APART}
    chosen = names & apart[only_of] if only_of else names.difference(*apart.values())
    return sorted(assets.PREFIX + name for name in chosen)


def _words() -> dict[str, str]:
    """Return what stands in the kept pages besides their templates: settings, and the names of the wards."""
    names = {"wards": str(wards.in_use().id)}
    return names | {
        name: str(current_app.config[name]) for name in ("PARTNERSHIP_NAME", "TILE_URL", "DISTRICT_NAME")
    }


@lru_cache(maxsize=8)
def _version(build: str, words: str) -> str:
    """Return a name for all that a phone keeps: another one as soon as a page, a file or a word of it changes."""
    digest = hashlib.sha256(words.encode())
    for path in (Path(build) / "manifest.json", *sorted(TEMPLATES.rglob("*.html"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@pages.get("/manifest.webmanifest")
@permission(Permission.ANYONE)
def manifest() -> ResponseReturnValue:
    """What a phone needs to install Wardbook beside its other apps."""
    built = current_app.extensions["assets"]
    answer = jsonify(
        {
            "id": "/",
            "name": f"Wardbook – {current_app.config['PARTNERSHIP_NAME']}",
            "short_name": "Wardbook",
            "description": "The field book of a community safety partnership.",
            "lang": "en-GB",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": COLOUR,
            "background_color": GROUND,
            "icons": [
                {"src": built(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS
            ],
            "shortcuts": [
                *({"name": kind.label, "url": f"/{kind.slug}/new"} for kind in _open_kinds()),
                {"name": "Outbox", "url": "/outbox"},
            ],
        }
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
