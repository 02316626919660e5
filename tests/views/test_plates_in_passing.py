"""A registration that somebody types passes through: whatever becomes of it, nothing on the way keeps or repeats it."""

import json
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.desk import AT, READY, Desk, Held, fast, slow
from tests.hunting import found, spellings_of, stands_in
from tests.phone import Phone, new_id
from tests.views.test_rescue import exported
from tests.watching import vehicle
from webapp.extensions import db
from webapp.services import dvla_checks, plate_retention, police_exports, speed_checks, speed_rows, work

# Two that are held, and one that is only typed.
HELD, TYPED = ("GK24 ABC", "LB70 RST"), "EY19 KLM"
MARKS = spellings_of((*HELD, TYPED))


@pytest.fixture
def settings() -> dict[str, object]:
    """Return a key of DVLA's service, which nobody answers; a fault of ours is a page, as it is for people."""
    return {
        "DVLA_API_KEY": "a key of the test",
        "DVLA_URL": "http://127.0.0.1:9/",
        "PROPAGATE_EXCEPTIONS": False,
    }


@pytest.fixture
def held(desk: Desk) -> Held:
    """A session that waits for its check."""
    return desk.held(fast(HELD[0]), fast(HELD[1]), slow(), began=AT)


def around(app: Flask, answer: TestResponse) -> str:
    """Return all that is said around an answer's body, with what its cookies hold when they are opened."""
    said = [answer.status, str(answer.headers)]
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, _, value = cookie.partition(";")[0].partition("=")
        if name == app.config["SESSION_COOKIE_NAME"] and value:
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            said.append(json.dumps(serializer.loads(value), default=str))
    return "\n".join(said)


def ways(desk: Desk, held: Held) -> dict[str, Callable[[], TestResponse]]:
    """Return ways in which what somebody typed is refused, or meets a page that is old, shut or somebody else's."""
    carol, vic, owen, nobody = (
        desk.client("Carol"),
        desk.client("Vic"),
        desk.client("Owen"),
        desk.app.test_client(),
    )
    edit, check = f"/vehicles/{held.rows[0]}/edit", "/check"
    token = hidden_fields(carol.get(held.page + check).text)
    words = {f"decision-{one}": "void:other" for one in held.rows[:2]} | {f"words-{held.rows[0]}": "A doubt"}
    in_words = {**words, f"words-{held.rows[1]}": f"It was {TYPED}"}
    typed = {"plate": TYPED, "speed": "44", "confidence": "certain", "reason": "Read again"}
    row = vehicle(held.id, "fast", TYPED)

    def send(client: FlaskClient, path: str, data: dict[str, Any], **more: Any) -> Callable[[], TestResponse]:
        return lambda: client.post(path, data=data, **more)

    return {
        "why something is void": send(carol, held.page + check, {**token, **in_words}),
        "DVLA is asked": send(carol, f"{held.page}{check}/compare", {**token, **words}),
        "no token": send(carol, held.page + check, in_words),
        "a correction without a speed": lambda: held.post(carol, edit, {**typed, "speed": ""}),
        "a correction by nobody": send(nobody, held.page + edit, typed),
        "a correction without a token": send(carol, held.page + edit, typed),
        "a correction by another": send(owen, f"/speed-watch/SW-2026-99999{edit}", typed),
        "a correction from afar": send(
            vic, held.page + edit, typed, headers={"Referer": "https://example.org/"}
        ),
        "a row that a phone spelled badly": lambda: Phone(vic).put(new_id(), row),
        "a row of nobody": lambda: Phone(nobody).put(new_id(), row),
        "a row that is no row": lambda: Phone(vic).put(new_id(), {**row, "answers": {"plate": TYPED}}),
        "a draft": lambda: vic.put(
            f"/captures/{new_id()}/draft",
            json={"kind": "speed_reading", "answers": {"plate": [TYPED]}},
            headers=Phone(vic).headers(),
        ),
        "words of a session": lambda: held.post(vic, "/edit", {"incidents": f"He drove {TYPED}"}),
        "a file of a phone that is damaged": lambda: owen.post(
            "/rescue",
            data={
                "csrf_token": hidden_fields(owen.get("/rescue").text)["csrf_token"],
                "file": (BytesIO(json.dumps({"captures": [exported(new_id(), row)]}).encode()), "x.json"),
            },
            content_type="multipart/form-data",
        ),
    }


# A person's own words come back to them in the field where they typed them, and so nowhere else.
COMES_BACK = {"why something is void", "no token", "words of a session"}


def test_what_is_typed_stands_in_no_header_cookie_log_or_file_whatever_becomes_of_it(
    desk: Desk, held: Held, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for name, ask in ways(desk, held).items():
        answer = ask()
        assert answer.status_code < 500, (name, answer.text)
        assert not stands_in(MARKS, around(desk.app, answer).encode()), name
        shown = stands_in(MARKS, answer.get_data()) and "/check" not in answer.request.path
        assert not shown or name in COMES_BACK, name
    with desk.app.app_context():
        for do in work.WORKS.values():
            do()
        plate_retention.run()
        written = "".join(capfd.readouterr()) + caplog.text
        assert found(desk.app, MARKS, written.encode()) == set()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_file_for_the_police_is_made_in_memory_and_left_nowhere(
    desk: Desk,
    held: Held,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    file_format: str,
) -> None:
    held.finish(READY, READY)
    number, carol = desk.make(), desk.client("Carol")
    token = hidden_fields(carol.get(f"/speed-watch/exports/{number}").text)
    with monkeypatch.context() as patched:
        # There is no folder for files that are only needed for a moment: whatever wants one fails.
        patched.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        answer = carol.post(f"/speed-watch/exports/{number}/{file_format}", data=token)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    # The control: it stands in the file itself, packed or not.
    assert stands_in(MARKS, answer.get_data())
    assert not stands_in(MARKS, around(desk.app, answer).encode(), "".join(capfd.readouterr()).encode())
    with desk.app.app_context():
        assert found(desk.app, MARKS) == set()
        left = Path(desk.app.instance_path) / "left.bin"
        left.write_bytes(answer.get_data())
        assert found(desk.app, MARKS) >= {"GK24 ABC", "LB70 RST"}


@pytest.mark.parametrize(
    ("module", "verb", "path"),
    [
        (speed_checks, "finish", "/check"),
        (dvla_checks, "compare", "/check/compare"),
        (speed_rows, "correct", "/vehicles/{}/edit"),
        (police_exports, "take", None),
    ],
)
def test_a_fault_of_ours_repeats_no_registration(
    desk: Desk,
    held: Held,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    verb: str,
    path: str | None,
) -> None:
    def fails(*arguments: object, **more: object) -> None:
        raise RuntimeError(f"{HELD[0]} {TYPED} {arguments}")

    carol = desk.client("Carol")
    token = hidden_fields(carol.get(f"{held.page}/check").text)
    typed = {
        **token,
        "plate": TYPED,
        "speed": "44",
        "confidence": "certain",
        "reason": "Read again",
        "base_rev": "1",
    }
    monkeypatch.setattr(module, verb, fails)
    where = "/speed-watch/exports/1/csv" if path is None else held.page + path.format(held.rows[0])
    decided = held.choices("void:misread", "void:misread")
    answer = carol.post(where, data={**typed, **decided})
    assert answer.status_code == 500
    said = "".join(capfd.readouterr())
    assert "RuntimeError" in said
    assert not stands_in(MARKS, answer.get_data(), around(desk.app, answer).encode(), said.encode())
    with desk.app.app_context():
        db.session.rollback()
