"""The home page of speed-watch: each figure opens exactly the things that it counts, whoever reads it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.desk import MISREAD, READY, Desk, fast
from tests.speeding import hold
from tests.watching import REVIEW, TRAINED, scheme
from webapp.extensions import clock
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.services import plates, police_exports
from webapp.services.transaction import one_commit

TODAY = date(2026, 11, 22)
FIGURE = re.compile(
    r'<a class="govuk-link wb-cell-link" href="([^"]+)"><span><strong>([\d,]+)</strong> ([^<]+)</span>'
)


def rows(page: str, anchor: str) -> int:
    """Return how many things the table of a list names."""
    return len(re.findall(r"<th[^>]* scope=\"row\"", page))


def lines(page: str, anchor: str) -> int:
    """Return how many things stand in the list under an anchor."""
    _, _, after = page.partition(f'id="{anchor}"')
    return after.partition("</ul>")[0].count("<li>")


def ready(page: str, anchor: str) -> int:
    """Return how many vehicles are ready by the sentences of each scheme."""
    return sum(int(number) for number in re.findall(r"<strong>(\d+) vehicles? (?:is|are) ready", page))


COUNTED_BY: dict[str, Callable[[str, str], int]] = {
    "session": rows,
    "vehicle": ready,
    "export": lines,
    "volunteer": lines,
    "device": lines,
    "site": rows,
}
"""How the things of each name are counted on the page that lists them."""


@pytest.fixture
def district(app: Flask, cast: Cast, noon: datetime) -> Desk:
    """Otford's scheme with something of each kind waiting, Kemsing's with as much, and one that has ended."""
    desk = Desk(app, cast)
    for number in range(3):
        held = desk.held(fast("GK24 ABC", 44), began=noon - timedelta(days=number, hours=2))
        if number < 2:
            held.finish(READY)
        if number == 0:
            desk.make()
    with app.app_context():
        kemsing, ended = scheme(cast, "Kemsing", ()), scheme(cast, "Shoreham", ("Vic", "Carol"))
        hold(kemsing, TODAY, [34], status="under_way", minutes=30)
        _let_run_out(desk.scheme.id, kemsing.id, ended.id)
        with one_commit() as session:
            session.get_one(SpeedScheme, ended.id).is_active = False
    return desk


def _let_run_out(*schemes: int) -> None:
    """Of each scheme: one is trained, one only tomorrow, one never, one for 60 days more; one who lapsed has left."""
    with one_commit() as session:
        for own in schemes:
            people = session.query(SpeedVolunteer).filter_by(scheme_id=own).order_by(SpeedVolunteer.id).all()
            people[0].refresher_due_on = TODAY + timedelta(days=61)
            people[1].trained_on = TODAY + timedelta(days=1)
            people[2].trained_on = people[2].refresher_due_on = people[2].training_type = None
            people[3].refresher_due_on = TODAY + timedelta(days=60)
            gone = {
                "is_active": False,
                "trained_on": TRAINED,
                "refresher_due_on": TRAINED + timedelta(days=1),
            }
            session.add(SpeedVolunteer(scheme_id=own, name="Gone", **gone))
            device = session.query(SpeedDevice).filter_by(scheme_id=own).one()
            device.calibration_due_on = TODAY - timedelta(days=1)
            session.add(SpeedDevice(scheme_id=own, type="unipar_sl700", serial=f"OLD-{own}", is_active=False))
            session.add(SpeedDevice(scheme_id=own, type="bushnell", serial=f"NEW-{own}"))
        for number, (status, review) in enumerate(SITES):
            session.add(_site(number, status, review))


SITES = (
    ("requested", None),
    ("requested", None),
    ("assessed", REVIEW),
    ("suspended", TODAY),
    ("approved", TODAY + timedelta(days=60)),
    ("approved", TODAY + timedelta(days=61)),
    ("approved", TODAY - timedelta(days=1)),
    ("approved", None),
    ("retired", TODAY),
)


def _site(number: int, status: str, review: date | None) -> SpeedSite:
    return SpeedSite(
        id=uuid4(),
        code=f"T{number}",
        name=f"Place {number}",
        status=status,
        limit_mph=30,
        location_source="map",
        latitude=51.31,
        longitude=0.19,
        review_due_on=review,
        asked_at=datetime.fromisoformat("2026-11-01T12:00:00+00:00"),
    )


def figures(client: FlaskClient) -> dict[str, tuple[int, str]]:
    """Return each figure by what it counts, with the address that it opens."""
    page = client.get("/speed-watch").text
    found = FIGURE.findall(page)
    return {words: (int(number), href.replace("&amp;", "&")) for href, number, words in found}


WAITS = {
    "Carol": {
        "session to check": 1,
        "vehicle ready for the police": 1,
        "export without an answer of the police": 1,
        "volunteers to train within 60 days": 3,
        "device to calibrate within 60 days": 1,
    },
    "Owen": {
        "sessions to check": 2,
        "vehicle ready for the police": 1,
        "export without an answer of the police": 1,
        "volunteers to train within 60 days": 6,
        "devices to calibrate within 60 days": 2,
        "sites asked for, to be assessed": 2,
        "site assessed, to be approved": 1,
        "sites to look at again within 60 days": 3,
    },
    "Ada": {
        "volunteers to train within 60 days": 6,
        "devices to calibrate within 60 days": 2,
        "sites asked for, to be assessed": 2,
        "site assessed, to be approved": 1,
        "sites to look at again within 60 days": 3,
    },
    "Vic": {},
}


@pytest.mark.parametrize("name", WAITS)
def test_each_figure_opens_exactly_as_many_things_as_it_says(district: Desk, name: str):
    client = district.client(name)
    found = figures(client)
    assert {words: count for words, (count, _) in found.items()} == WAITS[name]
    for words, (count, href) in found.items():
        address, _, anchor = href.partition("#")
        page = client.get(address)
        assert page.status_code == 200
        counted = COUNTED_BY[words.split()[0].removesuffix("s")](page.text, anchor)
        assert counted == count, (words, href)


def test_an_export_that_nobody_took_and_nobody_can_take_any_more_waits_for_no_answer(
    app: Flask, cast: Cast, noon: datetime
):
    desk = Desk(app, cast)
    taken, late = desk.held(fast()), desk.held(fast("EY19 KLM"))
    numbers = []
    for held in (taken, late):
        held.finish(READY)
        numbers.append(desk.make(known=numbers[-1] if numbers else 0))
    carol = desk.person("Carol")
    with app.app_context():
        police_exports.take(numbers[0], "csv", "", carol)
    client, words = desk.client("Carol"), "{} without an answer of the police"
    assert figures(client)[words.format("exports")][0] == 2
    with app.app_context(), one_commit() as session:
        plates.forget(session, [UUID(own) for held in (taken, late) for own in held.rows], clock.now())
    assert figures(client)[words.format("export")][0] == 1
    page = client.get("/speed-watch/exports").text
    assert lines(page, "unanswered") == 1 and page.count("nobody took its file") == 1


def test_who_is_told_that_nothing_waits(app: Flask, cast: Cast):
    for name in ("Carol", "Owen", "Ada"):
        assert '<p class="govuk-body">Nothing.</p>' in cast.client(name).get("/speed-watch").text
    assert "What waits for you" not in cast.client("Vic").get("/speed-watch").text


def test_a_session_says_as_many_speeds_as_its_figures_count(app: Flask, cast: Cast, noon: datetime):
    desk = Desk(app, cast)
    held = desk.held(fast(), fast("EY19 KLM", 52))
    held.finish(READY, MISREAD)
    page = desk.client("Carol").get(held.page).text
    said = dict(re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd[^>]*>([^<]*)</dd>", page))
    assert (said["Speeds logged"], said["Recorded at 35 mph or more"]) == ("1", "1")
    assert page.count('id="vehicle-') == 2
