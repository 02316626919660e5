"""Whole plates stand on the check, where a vehicle is corrected, and in the file for the police; nowhere else."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import BuildError, Rule

from tests.cast import CHARACTERS, Cast
from tests.conftest import NOON
from tests.phone import Phone, new_id
from tests.watching import ended, scheme, vehicle, watch
from webapp.extensions import clock, db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedDevice

PLATE, WAITING = "GK24 ABC", "EY19 KLM"
MAY_SHOW = {"speed_checks.show", "speed_rows.edit"}
WHO = {"Carol", "Owen"}


@pytest.fixture
def values(app: Flask, cast: Cast) -> dict[str, Any]:
    """What addresses are filled with: a session with a fast vehicle, in two versions, and two vehicles that wait."""
    with app.app_context():
        made = scheme(cast)
        device = db.session.get_one(SpeedDevice, made.device)
    vic, own, row = Phone(cast.client("Vic")), new_id(), new_id()
    with clock.standing_at(NOON):
        reference = vic.put(own, watch(made)).json["reference"]
        assert vic.put(row, vehicle(own, 44, PLATE)).status_code == 201
        # Two versions that clash stand side by side on a page of their own.
        assert vic.put(row, {**vehicle(own, 45, PLATE), "rev": 2}).status_code == 409
        # One that belongs to nothing yet is for an officer to decide.
        assert vic.put(new_id(), vehicle(new_id(), 44, WAITING)).json["state"] == "parent"
        vic.put(own, ended(watch(made)))
        # Sunita has no part in speed-watch: what she sends waits for an officer, who reads what it says.
        sunita = Phone(cast.client("Sunita"))
        assert sunita.put(new_id(), vehicle(own, 44, WAITING)).json["state"] == "officer"
    return {
        "reference": reference,
        "capture_id": UUID(row),
        "reading_id": UUID(row),
        "code": made.site,
        "scheme_id": made.id,
        "volunteer_id": made.vic,
        "device_id": device.id,
        "kind": "speed_watch",
        "name": "speed-log",
    }


def _addresses(app: Flask, values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (endpoint, address) of each page that can be asked for with what there is."""
    found = []
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    with app.test_request_context():
        for rule in rules:
            if set(rule.arguments) <= set(values):
                try:
                    given = {name: values[name] for name in rule.arguments}
                    address = app.url_map.bind("localhost").build(rule.endpoint, given)
                except BuildError:
                    continue
                found.append((rule.endpoint, address))
    return found


@pytest.mark.parametrize("name", [*CHARACTERS, None])
def test_no_page_shows_a_plate_but_the_check_and_the_correction(
    app: Flask, cast: Cast, values: dict[str, Any], name: str | None
) -> None:
    client = cast.client(name) if name else app.test_client()
    shown, asked = set(), 0
    for endpoint, address in _addresses(app, values):
        if endpoint in {"security.logout", "static"}:
            continue
        answer = client.get(address)
        asked += answer.status_code == 200
        assert answer.status_code < 500, address
        plain = (
            "".join(answer.text.split()) if answer.mimetype.startswith(("text", "application/json")) else ""
        )
        if any("".join(plate.split()) in plain for plate in (PLATE, WAITING)):
            shown.add(endpoint)
    assert asked > 5
    assert shown <= (MAY_SHOW if name in WHO else {"speed_rows.edit"} if name == "Vic" else set())
    if name in WHO:
        assert "speed_checks.show" in shown


def test_a_plate_is_in_no_address_and_no_line_of_the_log(
    app: Flask, cast: Cast, values: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    carol = cast.client("Carol")
    carol.get(f"/speed-watch/{values['reference']}/check")
    for query in (PLATE, PLATE.replace(" ", "")):
        # Nobody can look for a plate: the words of a search find no record by one.
        page = carol.get("/speed-watch/sessions", query_string={"text": query, "plate": query})
        assert page.status_code == 200
    said = capsys.readouterr()
    assert not any(
        plate in said.err + said.out for plate in ("GK24ABC", "GK24 ABC", "GK24+ABC", "GK24%20ABC", "EY19KLM")
    )
    with app.app_context():
        assert db.session.query(SpeedReading).one().plate is not None
