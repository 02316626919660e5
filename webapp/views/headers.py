"""The headers of every answer: what a page may load and do, who may keep it, and what the next site hears of it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from wsgiref.headers import Headers

from flask import Flask, Response, abort, current_app, g, request
from flask_login import current_user
from werkzeug.sansio.utils import host_is_trusted

from webapp.extensions import talisman

CSP, HSTS = "Content-Security-Policy", "Strict-Transport-Security"
OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "serial",
    "sync-xhr",
    "usb",
    "xr-spatial-tracking",
)
OWN = ("camera", "geolocation", "screen-wake-lock")
ONE_YEAR_S = 365 * 24 * 60 * 60
# Whoever holds such an address may do what it is for: it is told to nobody and kept nowhere.
SECRET_PAGES = ("track.", "feedback.", "answers.", "account.set_password")
NEVER_KEPT = ("track", "feedback", "answers", "capture_api", "security", "account", "people")
# What nobody signed in gets: their own browser may keep it for going back, and asks again for anything else.
FOR_GOING_BACK = "private, no-cache"


# What a file of ours carries besides: it is drawn in our pages, and opened by itself it may load nothing.
OF_A_FILE = {
    CSP: "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def policy(tile_url: str) -> dict[str, str]:
    """Return what a page may load: our own files, and map tiles from where the setting says."""
    tiles = tile_origin(tile_url)
    return {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:" + (f" {tiles}" if tiles else ""),
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }


def tile_origin(tile_url: str) -> str:
    """Return the origin that map tiles come from, empty when there are none.

    >>> tile_origin("https://{s}.tiles.example/{z}/{x}/{y}.png")
    'https://*.tiles.example'
    """
    parts = urlsplit(re.sub(r"^(https?://)\{[a-z]+\}\.", r"\1*.", tile_url))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def _answer_by_own_name() -> None:
    """Refuse a name of the machine for anything but its health: a page would be another site to every browser."""
    trusted = current_app.config["TRUSTED_HOSTS"]
    if trusted and request.endpoint != "health.show" and not host_is_trusted(request.host, trusted[:1]):
        abort(400)


def _keep_stricter(answer: Response) -> Response:
    """Remember a policy that the view itself set: photos allow nothing at all."""
    g.own_policy = answer.headers.get(CSP)
    return answer


def _finish(answer: Response) -> Response:
    if g.get("own_policy"):
        answer.headers[CSP] = g.own_policy
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    _stay_here(answer)
    endpoint = request.endpoint or ""
    if endpoint.startswith(SECRET_PAGES):
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = _cache_control(endpoint)
    return answer


def _stay_here(answer: Response) -> None:
    told = answer.headers.get("Location", "/")
    if told != on_this_site(told):
        answer.headers["Location"] = on_this_site(told)
        answer.set_data(b"")  # It would name the host too, and no browser shows it.


def on_this_site(location: str) -> str:
    """Return where to go without a host: Werkzeug mends an address such as //track with whatever host was asked for.

    >>> on_this_site("http://evil.example//evil.example/track?page=2#top")
    '/evil.example/track?page=2#top'
    """
    parts = urlsplit(location)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))


def _cache_control(endpoint: str) -> str:
    is_private = endpoint.split(".")[0] in NEVER_KEPT or current_user.is_authenticated
    return "no-store" if is_private else FOR_GOING_BACK


def of_files(base_url: str) -> Callable[[Headers, str, str], None]:
    """Return what gives a static file its headers: WhiteNoise answers for those before any page is asked."""
    ours = OF_A_FILE | ({HSTS: f"max-age={ONE_YEAR_S}"} if base_url.startswith("https://") else {})

    def add(headers: Headers, path: str, url: str) -> None:
        for name, value in ours.items():
            headers[name] = value

    return add


def init_app(app: Flask) -> None:
    """Set the headers. What is registered first is asked last: the order here is the order of the answer, reversed."""
    is_https = app.config["BASE_URL"].startswith("https://")
    app.before_request(_answer_by_own_name)
    app.after_request(_finish)
    options: dict[str, Any] = {
        "content_security_policy": policy(app.config["TILE_URL"]),
        "content_security_policy_nonce_in": ["script-src", "style-src"],
        "permissions_policy": dict.fromkeys(OFF, "()") | dict.fromkeys(OWN, "(self)"),
        # TLS ends in front of us: who speaks plain HTTP to this process is the proxy.
        "force_https": False,
        "frame_options": "DENY",
        "referrer_policy": "same-origin",
        "session_cookie_secure": is_https,
        "strict_transport_security": is_https,
        "strict_transport_security_max_age": ONE_YEAR_S,
        # The council's other sites under this name are theirs to decide about.
        "strict_transport_security_include_subdomains": False,
    }
    talisman.init_app(app, **options)
    app.after_request(_keep_stricter)
