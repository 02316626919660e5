"""The report page as a browser without JavaScript uses it: sent once, kept, and told in words when it cannot be."""

import errno
import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import pictures
from tests.builders import REPORT_PAGE, count, filled, hidden_fields, only_record, open_page, send, token_of
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.fly_tipping import FlyTip
from webapp.models.report import Report
from webapp.services import media

NO_PLACE = {
    "latitude": None,
    "longitude": None,
    "location_source": None,
    "accuracy_m": None,
    "place_text": None,
}


def test_a_resident_reports_and_is_told_reference_ward_and_due_date(
    client: FlaskClient, app: Flask, noon
) -> None:
    sent = send(client, reporter_email="rosa@example.org", wants_news="y")
    page = client.get(sent.headers["Location"]).text
    for words in (
        "FT-2026-00001",
        "Sevenoaks Town and St John",
        "Sunday 29 November",
        "Due to be cleared by",
        "/track/",
    ):
        assert words in page
    tip = only_record(app)
    assert (tip.main_waste, tip.size, tip.land_type) == ("other_household", "car_boot", "highway")


def test_on_land_that_may_be_private_no_due_date_is_promised(client: FlaskClient, noon) -> None:
    for land in ("private_residential", "other_unidentified", "railway"):
        page = client.get(send(client, land_type=land).headers["Location"]).text
        assert "Due to be cleared by" not in page
        assert "We find out who must clear it by <strong>Sunday 29 November" in page


def test_a_refresh_or_double_tap_is_the_same_report(client: FlaskClient, app: Flask) -> None:
    page = open_page(client)
    first, again = send(client, page), send(client, page)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert (count(app), count(app, Report)) == (1, 1)


def test_back_and_changed_words_keep_the_first_and_offer_to_add(client: FlaskClient, app: Flask) -> None:
    page = open_page(client)
    first = send(client, page)
    changed = send(client, page, description="There are also tyres")
    assert changed.status_code == 409
    assert "You have already sent this report" in changed.text and "There are also tyres" in changed.text
    assert (count(app), count(app, CaptureRevision)) == (1, 2)
    token = token_of(first)
    answer = client.post(
        f"/track/{token}/words", data={**hidden_fields(changed.text), "words": "There are also tyres"}
    )
    assert answer.status_code == 303
    assert "There are also tyres" in client.get(f"/track/{token}").text


@pytest.mark.parametrize("contact", ["reporter_email", "reporter_phone"])
def test_a_contact_without_the_wish_for_news_is_told_that_nobody_will_write(
    client: FlaskClient, contact: str
) -> None:
    given = {contact: {"reporter_email": "rosa@example.org", "reporter_phone": "01732 000000"}[contact]}
    pages = [
        client.get(send(client, **answers).headers["Location"]).text
        for answers in (given, {**given, "wants_news": "y"}, {})
    ]
    assert ["We will not write to you" in page for page in pages] == [True, False, False]


def test_the_wish_for_news_stands_after_the_contacts_and_says_what_leaving_it_out_means(
    client: FlaskClient,
) -> None:
    page = client.get(REPORT_PAGE).text
    assert page.index('name="reporter_phone"') < page.index('name="wants_news"')
    assert "Without this tick we will not write to you" in page


def test_words_alone_are_enough_for_a_place_and_are_flagged(client: FlaskClient, app: Flask) -> None:
    sent = send(client, **{**NO_PLACE, "place_text": "By the old mill in Shoreham"})
    assert only_record(app).location_source == "none"
    assert "You gave the place in words only" in client.get(sent.headers["Location"]).text


def test_a_place_outside_the_district_is_accepted_with_how_to_report_elsewhere(
    client: FlaskClient, app: Flask
) -> None:
    sent = send(client, latitude="51.5", longitude="-0.12")
    page = client.get(sent.headers["Location"]).text
    assert "outside Sevenoaks District" in page and "https://www.gov.uk/report-flytipping" in page
    assert only_record(app).ward_code is None


def summary_of(page: str) -> str:
    """Return the list of a page's error summary."""
    _, _, rest = page.partition("govuk-error-summary__list")
    return rest.partition("</ul>")[0]


NOTHING = dict.fromkeys(filled(), None)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({}, "Tell us where it is"),
        ({"photo_place": "y"}, "Tell us where it is"),
        ({"postcode": "XX1 1XX"}, "We cannot find the postcode"),
        ({"grid_reference": "ZZ 12"}, "is not a grid reference"),
        ({"latitude": "51.27"}, "Give both latitude and longitude"),
        ({"latitude": "north", "longitude": "0.19"}, "Latitude is a number"),
    ],
)
def test_all_that_is_missing_or_wrong_is_told_at_once(
    client: FlaskClient, place: dict, sentence: str
) -> None:
    page = send(client, **{**NOTHING, **place}).text
    summary = summary_of(page)
    told = (sentence, "Choose what it mostly is", "Choose what kind of place it is")
    assert [summary.count(each) for each in told] == [1, 1, 1]
    assert summary.count("<li>") == 3
    assert summary.index(sentence) < summary.index(told[1])


def test_a_photo_whose_place_is_to_be_used_is_a_place(client: FlaskClient, app: Flask) -> None:
    page = open_page(client)
    chosen = {"photos": (io.BytesIO(pictures.jpeg(exif=pictures.camera_notes())), "tip.jpg")}
    wanted = {**NO_PLACE, "photo_place": "y"}
    refused = send(client, page, **wanted, **chosen, main_waste=None)
    assert refused.status_code == 422 and "Tell us where it is" not in summary_of(refused.text)
    assert send(client, page, **wanted).status_code == 303
    record = only_record(app)
    assert (record.latitude, record.longitude) == pictures.IN_SEVENOAKS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (NO_PLACE, "Tell us where it is"),
        ({"main_waste": None}, "Choose what it mostly is"),
        ({"land_type": None}, "Choose what kind of place it is"),
        ({"main_waste": "plutonium"}, "Choose one of the answers"),
        ({"size": "enormous"}, "Choose one of the answers"),
        ({"latitude": "91"}, "Latitude is a number from -90 to 90"),
        ({"latitude": "nan"}, "Latitude is a number from -90 to 90"),
        ({"longitude": "inf"}, "Longitude is a number from -180 to 180"),
        ({"longitude": "east"}, "Longitude is a number from -180 to 180"),
        ({"latitude": None, "location_source": None}, "Give both latitude and longitude"),
        ({**NO_PLACE, "postcode": "XX1 1XX"}, "We cannot find the postcode"),
        ({**NO_PLACE, "grid_reference": "ZZ 12"}, "is not a grid reference"),
        (
            {"description": "x" * 10_000},
            "What you wrote is 10,000 characters long. Shorten it to 5,000 or fewer.",
        ),
        (
            {"first_seen_on-day": "31", "first_seen_on-month": "2", "first_seen_on-year": "2026"},
            "cannot be 31 February 2026: that month has 28 days",
        ),
        ({"first_seen_on-day": "3"}, "needs a day, a month and a year"),
        (
            {"first_seen_on-day": "21", "first_seen_on-month": "11", "first_seen_on-year": "26"},
            "a year of four figures",
        ),
        (
            {"first_seen_on-day": "1", "first_seen_on-month": "1", "first_seen_on-year": "2099"},
            "cannot be in the future",
        ),
        ({"reporter_email": "rosa at example"}, "Enter an email address in the form"),
        ({"reporter_phone": "call me"}, "Enter a telephone number such as"),
        ({"wants_news": "y"}, "Give an email address or a telephone number"),
    ],
)
def test_a_refusal_is_a_sentence_in_the_summary_and_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, app: Flask, changes: dict, sentence: str
) -> None:
    answer = send(client, **{"reporter_name": "Rosa Łlŷr 🦊", **changes})
    assert answer.status_code == 422
    assert answer.text.count(sentence) >= 2
    assert "Error: Report fly-tipping" in answer.text
    assert "Rosa Łlŷr 🦊" in answer.text
    for name, typed in filled(**changes).items():
        if name in {"place_text", "description", "postcode", "grid_reference", "latitude", "longitude"}:
            assert typed in answer.text, name
    assert count(app) == 0


def test_comma_decimals_are_read(client: FlaskClient, app: Flask) -> None:
    assert send(client, latitude="51,27028", longitude="0,19171").status_code == 303
    assert (only_record(app).latitude, only_record(app).longitude) == (51.27028, 0.19171)


def test_emoji_and_welsh_letters_are_kept_and_nul_bytes_are_not(client: FlaskClient, app: Flask) -> None:
    send(client, description="Soffa ŵedi\x00 ei gadael 🛋️ <script>alert(1)</script>")
    assert only_record(app).description == "Soffa ŵedi ei gadael 🛋️ <script>alert(1)</script>"


def test_what_was_typed_is_escaped_on_every_page(client: FlaskClient, cast) -> None:
    script = "<script>alert(1)</script>"
    sent = send(client, description=script, place_text=script, reporter_name=script)
    token = token_of(sent)
    owen = cast.client("Owen")
    pages = [
        client.get(sent.headers["Location"]),
        client.get(f"/track/{token}"),
        owen.get("/records/FT-2026-00001"),
    ]
    pages += [owen.get("/records"), owen.get("/wards/E05005029"), owen.get("/map")]
    for page in pages:
        assert page.status_code == 200
        assert script not in page.text


def test_a_repeated_parameter_counts_once(client: FlaskClient, app: Flask) -> None:
    page = open_page(client)
    data = {**page, **filled(), "main_waste": ["tyres", "asbestos"], "description": ["first", "second"]}
    assert client.post(REPORT_PAGE, data=data).status_code == 303
    assert (only_record(app).main_waste, only_record(app).description) == ("tyres", "first")


@pytest.mark.parametrize("token", [None, "", "old and wrong"])
def test_an_old_page_comes_back_filled_with_a_new_token(
    client: FlaskClient, app: Flask, token: str | None
) -> None:
    page = {**open_page(client), "csrf_token": token}
    answer = send(client, {name: value for name, value in page.items() if value is not None})
    assert answer.status_code in {400, 422} and "A brown sofa and six black bags" in answer.text
    assert "open for too long" in answer.text
    assert count(app) == 0
    assert send(client, hidden_fields(answer.text)).status_code == 303
    assert count(app) == 1


def test_without_a_secret_or_id_a_report_is_kept_all_the_same(client: FlaskClient, app: Flask) -> None:
    page = {**open_page(client), "capture_id": "not an id", "capture_secret": ""}
    assert send(client, page).status_code == 303
    assert count(app) == 1


def test_somebody_elses_capture_id_overwrites_nothing(client: FlaskClient, app: Flask) -> None:
    page = open_page(client)
    send(client, page)
    stranger = app.test_client()
    theirs = {**open_page(stranger), "capture_id": page["capture_id"]}
    answer = send(stranger, theirs, description="Mine")
    assert answer.status_code == 422 and "Mine" in answer.text
    assert send(stranger, hidden_fields(answer.text), description="Mine").status_code == 303
    with app.app_context():
        assert sorted(tip.description for tip in db.session.query(FlyTip)) == [
            "A brown sofa and six black bags",
            "Mine",
        ]


def test_the_day_it_was_first_seen_is_kept(client: FlaskClient, app: Flask) -> None:
    send(client, **{"first_seen_on-day": "5", "first_seen_on-month": "11", "first_seen_on-year": "2026"})
    assert only_record(app).first_seen_on == date(2026, 11, 5)


def test_a_full_disk_is_said_before_it_is_full_and_nothing_typed_is_lost(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "free_bytes", lambda: 1_000_000)
    answer = send(client)
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "A brown sofa and six black bags" in answer.text and count(app) == 0


def test_a_disk_that_fills_up_while_photos_arrive_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(media, "keep_arriving", full)
    answer = send(client, photos=[(io.BytesIO(pictures.jpeg()), "sofa.jpg")])
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "A brown sofa and six black bags" in answer.text and count(app) == 0


class TestLimits:
    """Abuse is slowed down without losing what an honest person typed."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"SUBMIT_LIMIT": "2 per hour"}

    def test_too_many_from_one_address_wait_and_keep_what_they_typed(
        self, client: FlaskClient, app: Flask
    ) -> None:
        assert [send(client).status_code for _ in range(2)] == [303, 303]
        third = send(client)
        assert third.status_code == 429 and int(third.headers["Retry-After"]) > 0
        assert "A brown sofa and six black bags" in third.text and count(app) == 2


def test_dangerous_waste_says_what_not_to_touch(client: FlaskClient) -> None:
    page = client.get(REPORT_PAGE).text
    assert 'data-hazard-advice="asbestos"' in page and "Do not touch, break or bag it." in page
    sent = client.get(send(client, main_waste="asbestos").headers["Location"]).text
    assert "Do not touch, break or bag it." in sent


def test_without_javascript_the_question_is_asked_after_saving_and_one_tap_joins(
    client: FlaskClient, app: Flask, noon
) -> None:
    first = send(client, description="words of a stranger")
    second = app.test_client()
    sent = send(second, latitude="51.27031", longitude="0.19174")
    page = second.get(sent.headers["Location"]).text
    assert "Has it been reported already?" in page and "about 50 m away" in page
    assert "words of a stranger" not in page
    token = token_of(sent)
    reference = hidden_fields(page)["reference"]
    assert reference == "FT-2026-00001"
    joined = second.post(
        f"/track/{token}/join", data={"csrf_token": hidden_fields(page)["csrf_token"], "reference": reference}
    )
    assert joined.status_code == 303
    assert "FT-2026-00001" in second.get(joined.headers["Location"]).text
    with app.app_context():
        assert {tip.status for tip in db.session.query(FlyTip)} == {"reported", "duplicate"}
    assert first.status_code == 303


def test_whoever_joined_a_report_can_neither_merge_it_nor_see_where_it_is(
    client: FlaskClient, app: Flask
) -> None:
    send(client, latitude="51.27028", description="Somebody's own")
    send(app.test_client(), latitude="51.27029", land_type="council_land")
    stranger = app.test_client()
    sent = send(stranger, latitude="51.27044", joins="FT-2026-00001", description="What I saw myself")
    token = token_of(sent)
    page = stranger.get(f"/track/{token}")
    assert "FT-2026-00001" in page.text and "Somebody's own" not in page.text
    # Their own place is shown, and not the place of the report that was there already.
    assert "What I saw myself" in page.text
    assert "TQ 5298 5464" in page.text and "TQ 5298 5462" not in page.text
    data = {"csrf_token": hidden_fields(page.text)["csrf_token"], "reference": "FT-2026-00002"}
    assert stranger.post(f"/track/{token}/join", data=data).status_code == 404
    with app.app_context():
        assert [tip.status for tip in db.session.query(FlyTip).order_by(FlyTip.reference)] == [
            "reported",
            "reported",
            "duplicate",
        ]


def test_nearby_shows_facts_and_a_rounded_distance_but_never_a_strangers_words(
    client: FlaskClient, cast
) -> None:
    send(client, description="words of a stranger")
    address = "/fly-tipping/nearby?latitude=51.27031&longitude=0.19174"
    near = client.get(address).text
    assert "Furniture" in near or "Other household waste" in near
    assert "about 50 m away" in near and "words of a stranger" not in near
    owen = cast.client("Owen")
    page = owen.get("/records/FT-2026-00001")
    data = {"csrf_token": hidden_fields(page.text)["csrf_token"], "visibility": "released"}
    assert owen.post("/records/FT-2026-00001/visibility", data=data).status_code == 303
    assert "words of a stranger" in client.get(address).text
    assert client.get("/fly-tipping/nearby?latitude=51.3&longitude=0.19174").text.strip() == ""
    assert client.get("/fly-tipping/nearby?latitude=nan&longitude=x").text.strip() == ""
