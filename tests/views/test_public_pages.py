"""What the public reads on pages without a form."""

from flask.testing import FlaskClient


def test_the_accessibility_statement_has_the_parts_that_the_regulations_ask_for(client: FlaskClient) -> None:
    page = client.get("/accessibility").text
    for words in (
        "SI 2018/952",
        "partially compliant",
        "Non-accessible content",
        "Feedback and contact",
        "Equality and Human Rights Commission",
        "Equality Advisory and Support Service",
        "This statement was prepared on",
    ):
        assert words in page


def test_the_public_reads_that_shapes_are_schematic_and_no_instruction_to_whoever_installs(
    client: FlaskClient,
) -> None:
    for path in ("/wards", "/wards/E05005016"):
        page = client.get(path).text
        assert "Ward shapes are schematic. Contains OS data" in page
        assert "import official boundaries" not in page


def test_no_choice_of_the_report_only_repeats_itself_in_its_hint(client: FlaskClient) -> None:
    page = client.get("/fly-tipping/new").text
    for words in ("One bag only.", "A road, its verge", "A park, car park or council estate."):
        assert words not in page
