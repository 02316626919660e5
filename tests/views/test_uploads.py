"""However large, broken or odd a body is: the answer is a page in words, what was typed stays, memory stays small."""

import gzip
import io
import tracemalloc
from typing import Any

import pytest
from flask import Flask, render_template, request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse
from wtforms.fields.core import UnboundField

from tests import pictures
from tests.builders import REPORT_PAGE, count, filled, hidden_fields, open_page, token_of
from tests.multipart import BrowserLikeClient, encode
from webapp.forms.fly_tipping import FlyTippingForm
from webapp.models.photo import Photo
from webapp.views.uploads import MOST_TYPED_BYTES, FormRequest

MEGABYTE = 1024 * 1024
WORDS_OF_REPORT = [
    name
    for name in dir(FlyTippingForm)
    if isinstance(getattr(FlyTippingForm, name), UnboundField) and name != "photos"
]
BROKEN = [
    (b"words", "multipart/form-data"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"anything", "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nbroken off', "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n\xff',
        "multipart/form-data; boundary=x",
    ),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nNothing: here\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\na\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        b'--x\r\nContent-Disposition: form-data; name="b"\r\n\r\nc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (b"--\xc5\xb5--", "multipart/form-data; boundary=\u0175"),
    (b"&".join([b"a=1"] * 2001), "application/x-www-form-urlencoded"),
]


@pytest.fixture
def page(client: FlaskClient) -> dict[str, str]:
    return open_page(client)


def post(
    client: FlaskClient, page: dict[str, str], files: list[tuple[str, bytes]], **changes: Any
) -> TestResponse:
    photos = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode({**page, **filled(**changes), "photos": photos})
    return client.post(REPORT_PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize(("body", "content_type"), BROKEN)
def test_a_broken_body_is_a_page_and_never_a_fault(client: FlaskClient, body: bytes, content_type: str):
    answer = client.post(REPORT_PAGE, data=body, content_type=content_type)
    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_a_photo_of_30_mb_comes_back_as_413_with_everything_typed_and_the_good_photo_kept(
    client: FlaskClient, page: dict[str, str], app: Flask
):
    words = "Ŵ words & <b>more</b> 😀"
    answer = post(
        client,
        page,
        [("huge<i>.jpg", pictures.jpeg() + bytes(30 * MEGABYTE)), ("good.jpg", pictures.jpeg())],
        description=words,
    )
    assert answer.status_code == 413
    assert "“huge&lt;i&gt;.jpg” is larger than 25 MB." in answer.text
    assert "Ŵ words &amp; &lt;b&gt;more&lt;/b&gt; 😀" in answer.text
    assert count(app, Photo) == 1
    again = client.post(
        REPORT_PAGE, data={**hidden_fields(answer.text), **filled()}, content_type="multipart/form-data"
    )
    token_of(again)
    with app.app_context():
        from webapp.extensions import db

        assert db.session.query(Photo).one().record_id is not None


def test_a_body_past_all_limits_is_a_page(client: FlaskClient, page: dict[str, str]):
    answer = post(client, page, [(f"{number}.jpg", bytes(22 * MEGABYTE)) for number in range(3)])
    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_each_bad_file_is_refused_in_words_beside_the_field_and_the_report_stays_unsent(
    client: FlaskClient, page: dict[str, str], app: Flask
):
    files = [("empty.jpg", b""), ("drawing.jpg", pictures.SVG), ("bomb.png", pictures.bomb_png())]
    answer = post(client, page, files)
    assert answer.status_code == 422
    for sentence in (
        "“empty.jpg” is empty",
        "“drawing.jpg” is not a photo",
        "“bomb.png” has more than 50 million",
    ):
        # Once in the summary and once beside the field.
        assert answer.text.count(sentence) == 2
    assert count(app) == 0


def test_six_photos_come_back_with_five_kept(client: FlaskClient, page: dict[str, str], app: Flask):
    answer = post(client, page, [(f"{number}.jpg", pictures.jpeg((40 + number, 40))) for number in range(6)])
    assert answer.status_code == 422
    assert "“5.jpg” was left out" in answer.text
    assert count(app, Photo) == 5


WRONG_CODES = {"latitude": None, "longitude": None, "postcode": "XX1 1XX", "grid_reference": "ZZ 12"}
CODES_REFUSED = ("We cannot find the postcode", "is not a grid reference")


@pytest.mark.parametrize("held", [0, 5], ids=["with the sixth at once", "with five sent before"])
def test_photos_left_out_and_codes_that_name_nothing_are_told_in_one_round(
    client: FlaskClient, page: dict[str, str], app: Flask, held: int
):
    photos = [(f"{number}.jpg", pictures.jpeg((40 + number, 40))) for number in range(6)]
    if held:
        post(client, page, photos[:held], main_waste=None)
    answer = post(client, page, photos[held:], **WRONG_CODES)
    assert answer.status_code == 422
    told = ("“5.jpg” was left out", *CODES_REFUSED)
    # Once in the summary and once beside the field.
    assert [answer.text.count(sentence) for sentence in told] == [2, 2, 2]
    assert (count(app), count(app, Photo)) == (0, 5)


def test_two_codes_that_name_nothing_are_told_in_one_round(client: FlaskClient, page: dict[str, str]):
    answer = post(client, page, [], **WRONG_CODES)
    assert [answer.text.count(sentence) for sentence in CODES_REFUSED] == [2, 2]


def test_a_whole_album_is_answered_in_words(client: FlaskClient, page: dict[str, str]):
    answer = post(client, page, [(f"{number}.jpg", pictures.jpeg()) for number in range(100)])
    assert answer.status_code == 422
    assert "A report takes up to 5 photos" in answer.text


def test_the_same_report_with_its_photo_sent_twice_is_one_of_each(
    client: FlaskClient, page: dict[str, str], app: Flask
):
    first, second = (post(client, page, [("a.jpg", pictures.jpeg())]) for _ in range(2))
    assert token_of(first) == token_of(second)
    assert (count(app), count(app, Photo)) == (1, 1)


class TestReading:
    """The parser by itself."""

    @pytest.fixture
    def reader(self) -> FlaskClient:
        app = Flask("reader of a test")
        app.request_class = FormRequest
        app.test_client_class = BrowserLikeClient

        @app.post("/")
        def read() -> dict[str, object]:
            sizes = [file.stream.seek(0, io.SEEK_END) for file in request.files.getlist("f")]
            return {"fields": list(request.form.items(multi=True)), "sizes": sizes}

        return app.test_client()

    def test_typed_fields_come_as_they_were_typed(self, reader: FlaskClient):
        typed = {"a": ["1", "2"], "b": "Ŵ😀\r\nline", "c": "\x00", "d": "x" * 10_000}
        for content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            fields = reader.post("/", data=typed, content_type=content_type).json["fields"]
            expected = [["a", "1"], ["a", "2"], ["b", "Ŵ😀\r\nline"], ["c", "\x00"], ["d", "x" * 10_000]]
            assert sorted(fields) == expected

    def test_bytes_that_are_no_text_become_question_marks_in_diamonds(self, reader: FlaskClient):
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n'
        answer = reader.post("/", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.json["fields"] == [["a", "\ufffd\ufffd"]]
        plain = reader.post("/", data=b"a=%ff", content_type="application/x-www-form-urlencoded")
        assert plain.json["fields"] == [["a", "\ufffd"]]

    @pytest.mark.parametrize(
        "typed",
        [
            {"a": "x" * 5 * MEGABYTE},
            {f"a{number}": "x" * (MOST_TYPED_BYTES // 10) for number in range(11)},
        ],
        ids=["one field", "eleven fields"],
    )
    def test_megabytes_of_text_are_too_much(self, reader: FlaskClient, typed: dict[str, str]):
        boundary, body = encode(typed)
        answers = (
            reader.post("/", data=body, content_type=f"multipart/form-data; boundary={boundary}"),
            reader.post("/", data=typed, content_type="application/x-www-form-urlencoded"),
        )
        assert [answer.status_code for answer in answers] == [413, 413]

    def test_a_thousand_parts_are_too_many(self, reader: FlaskClient):
        many = {"a": ["x"] * 1000}
        assert reader.post("/", data=many, content_type="multipart/form-data").status_code == 413

    def test_a_file_is_cut_one_byte_past_what_a_photo_may_have(self, reader: FlaskClient):
        boundary, body = encode({"f": FileStorage(io.BytesIO(bytes(30 * MEGABYTE)), "a"), "a": "typed"})
        answer = reader.post("/", data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert answer.json == {"fields": [["a", "typed"]], "sizes": [25 * MEGABYTE + 1]}

    def test_files_fill_the_disk_and_not_the_memory(self, reader: FlaskClient):
        body = io.BytesIO()
        body.write(b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n')
        body.write(bytes(24 * MEGABYTE))
        body.write(b"\r\n--x--\r\n")
        length = body.tell()
        body.seek(0)
        tracemalloc.start()
        try:
            answer = reader.post(
                "/", input_stream=body, content_length=length, content_type="multipart/form-data; boundary=x"
            )
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert answer.json["sizes"] == [24 * MEGABYTE]
        assert most < 3 * MEGABYTE


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((REPORT_PAGE, name) for name in WORDS_OF_REPORT),
        (REPORT_PAGE, "first_seen_on-day"),
        ("/track", "link"),
        ("/account/reset", "email"),
    ],
)
def test_a_file_where_words_belong_is_nobodys_answer_and_never_a_fault(
    client: FlaskClient, page: dict[str, str], path: str, name: str
):
    typed = {**page, **filled(), "link": "x", "email": "nobody@example.org"}
    typed[name] = FileStorage(io.BytesIO(b"words"), "words.txt")
    boundary, body = encode(typed)
    answer = client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code in {200, 302, 303, 422}
    assert "words.txt" not in answer.text


@pytest.mark.parametrize("path", [REPORT_PAGE, "/track"])
def test_a_compressed_form_is_refused_in_words_and_not_read_as_an_empty_one(client: FlaskClient, path: str):
    answer = client.post(
        path,
        data=gzip.compress(b"link=x"),
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 415
    assert "without Content-Encoding" in answer.text


def test_a_page_about_too_much_leads_on(app: Flask):
    for status, onward in (("413", "/fly-tipping/new"), ("429", "/")):
        with app.test_request_context():
            page = render_template(f"errors/{status}.html", error_reference="x")
        content = page.split("<main", 1)[1].split("</main>", 1)[0]
        assert f'href="{onward}"' in content, status
