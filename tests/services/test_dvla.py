"""DVLA's Vehicle Enquiry Service beside what was logged: discarded with its reason, never mended, nothing kept."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.builders import hidden_fields
from tests.desk import AT, COUNTED, MISREAD, READY, Desk, Held, fast
from tests.hunting import found
from webapp.config import SettingsError
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.rules import dvla as rules
from webapp.rules import speed_check as check_rules
from webapp.rules.errors import NotFound, Refused
from webapp.services import dvla, dvla_checks, speed_checks, speed_rows
from webapp.services.transaction import one_commit

KEY = "a key of the test"
# As the service's description shows it, with much that we never read.
DOCUMENTED = {
    "artEndDate": "2027-02-28",
    "co2Emissions": 135,
    "colour": "BLUE",
    "engineCapacity": 2494,
    "fuelType": "PETROL",
    "make": "FORD",
    "markedForExport": False,
    "monthOfFirstRegistration": "2004-12",
    "motStatus": "No details held by DVLA",
    "registrationNumber": "GK24ABC",
    "taxDueDate": "2027-01-01",
    "taxStatus": "Untaxed",
    "typeApproval": "N1",
    "wheelplan": "NON STANDARD",
    "yearOfManufacture": 2004,
    "dateOfLastV5CIssued": "2019-05-20",
}
UNKNOWN = {
    "errors": [{"status": "404", "code": "404", "title": "Vehicle Not Found", "detail": "Record not found"}]
}


@dataclass
class Service:
    """The service on this machine: what it was asked, and what it answers by plate."""

    server: ThreadingHTTPServer
    asked: list[tuple[str, str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    default: tuple[int, Any] = (404, UNKNOWN)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/vehicle-enquiry/v1/vehicles"

    def knows(self, plate: str, make: str, colour: str) -> None:
        said = {**DOCUMENTED, "registrationNumber": plate, "make": make, "colour": colour}
        self.answers[plate] = (200, said)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.asked.append((self.command, self.path, dict(self.headers), body))
        status, said = service.answers.get(body["registrationNumber"], service.default)
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        if status in (301, 307):
            self.send_header("Location", f"{service.url}/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.service = Service(server)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.service  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(service: Service) -> dict[str, object]:
    return {"DVLA_API_KEY": KEY, "DVLA_URL": service.url}


def compare(held: Held, name: str = "Carol") -> dvla_checks.Compared:
    person = held.desk.person(name)
    with held.desk.app.app_context():
        return dvla_checks.compare(held.reference, person)


def test_the_plate_travels_in_the_body_alone_with_the_key(desk: Desk, service: Service):
    service.knows("GK24ABC", "FORD", "BLUE")
    assert compare(desk.held(fast())) == dvla_checks.Compared(fitting=1)
    ((method, path, headers, body),) = service.asked
    assert (method, path, body) == (
        "POST",
        "/vehicle-enquiry/v1/vehicles",
        {"registrationNumber": "GK24ABC"},
    )
    assert headers["x-api-key"] == KEY and "GK24" not in f"{path} {headers}"


def test_what_does_not_fit_is_discarded_with_its_reason_and_forgotten_at_once(desk: Desk, service: Service):
    held = desk.held(
        fast("GK24 ABC"), fast("EY19 KLM"), fast("LB70 RST"), fast("KX21 XYZ"), fast("MA05 DEF", make="kia")
    )
    service.knows("GK24ABC", "FORD", "BLUE")
    service.knows("EY19KLM", "FORD", "RED")
    service.knows("LB70RST", "BMW", "BLUE")
    service.knows("MA05DEF", "KIA", "BLUE")
    assert compare(held) == dvla_checks.Compared(fitting=2, mismatched=2, not_known=1)
    assert held.statuses() == ["draft", "rejected_dvla", "rejected_dvla", "rejected_dvla", "draft"]
    assert held.plates() == ["GK24ABC", None, None, None, "MA05DEF"]
    with desk.app.app_context():
        said = [held.find(number).status_reason for number in (2, 3, 4)]
        assert said == [rules.OTHER_COLOUR, rules.OTHER_MAKE, rules.UNKNOWN]
        # Never mended: what was logged stays.
        assert (held.find(2).colour, held.find(3).make) == ("blue", "ford")
        assert found(desk.app, {"LB70RST": b"LB70RST", "fuel": b"PETROL", "tax": b"Untaxed"}) == set()
        kept = select(CaptureRevision).where(CaptureRevision.capture_id == held.find(2).id)
        assert [one.payload for one in db.session.scalars(kept)] == [None]
    (event,) = held.events("speeds_compared")
    assert event.after == {"fitting": 2, "rejected_dvla": 3, "not_read": 0}
    # Those that fit are not asked about again, and the rest of the check goes on.
    before = len(service.asked)
    assert compare(held) == dvla_checks.Compared() and len(service.asked) == before
    decided = held.decisions(READY, None, None, None, READY)
    carol = desk.person("Carol")
    with desk.app.app_context():
        newest = speed_checks.opened(held.reference, carol).newest
        speed_checks.finish(held.reference, decided, carol, newest)
    assert held.statuses()[0] == "ready" and held.statuses()[1] == "rejected_dvla"


@pytest.mark.parametrize(
    ("logged", "theirs"),
    [
        (("volkswagen", "blue"), ("VOLKSWAGEN", "BLUE")),
        (("mercedes_benz", "grey"), ("MERCEDES-BENZ", "GREY")),
        (("mercedes_benz", "grey"), ("MERCEDES", "GREY")),
        (("citroen", "multi_colour"), ("CITROEN", "MULTI-COLOUR")),
        (("skoda", "silver"), ("SKODA", "silver")),
        (("land_rover", "green"), ("LAND ROVER", "GREEN")),
        (("mini", "red"), ("BMW MINI", "RED")),
        (("other", "red"), ("FERRARI", "RED")),
        ((None, None), ("FERRARI", "RED")),
        (("ford", None), ("FORD", "RED")),
        (("ford", "blue"), ("", "")),
        (("ford", "blue"), ("FORD", "NOT STATED")),
    ],
)
def test_names_that_mean_the_same_and_what_is_not_known_are_no_mismatch(logged, theirs):
    assert rules.mismatch(*logged, *theirs) is None


@pytest.mark.parametrize(
    ("logged", "theirs", "reason"),
    [
        (("land_rover", "green"), ("ROVER", "GREEN"), rules.OTHER_MAKE),
        (("man", "white"), ("SCANIA", "WHITE"), rules.OTHER_MAKE),
        (("ford", "silver"), ("FORD", "GREY"), rules.OTHER_COLOUR),
        (("kia", "red"), ("FERRARI", "BLUE"), rules.OTHER_MAKE),
    ],
)
def test_another_make_or_colour_is_a_mismatch(logged, theirs, reason):
    assert rules.mismatch(*logged, *theirs) == reason


@pytest.mark.parametrize(
    ("status", "said", "problem"),
    [
        (403, {"message": "Forbidden"}, dvla.REFUSED_KEY),
        (401, {"message": "Unauthorized"}, dvla.REFUSED_KEY),
        (429, {"message": "Too Many Requests"}, dvla.TOO_MANY),
        (500, {"errors": []}, dvla.OUT_OF_ORDER),
        (503, b"<html>", dvla.OUT_OF_ORDER),
        (200, b"<html>", dvla.NO_ANSWER),
        (200, b'["FORD"]', dvla.NO_ANSWER),
        (200, b"[" * 60_000, dvla.NO_ANSWER),
        (200, b'"' + b"x" * 70_000 + b'"', dvla.NO_ANSWER),
        (307, {}, dvla.OUT_OF_ORDER),
    ],
)
def test_what_goes_wrong_there_leaves_rows_as_they_were(
    desk: Desk, service: Service, status: int, said: object, problem: str
):
    held = desk.held(fast("GK24 ABC"))
    service.default = (status, said)
    assert compare(held) == dvla_checks.Compared(left=1, problem=problem)
    assert held.statuses() == ["draft"] and held.plates() == ["GK24ABC"]
    assert len(service.asked) == 1 and held.events("speeds_compared") == []
    # And once it is there again, the same button goes on.
    service.knows("GK24ABC", "FORD", "BLUE")
    assert compare(held) == dvla_checks.Compared(fitting=1)


def test_one_that_cannot_be_read_does_not_keep_the_others_waiting_and_a_limit_ends_it(
    desk: Desk, service: Service
):
    held = desk.held(fast("101 D 234"), fast("GK24 ABC"), fast("EY19 KLM"), fast("LB70 RST"))
    service.answers["101D234"] = (400, {})
    service.knows("GK24ABC", "FORD", "BLUE")
    service.answers["EY19KLM"] = (429, {})
    assert compare(held) == dvla_checks.Compared(fitting=1, not_read=1, left=2, problem=dvla.TOO_MANY)
    assert [body["registrationNumber"] for *_, body in service.asked] == ["101D234", "GK24ABC", "EY19KLM"]


def test_one_that_dvla_cannot_read_is_asked_about_once_and_again_after_it_was_corrected(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
):
    held, carol = desk.held(fast("101 D 234"), fast("GK24 ABC"), fast("EY19 KLM")), desk.person("Carol")
    service.answers["101D234"] = (400, {"errors": [{"status": "400", "title": "Bad Request"}]})
    service.knows("GK24ABC", "FORD", "BLUE")
    service.knows("EY19KLM", "FORD", "BLUE")
    monkeypatch.setattr(dvla_checks, "AT_A_PRESS", 1)
    pressed = [compare(held) for _ in range(4)]
    assert pressed == [
        dvla_checks.Compared(not_read=1, left=2),
        dvla_checks.Compared(fitting=1, left=1),
        dvla_checks.Compared(fitting=1),
        dvla_checks.Compared(),
    ]
    with desk.app.app_context():
        assert dvla_checks.so_far(UUID(held.id)) == dvla_checks.Compared(fitting=2, not_read=1)
        first = speed_checks.opened(held.reference, carol).rows[0]
        assert (first.warnings, first.suggested) == ([check_rules.NOT_READ_BY_DVLA], "")
        typed = {"speed": ["44"], "confidence": ["certain"], "colour": ["blue"], "make": ["ford"]}
        typed["plate"] = ["LB70 RST"]
        speed_rows.correct(held.reference, first.reading.id, typed, 1, "Read again", carol)
    service.knows("LB70RST", "FORD", "BLUE")
    assert compare(held) == dvla_checks.Compared(fitting=1)


def test_the_page_says_what_came_of_it_and_keeps_what_was_decided_so_far(desk: Desk, service: Service):
    held, carol = desk.held(fast("GK24 ABC"), fast("EY19 KLM"), fast("LB70 RST")), desk.client("Carol")
    nothing = desk.held(fast("B AA 1234 Q"), began=AT + timedelta(hours=2))
    assert "Nothing here can be compared with DVLA" in carol.get(f"{nothing.page}/check").text
    page = carol.get(f"{held.page}/check").text
    assert "Compared with DVLA: 3 not asked about yet." in page
    service.knows("GK24ABC", "FORD", "BLUE")
    service.answers["LB70RST"] = (400, {})
    decided = {f"decision-{held.rows[0]}": "void:other", f"words-{held.rows[0]}": "A doubt of mine"}
    answer = carol.post(f"{held.page}/check/compare", data={**hidden_fields(page), **decided})
    said = (
        "Compared with DVLA: 1 fit; 1 discarded because DVLA knows no vehicle with that registration;"
        " 1 that DVLA cannot read, which stay."
    )
    assert answer.status_code == 200 and answer.text.count(said) == 2
    assert "A doubt of mine" in answer.text and '<option value="void:other" selected>' in answer.text
    # What came back can be finished as it stands: it knows what the comparison changed.
    decided[f"decision-{held.rows[2]}"] = "ready"
    finished = carol.post(f"{held.page}/check", data={**hidden_fields(answer.text), **decided})
    assert finished.status_code == 303
    assert held.statuses() == ["void", "rejected_dvla", "ready"]


def test_a_service_that_is_not_there_or_silent_is_told_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    held = desk.held(fast())
    desk.app.config["DVLA_URL"] = "http://127.0.0.1:9/"
    assert compare(held).problem == dvla.NOT_REACHED


def test_a_press_asks_about_some_and_the_next_about_the_others(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
):
    held = desk.held(fast("GK24 ABC"), fast("EY19 KLM"), fast("LB70 RST"))
    for plate in ("GK24ABC", "EY19KLM", "LB70RST"):
        service.knows(plate, "FORD", "BLUE")
    monkeypatch.setattr(dvla_checks, "AT_A_PRESS", 2)
    assert compare(held) == dvla_checks.Compared(fitting=2, left=1)
    assert compare(held) == dvla_checks.Compared(fitting=1)
    monkeypatch.setattr(dvla_checks, "LONGEST_S", -1.0)
    late = desk.held(fast("KX21 XYZ"))
    assert compare(late) == dvla_checks.Compared(left=1)


def test_only_what_would_be_ready_is_asked_about(desk: Desk, service: Service):
    held = desk.held(
        fast("GK24 ABC", confidence="part"),
        fast("B AA 1234 Q"),
        {"speed": 44},
        {"speed": 30},
        fast("GK77 ABC"),
    )
    assert compare(held) == dvla_checks.Compared() and service.asked == []
    held.finish(COUNTED, COUNTED, COUNTED, None, COUNTED)
    assert compare(held).left == 0 and service.asked == []


def test_what_is_corrected_while_dvla_is_asked_is_asked_about_again(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
):
    held, carol = desk.held(fast()), desk.person("Carol")
    ask = dvla.ask

    def ask_and_correct(plate: str) -> dvla.Vehicle | None:
        said = ask(plate)
        own = held.find(1).id
        typed = {"speed": ["44"], "confidence": ["certain"], "colour": ["red"], "make": ["ford"]}
        speed_rows.correct(held.reference, own, typed, 1, "It was red", carol)
        return said

    service.knows("GK24ABC", "FORD", "RED")
    monkeypatch.setattr(dvla, "ask", ask_and_correct)
    assert compare(held) == dvla_checks.Compared(left=1)
    monkeypatch.setattr(dvla, "ask", ask)
    assert compare(held) == dvla_checks.Compared(fitting=1)
    assert held.statuses() == ["draft"]


def test_who_may_not_check_and_an_installation_without_a_key_ask_nothing(desk: Desk, service: Service):
    held = desk.held(fast())
    for name in ("Vic", "Ada", "Nadia"):
        with pytest.raises(NotFound):
            compare(held, name)
    going = desk.held(fast(), is_over=False)
    with pytest.raises(Refused):
        compare(going)
    desk.app.config["DVLA_API_KEY"] = ""
    with pytest.raises(NotFound):
        compare(held)
    assert service.asked == []
    held.finish(MISREAD)


def test_the_address_of_the_service_is_checked_at_the_start(tmp_path):
    from webapp import create_app

    with pytest.raises(SettingsError, match="DVLA_URL"):
        create_app({"DVLA_API_KEY": "x", "DVLA_URL": "nowhere"}, tmp_path)


def test_logs_hold_neither_plate_nor_key(
    desk: Desk, service: Service, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    held = desk.held(fast())
    client = desk.client("Carol")
    service.default = (500, {})
    answer = held.post(client, "/check", {})
    assert answer.status_code == 422
    token = hidden_fields(client.get(f"{held.page}/check").text)["csrf_token"]
    answer = client.post(f"{held.page}/check/compare", data={"csrf_token": token})
    assert dvla.OUT_OF_ORDER in answer.text
    written = "".join(capfd.readouterr()) + caplog.text
    for secret in ("GK24ABC", "GK24 ABC", KEY):
        assert secret not in written
    with desk.app.app_context(), one_commit():
        assert len(service.asked) == 1
