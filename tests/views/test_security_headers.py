"""What every answer carries: the content policy, the cookies, who may keep it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response

from tests.builders import hidden_fields, send, submit, token_of
from tests.cast import Cast
from tests.views.signing_in import another_app
from tests.views.test_access import ask, routes
from webapp.views import assets
from webapp.views.headers import policy, tile_origin

NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{20,})'")


def test_every_page_has_the_policy_and_no_page_is_looser(app: Flask, cast: Cast):
    ada = cast.client("Ada")
    for rule, method in routes(app):
        answer = ask(ada, app, rule, method)
        allowed = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in allowed, rule
        assert "unsafe" not in allowed, rule
        assert "http" not in allowed, rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
        assert "microphone=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert "Strict-Transport-Security" not in answer.headers
        assert "Server" not in answer.headers


def test_every_script_of_a_page_has_the_nonce_and_nothing_is_inline(app: Flask, cast: Cast):
    ada, seen = cast.client("Ada"), set()
    for rule, method in routes(app):
        answer = ask(ada, app, rule, method)
        if answer.mimetype != "text/html" or "<html" not in answer.text:
            continue
        nonce = NONCE.search(answer.headers["Content-Security-Policy"])
        assert nonce, rule
        seen.add(nonce.group(1))
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", answer.text):
            assert f'nonce="{nonce.group(1)}"' in tag, (rule, tag)
        assert not re.search(r"<[^>]+\son[a-z]+=", answer.text), rule
        assert not re.search(r"<[^>]+\sstyle=", answer.text), rule
    assert len(seen) > 10  # A new one each time.


@pytest.mark.parametrize("path", ["/nothing-here", "/records/search", "/sign-out"])
def test_pages_about_errors_have_the_same_headers(app: Flask, path: str):
    answer = app.test_client().open(path, method="POST" if path == "/sign-out" else "GET")
    assert answer.status_code in {302, 400, 404, 405}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_reporters_page_tells_its_address_to_nobody_and_is_kept_nowhere(app: Flask):
    client = app.test_client()
    for page in ("/track/x", f"/track/{token_of(send(client))}", "/account/reset/x", "/actions/answer/x"):
        answer = client.get(page)
        assert answer.headers["Referrer-Policy"] == "no-referrer", page
        assert answer.headers["Cache-Control"] == "no-store", page


def test_pages_for_signed_in_people_are_kept_nowhere(app: Flask, cast: Cast):
    owen = cast.client("Owen")
    for page in ("/", "/records", "/map", "/account", "/fly-tipping/new"):
        assert owen.get(page).headers["Cache-Control"] == "no-store", page
    assert app.test_client().get("/").headers["Cache-Control"] == "private, no-cache"


def test_only_the_page_of_a_report_is_kept_for_going_back_whatever_the_cookie(app: Flask, cast: Cast):
    nobody, owen = app.test_client(), cast.client("Owen")
    varies = {
        (page, who): "Cookie" in client.get(page).headers.get("Vary", "")
        for page in ("/", "/wards", "/fly-tipping/new", "/wards.geojson")
        for who, client in (("nobody", nobody), ("owen", owen))
    }
    assert [key for key, by_cookie in varies.items() if not by_cookie] == [("/fly-tipping/new", "nobody")]


def test_the_wards_are_shared_between_caches_only_without_a_cookie(app: Flask, cast: Cast):
    nobody, owen = app.test_client().get("/wards.geojson"), cast.client("Owen").get("/wards.geojson")
    assert nobody.headers["Cache-Control"] == "max-age=3600, public"
    assert "Set-Cookie" not in nobody.headers
    assert owen.headers["Cache-Control"] == "max-age=3600, private"


def test_a_stricter_policy_of_a_view_stays(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def photo() -> Response:
        answer = Response("x")
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    monkeypatch.setitem(app.view_functions, "pages.cookies", photo)
    photo.permission = "anyone"
    assert (
        app.test_client().get("/cookies").headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    )


def test_cookies_on_an_https_site_are_bound_to_it(app: Flask, tmp_path: Path):
    settings = {
        "BASE_URL": "https://wardbook.example.gov.uk",
        "DATABASE_URL": app.config["DATABASE_URL"],
        "SECRET_KEY": "x" * 40,
    }
    with another_app(settings, tmp_path / "secure") as secure:
        answer = secure.test_client().get("/sign-in", base_url="https://wardbook.example.gov.uk")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-wardbook=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_over_https_a_secret_page_takes_a_form_from_a_browser_that_tells_no_origin(
    app: Flask, tmp_path: Path
):
    home = "https://wardbook.example.gov.uk"
    settings = {"BASE_URL": home, "DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": "x" * 40}
    with another_app(settings, tmp_path / "secure") as secure:
        with secure.app_context():
            page = f"/track/{submit().token}/withdraw"
        client = secure.test_client()
        hidden = hidden_fields(client.get(page, base_url=home).text)
        unsigned = client.post(page, data={}, base_url=home, headers={"Origin": "null"})
        answer = client.post(page, data=hidden, base_url=home, headers={"Origin": "null"})
    assert unsigned.status_code == 400
    assert answer.status_code == 303, answer.text


@pytest.fixture
def in_production(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The app as it is where people rely on it, under a name of its own."""
    settings = {
        "WARDBOOK_ENV": "production",
        "BASE_URL": "https://wardbook.example.gov.uk",
        "DATABASE_URL": app.config["DATABASE_URL"],
        "SECRET_KEY": "x" * 40,
    }
    with another_app(settings, tmp_path / "hosts") as careful:
        yield careful


def test_another_host_gets_a_page_and_no_link_to_itself(in_production: Flask):
    answer = in_production.test_client().get("/", base_url="https://evil.example")
    assert answer.status_code == 400
    assert "That page could not be read" in answer.text
    assert "evil" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["127.0.0.1:8000", "localhost"])
def test_a_name_of_the_machine_is_answered_about_its_health_and_nothing_else(in_production: Flask, name: str):
    client = in_production.test_client()
    assert client.get("/health", base_url=f"https://{name}").status_code == 200
    for page in ("/", "/sign-in", "/fly-tipping/new", "/nothing-here", "//track"):
        answer = client.get(page, base_url=f"https://{name}")
        assert answer.status_code == 400, page
        assert "Set-Cookie" not in answer.headers, page
    assert client.get("/", base_url="https://wardbook.example.gov.uk").status_code == 200


def test_no_address_leads_to_a_host_that_the_browser_named(app: Flask):
    client = app.test_client()
    for page in ("/fly-tipping//new", "//track", "/track/x//sent", "/wards/", "/account", "/sign-in"):
        answer = client.open(page, base_url="http://evil.example")
        assert "evil" not in answer.headers.get("Location", ""), page
        assert "evil" not in answer.text, page


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_static_file_carries_headers_too(tmp_path: Path, scheme: str):
    (tmp_path / "icon.svg").write_text("<svg/>")
    site = Flask("site", static_folder=None)
    site.config.update(STATIC_BUILD=str(tmp_path), BASE_URL=f"{scheme}://wardbook.example.gov.uk")
    assets.init_app(site)
    answer = site.test_client().get("/static/icon.svg", buffered=True)
    assert answer.text == "<svg/>"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ("Strict-Transport-Security" in answer.headers) == (scheme == "https")


@pytest.mark.parametrize(
    ("tile_url", "origin"),
    [
        ("", ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example:8443/{z}", "https://*.tiles.example:8443"),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_the_tiles_of_the_settings_may_come_from_elsewhere(tile_url: str, origin: str):
    assert tile_origin(tile_url) == origin
    assert policy(tile_url)["img-src"] == f"'self' data: blob: {origin}".strip()
