"""Reports as a browser posts them, made before anything is measured: every field of the page, multipart/form-data."""

import secrets
from collections.abc import Mapping
from html.parser import HTMLParser
from http.client import HTTPConnection
from uuid import uuid4

PAGE = "/fly-tipping/new"
BOUNDARY = "----WebKitFormBoundarywardbookbenchmark"
ANSWERS = {
    "latitude": "51.27028",
    "longitude": "0.19171",
    "location_source": "map",
    "accuracy_m": "8",
    "place_text": "Lay-by opposite the field gate",
    "main_waste": "other_household",
    "size": "car_boot",
    "description": "A brown sofa and six black bags, and tyres behind them. They were not here last night.",
    "land_type": "highway",
    "first_seen_on-day": "1",
    "first_seen_on-month": "11",
    "first_seen_on-year": "2026",
    "witnessed": "no",
    "reporter_name": "Rosa Example",
    "reporter_phone": "01732 000000",
    "wants_news": "y",
}


class _Fields(HTMLParser):
    """Collects what a browser sends for a form in which nothing was touched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.files: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag not in {"input", "textarea", "select"} or not name:
            return
        if kind == "file":
            self.files.append(name)
        elif kind not in {"radio", "checkbox"}:
            self.values[name] = given.get("value") or ""


class Visitor:
    """Somebody who opened the report's page: its fields, and the cookie that came with it."""

    def __init__(self, port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        self._cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        self._fields = _Fields()
        self._fields.feed(answer.read().decode())
        self._host = f"127.0.0.1:{port}"
        connection.close()

    def report(self) -> bytes:
        """Return the request of one more report without photos: an id, a secret and a mailbox of its own."""
        fresh = {
            "capture_id": str(uuid4()),
            "capture_secret": secrets.token_urlsafe(24),
            "reporter_email": f"rosa-{secrets.token_hex(6)}@example.org",
        }
        body = _multipart({**self._fields.values, **ANSWERS, **fresh}, self._fields.files)
        return _request(self._host, body, self._cookie)


def reports(port: int, count: int, visitors: int = 16) -> list[bytes]:
    """Return so many reports, from so many people with a session each."""
    people = [Visitor(port) for _ in range(visitors)]
    return [people[number % visitors].report() for number in range(count)]


def _multipart(fields: Mapping[str, str], files: list[str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts += [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
        for name in files
    ]
    return "".join((*parts, f"--{BOUNDARY}--\r\n")).encode()


def _request(host: str, body: bytes, cookie: str) -> bytes:
    lines = (
        f"POST {PAGE} HTTP/1.1",
        f"Host: {host}",
        f"Origin: http://{host}",
        f"Referer: http://{host}{PAGE}",
        "User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Language: en-GB,en;q=0.9",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
        f"Cookie: {cookie}",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + body
