"""The PDF of an audit: asked for on its page, made by the worker, and read by everybody who reads at all."""

import io
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.auditing import STREETS, Walked, shot, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.eva import EvaPaper
from webapp.models.event import Event
from webapp.services import media, paper_work, photos, typesetting
from webapp.services.work import WORKS

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    audit = walked(
        app, cast, lead_officer="Sunita Warden", route_points="51.3985, 0.1630\n51.3990, 0.1650", **STREETS
    )
    one = audit.see(shot(), shot(), category="graffiti", grade="C", note="<b>On the door</b> & beside it")
    audit.see(category="street_light", grade=None, severity="2", latitude=None, longitude=None)
    audit.line(one, status="verified", after=shot().content, text="Paint over the wall")
    audit.line(text="Mend the lamp", owner_agency="kcc_highways")
    audit.unfold()
    return audit


def ask(cast: Cast, audit: Walked, who: str = "Owen") -> Any:
    client = cast.client(who)
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    return client.post(f"{audit.page}/pdf", data={"csrf_token": token})


def work(app: Flask) -> bool:
    """Do the worker's part with PDFs."""
    with app.app_context():
        return WORKS["papers"]()


def read(cast: Cast, audit: Walked, who: str = "Owen") -> PdfReader:
    answer = cast.client(who).get(f"{audit.page}/results.pdf")
    assert answer.status_code == 200
    return PdfReader(io.BytesIO(answer.data))


def marked(node: Any) -> Iterator[tuple[str, str | None]]:
    """Yield the tag and the words in place of a picture of everything in a PDF's tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            yield from marked(kid)
    elif hasattr(node, "get") and node.get("/S"):
        yield str(node["/S"]), node.get("/Alt")
        if node.get("/K") is not None:
            yield from marked(node["/K"])


def test_it_is_asked_for_said_to_be_made_and_then_offered(app: Flask, cast: Cast, audit: Walked):
    owen = cast.client("Owen")
    assert "Make the PDF" in owen.get(audit.page).text
    assert owen.get(f"{audit.page}/results.pdf").status_code == 404
    assert ask(cast, audit).headers["Location"] == f"{audit.page}#given-out"
    assert "The PDF is being made" in owen.get(audit.page).text
    assert work(app) is False
    page = owen.get(audit.page).text
    assert re.search(r"PDF for staff \(\d+\.\d kB\)", page)
    assert f"{audit.page}/results.pdf" in page and "as it was at 12:00, Sunday 22 November 2026" in page
    answer = owen.get(f"{audit.page}/results.pdf")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={audit.reference}.pdf"
    assert answer.content_length == len(answer.data)


def test_it_is_tagged_has_a_language_and_a_title_and_words_for_every_picture(
    app: Flask, cast: Cast, audit: Walked
):
    ask(cast, audit)
    work(app)
    pdf = read(cast, audit)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata.title == f"St Mary’s estate: Environmental Visual Audit {audit.reference}"
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data().decode()
    tags = list(marked(root["/StructTreeRoot"]["/K"]))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Caption", "/Figure"} <= {tag for tag, _ in tags}
    pictures = [words for tag, words in tags if tag == "/Figure"]
    assert len(pictures) == 4 and all(pictures)
    assert "Observation 1, graffiti, as it was found (2)" in pictures
    assert "Observation 1, graffiti, after line 1 of the plan" in pictures
    assert any(words.startswith("Map of the walk in Swanley St Mary") for words in pictures)


def test_it_says_what_staff_see_and_names_nobody(app: Flask, cast: Cast, audit: Walked):
    ask(cast, audit)
    work(app)
    words = " ".join(" ".join(page.extract_text() for page in read(cast, audit, "Sunita").pages).split())
    for said in (
        "1 of 2 lines completed (50.0%)",
        "Paint over the wall (observation 1)",
        "Kent County Council Highways",
        "0.5 of 2 (25.0%)",
        "An EVA is no sampled survey",
        "<b>On the door</b> & beside it",
        "Grade C: plain to see, also from one end",
        "no point on the map",
        "Resident, Local business",
        "Page 1 of",
    ):
        assert said in words, said
    assert "Rosa" not in words and "Sunita" not in words


def test_it_is_for_staff_alone_and_only_officers_ask_for_it(app: Flask, cast: Cast, audit: Walked):
    for name in ("Sunita", "Priya", "Vic", "Nadia"):
        assert ask(cast, audit, name).status_code == 404
    ask(cast, audit)
    work(app)
    for name in ("Priya", "Vic", "Carol", "Nadia"):
        assert cast.client(name).get(f"{audit.page}/results.pdf").status_code == 404
    assert app.test_client().get(f"{audit.page}/results.pdf").status_code == 302


def test_asked_twice_it_is_made_once_and_asked_later_it_is_made_anew(app: Flask, cast: Cast, audit: Walked):
    ask(cast, audit)
    ask(cast, audit)
    with app.app_context():
        (first,) = db.session.query(EvaPaper.id).one()
        assert db.session.query(Event).filter_by(action="paper_asked").count() == 1
    work(app)
    ask(cast, audit)
    with app.app_context(), pytest.raises(FileNotFoundError):
        media.open_paper(first)
    assert cast.client("Owen").get(f"{audit.page}/results.pdf").status_code == 404
    work(app)
    assert read(cast, audit).pages


def test_a_photo_that_is_hidden_is_in_none_that_is_made_later(app: Flask, cast: Cast, audit: Walked):
    with app.app_context():
        photos.hide(audit.photo_ids()[0], cast.person("Owen"))
    ask(cast, audit)
    work(app)
    tags = list(marked(read(cast, audit).trailer["/Root"]["/StructTreeRoot"]["/K"]))
    assert sum(tag == "/Figure" for tag, _ in tags) == 3


def test_one_whose_photos_change_while_it_is_made_is_offered_to_nobody(
    app: Flask, cast: Cast, audit: Walked, monkeypatch: pytest.MonkeyPatch
):
    real, kept = typesetting.typeset, []

    def overtaken(*given: Any) -> typesetting.Paper:
        made = real(*given)
        photos.hide(audit.photo_ids()[0], cast.person("Owen"))
        return made

    def keep(paper_id: UUID, content: bytes) -> None:
        kept.append(paper_id)
        real_keep(paper_id, content)

    real_keep = media.keep_paper
    monkeypatch.setattr(typesetting, "typeset", overtaken)
    monkeypatch.setattr(media, "keep_paper", keep)
    ask(cast, audit)
    work(app)
    assert cast.client("Owen").get(f"{audit.page}/results.pdf").status_code == 404
    with app.app_context():
        assert db.session.query(EvaPaper).count() == 0
        with pytest.raises(FileNotFoundError):
            media.open_paper(kept[0])


def test_a_typesetter_that_dies_is_tried_three_times_and_then_the_page_says_so(
    app: Flask, cast: Cast, audit: Walked, monkeypatch: pytest.MonkeyPatch
):
    def killed(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9)

    ask(cast, audit)
    with monkeypatch.context() as broken:
        broken.setattr(subprocess, "run", killed)
        for _ in range(3):
            work(app)
            assert "The PDF is being made" in cast.client("Owen").get(audit.page).text
        work(app)
    page = cast.client("Owen").get(audit.page).text
    assert "The PDF could not be made. It was tried three times." in page
    ask(cast, audit)
    work(app)
    assert read(cast, audit).pages


def test_without_the_library_that_sets_letters_the_page_says_what_to_install(
    app: Flask, cast: Cast, audit: Walked, monkeypatch: pytest.MonkeyPatch
):
    def lacks(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        options["stdout"].write(b'{"problem": "missing"}\n')
        return subprocess.CompletedProcess([], 0)

    ask(cast, audit)
    with monkeypatch.context() as lacking:
        lacking.setattr(subprocess, "run", lacks)
        work(app)
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in cast.client("Owen").get(audit.page).text


def test_the_typesetter_reads_nothing_but_the_pictures_that_it_is_given():
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "picture:other", "data:image/png,x"):
        with pytest.raises(typesetting.NotSet, match="asks for"):
            typesetting.typeset(f'<html lang="en"><title>x</title><img src="{address}" alt="x">', {})


def test_the_walk_that_found_nothing_has_one_too(app: Flask, cast: Cast):
    audit = walked(app, cast, found_nothing="y")
    ask(cast, audit)
    work(app)
    words = " ".join(page.extract_text() for page in read(cast, audit).pages)
    assert "Nothing was recorded." in words and "There is no plan yet." in words
    assert paper_work.TEMPLATE in app.jinja_env.list_templates()
