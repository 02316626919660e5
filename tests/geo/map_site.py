"""A page with nothing but the ward map on it, served under the policy that the pages have, for a real browser."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from webapp.geo.maps import MapAssets, MapParts

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
ASSET_FILES = {
    "/static/leaflet.css": NODE_MODULES / "leaflet/dist/leaflet.css",
    "/static/clusters.css": NODE_MODULES / "leaflet.markercluster/dist/MarkerCluster.css",
    "/static/leaflet.js": NODE_MODULES / "leaflet/dist/leaflet.js",
    "/static/clusters.js": NODE_MODULES / "leaflet.markercluster/dist/leaflet.markercluster.js",
}
ASSETS = MapAssets(
    css=("/static/leaflet.css", "/static/clusters.css"), js=("/static/leaflet.js", "/static/clusters.js")
)
NONCE = "bm9uY2Ugb2YgdGhlIHRlc3Q"
POLICY = (
    f"default-src 'none'; script-src 'self' 'nonce-{NONCE}'; style-src 'self' 'nonce-{NONCE}'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'"
)
HOSTILE = """</script><img src=x onerror="alert('ward')">'"&"""
POINTS = [
    [51.2705, 0.1920, "/records/FT-2026-00001", "FT-2026-00001, sofa in the lane"],
    [51.2706, 0.1921, "/records/FT-2026-00002", HOSTILE],
    [51.3968, 0.1729, "javascript:alert('point')", "an address that is not ours"],
]


@dataclass
class Site:
    """A page with the map on it, and what the browser asked for and complained of."""

    url: str
    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def page_of(parts: MapParts) -> str:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Map</title>{parts.head}</head>"
        f"<body><h1>Map</h1>{parts.html}<p>After the map</p>{parts.script}</body></html>"
    )


class Answers(BaseHTTPRequestHandler):
    """Serves the page, its assets and its points."""

    def __init__(self, html: str, points_status: int, *arguments: object) -> None:
        self.html, self.points_status = html, points_status
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self.answer("text/html; charset=utf-8", self.html.encode())
        elif path == "/map/points":
            self.answer("application/json", json.dumps({"points": POINTS}).encode(), self.points_status)
        elif path in ASSET_FILES:
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            self.answer(kind, ASSET_FILES[path].read_bytes())
        elif path == "/favicon.ico":
            self.answer("image/x-icon", b"")
        elif path.startswith("/wards/") or path.startswith("/records/"):
            self.answer("text/html; charset=utf-8", b"<title>Arrived</title>")
        else:
            self.answer("text/plain", b"not here", 404)

    def answer(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Stay silent: the tests look at what the browser says."""
