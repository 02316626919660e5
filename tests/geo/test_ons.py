"""Fetching boundaries from a server on this machine that speaks ArcGIS's JSON, well and badly."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import shapely

from webapp.geo.boundaries import Boundaries, BoundaryError, schematic_wards
from webapp.geo.ons import ONS_WARDS_URL, fetch_boundaries

FIELDS = ["FID", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM", "GlobalID"]
JSON = "application/json; charset=utf-8"
Answer = tuple[int, str, bytes]
Fault = Callable[[dict[str, str], int], Answer | None]


def as_json(answer: object) -> Answer:
    return 200, JSON, json.dumps(answer).encode()


def error(code: int, message: str) -> Answer:
    """ArcGIS's way of failing: the status is 200, the trouble stands in the body."""
    return as_json({"error": {"code": code, "message": message, "details": []}})


class Service(ThreadingHTTPServer):
    """A feature service of wards; `fault` may answer in its place, given the question and its number."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.features = [
            {
                "type": "Feature",
                "properties": {"WD24CD": ward.code, "WD24NM": ward.name, "LAD24CD": "E07000111"},
                "geometry": json.loads(shapely.to_geojson(ward.geometry)),
            }
            for ward in schematic_wards().wards
        ]
        self.page_rows = 10
        self.fields = FIELDS
        self.count: int | None = None
        self.fault: Fault = lambda question, number: None
        self.questions: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/arcgis/rest/services/WD_DEC_2024/FeatureServer/0"

    def answer(self, path: str, question: dict[str, str]) -> Answer:
        self.questions.append(question)
        spoilt = self.fault(question, len(self.questions))
        if spoilt:
            return spoilt
        if not path.endswith("/query"):
            return as_json({"name": "WD_DEC_2024", "fields": [{"name": name} for name in self.fields]})
        wanted = [
            one for one in self.features if f"LAD24CD='{one['properties']['LAD24CD']}'" == question["where"]
        ]  # type: ignore[index]
        if question.get("returnCountOnly") == "true":
            return as_json({"count": len(wanted) if self.count is None else self.count})
        start = int(question["resultOffset"])
        size = min(int(question["resultRecordCount"]), self.page_rows)
        page: dict[str, Any] = {"type": "FeatureCollection", "features": wanted[start : start + size]}
        if start + size < len(wanted):
            page["properties"] = {"exceededTransferLimit": True}
        return as_json(page)


class Asked(BaseHTTPRequestHandler):
    """One question to the service."""

    server: Service

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        question = {key: values[0] for key, values in parse_qs(address.query).items()}
        status, kind, body = self.server.answer(address.path, question)
        promised = len(body)
        if kind == "cut":
            kind, promised = JSON, len(body) * 2
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits() -> list[float]:
    """The seconds that would have been waited."""
    return []


@pytest.fixture
def fetch(service: Service, waits: list[float]) -> Iterator[Callable[..., Boundaries]]:
    """Fetch Sevenoaks from the service on this machine, without really waiting."""
    with requests.Session() as session:
        session.trust_env = False

        def fetch_here(lad: str = "E07000111", **others: Any) -> Boundaries:
            return fetch_boundaries(
                lad, service_url=service.url, session=session, sleep=waits.append, **others
            )

        yield fetch_here


def refusal(fetch: Callable[..., Boundaries]) -> str:
    with pytest.raises(BoundaryError) as refused:
        fetch()
    return str(refused.value)


def test_all_pages_of_the_district_arrive(fetch: Callable[..., Boundaries], service: Service) -> None:
    fetched = fetch()
    assert [(ward.code, ward.name) for ward in fetched.wards] == [
        (ward.code, ward.name) for ward in schematic_wards().wards
    ]
    assert fetched.vintage == 2024
    assert fetched.source == "ONS Open Geography, WD_DEC_2024, district E07000111"
    assert "Office for National Statistics" in fetched.attribution
    assert fetched.attribution.endswith("2024")
    offsets = [question.get("resultOffset") for question in service.questions]
    assert offsets == [None, None, "0", "10", "20"]
    assert service.questions[2]["outSR"] == "4326"
    assert service.questions[2]["orderByFields"] == "WD24CD"


def test_progress_is_told_page_by_page(fetch: Callable[..., Boundaries]) -> None:
    told: list[tuple[int, int]] = []
    fetch(progress=lambda done, of: told.append((done, of)))
    assert told == [(10, 26), (20, 26), (26, 26)]


@pytest.mark.parametrize("address", ["", "/", "/query"])
def test_the_address_may_be_given_with_or_without_its_tail(
    service: Service, waits: list[float], address: str
) -> None:
    bare = service.url.removesuffix("/0") if address == "" else service.url + address
    assert len(fetch_boundaries("e07000111", service_url=bare, sleep=waits.append).wards) == 26


def test_the_default_is_the_ons_service_of_a_ward_layer() -> None:
    assert ONS_WARDS_URL.startswith("https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/WD_")
    assert ONS_WARDS_URL.endswith("/FeatureServer/0")


@pytest.mark.parametrize("lad", ["", "E07000111' OR '1'='1", "Sevenoaks", "E07000111;", "E05005029"])
def test_what_is_no_district_code_is_never_sent(
    fetch: Callable[..., Boundaries], service: Service, lad: str
) -> None:
    with pytest.raises(BoundaryError, match="is not the code of a local authority district"):
        fetch(lad)
    assert service.questions == []


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/FeatureServer/0", "https://example.org/wards.geojson"]
)
def test_what_is_no_feature_service_is_refused(url: str) -> None:
    with pytest.raises(BoundaryError, match="is not the address of a feature service"):
        fetch_boundaries("E07000111", service_url=url)


def test_a_district_that_the_service_does_not_know(fetch: Callable[..., Boundaries]) -> None:
    with pytest.raises(BoundaryError, match="has no wards of E07000112 in 2024"):
        fetch("E07000112")


def test_a_half_download_changes_nothing(fetch: Callable[..., Boundaries], service: Service) -> None:
    service.fault = lambda question, number: (
        as_json({"type": "FeatureCollection", "features": []})
        if question.get("resultOffset") == "20"
        else None
    )
    assert refusal(fetch).startswith("20 wards arrived, but 26 were announced. Nothing was changed.")


def test_more_wards_than_announced_change_nothing(fetch: Callable[..., Boundaries], service: Service) -> None:
    service.count = 25
    assert "26 wards arrived, but 25 were announced" in refusal(fetch)


def test_the_same_page_twice_is_noticed(fetch: Callable[..., Boundaries], service: Service) -> None:
    first = as_json({"type": "FeatureCollection", "features": service.features[:13]})
    service.fault = lambda question, number: first if "resultOffset" in question else None
    assert "13 wards arrived, but 26 were announced" in refusal(fetch)


def test_a_server_that_falters_is_asked_again_after_growing_waits(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    service.fault = lambda question, number: (
        (503, "text/html", b"<h1>busy</h1>") if number in (1, 2, 5) else None
    )
    assert len(fetch().wards) == 26
    assert waits == [1.0, 2.0, 1.0]


def test_an_error_delivered_as_success_is_asked_again_when_it_may_pass(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    service.fault = lambda question, number: (
        error(504, "Your request has timed out.") if number == 3 else None
    )
    assert len(fetch().wards) == 26
    assert waits == [1.0]


def test_an_error_delivered_as_success_is_said_when_it_will_not_pass(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    service.fault = lambda question, number: error(400, "Cannot perform query. Invalid query parameters.")
    assert refusal(fetch) == (
        "The boundary service refused the question (400: Cannot perform query. Invalid query parameters.). "
        "Nothing was changed."
    )
    assert waits == []


def test_a_server_that_stays_down_is_given_up_in_words(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    service.fault = lambda question, number: (500, "text/html", b"")
    assert "did not answer as it should, 4 times (HTTP 500). Nothing was changed." in refusal(fetch)
    assert waits == [1.0, 2.0, 4.0]


def test_no_server_at_all_is_given_up_in_words(waits: list[float]) -> None:
    silent = Service()
    url = silent.url
    silent.server_close()
    with pytest.raises(BoundaryError, match=r"4 times \(ConnectionError\). Nothing was changed."):
        fetch_boundaries("E07000111", service_url=url, sleep=waits.append)


def test_a_body_that_is_cut_short_is_asked_for_again(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    whole = json.dumps({"type": "FeatureCollection", "features": service.features[:10]}).encode()
    service.fault = lambda question, number: (200, "cut", whole[: len(whole) // 2]) if number == 3 else None
    assert len(fetch().wards) == 26
    assert waits == [1.0]


def test_json_that_stops_in_the_middle_is_asked_for_again(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float]
) -> None:
    service.fault = lambda question, number: (200, JSON, b'{"features": [{"type"') if number == 3 else None
    assert len(fetch().wards) == 26
    assert waits == [1.0]


@pytest.mark.parametrize("number_spoilt", [1, 2, 3])
def test_a_page_of_html_is_refused_in_words(
    fetch: Callable[..., Boundaries], service: Service, number_spoilt: int
) -> None:
    page = (200, "text/html", b"<html><body>Sign in to this network</body></html>")
    service.fault = lambda question, number: page if number == number_spoilt else None
    assert "answered with a page that is not data. Nothing was changed." in refusal(fetch)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_service_that_has_moved_is_said_at_once(
    fetch: Callable[..., Boundaries], service: Service, waits: list[float], status: int
) -> None:
    service.fault = lambda question, number: (status, "text/html", b"gone")
    assert f"answered HTTP {status}. Nothing was changed. Check its address" in refusal(fetch)
    assert waits == []


@pytest.mark.parametrize("answer", [[], {}, {"count": "26"}, {"count": -1}, {"count": None}])
def test_an_answer_of_another_kind_is_refused(
    fetch: Callable[..., Boundaries], service: Service, answer: object
) -> None:
    service.fault = lambda question, number: as_json(answer) if number == 2 else None
    assert "Nothing was changed" in refusal(fetch)


def test_a_layer_without_district_codes_is_refused(
    fetch: Callable[..., Boundaries], service: Service
) -> None:
    service.fields = ["FID", "WD19CD", "WD19NM"]
    assert "Give the address of ONS wards of 2022 or later." in refusal(fetch)


def test_a_ward_that_arrives_without_a_shape_changes_nothing(
    fetch: Callable[..., Boundaries], service: Service
) -> None:
    service.features[3]["geometry"] = None
    assert "sent 1 ward that cannot be used: they have no shape. Nothing was changed." in refusal(fetch)


def test_a_shape_that_is_no_shape_changes_nothing(fetch: Callable[..., Boundaries], service: Service) -> None:
    service.features[3]["geometry"] = {"type": "Polygon", "coordinates": "none"}
    assert "Nothing was changed" in refusal(fetch)
