"""“You said, we did”: residents see what became of a walk, and nothing that points at a person."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.auditing import Walked, shot, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.squares import boundaries, square
from tests.walking import ST_MARYS_WARD, observation
from webapp.extensions import clock, db
from webapp.models.action import Action
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.services import actions, lines, wards
from webapp.services.transaction import one_commit
from webapp.services.visibility import set_visibility

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    return walked(
        app,
        cast,
        lead_officer="Sunita Warden",
        positives="The shopkeepers sweep in front of their shops",
        **{
            "people-type": ["resident", "resident", "business"],
            "people-name": ["Rosa", "Jo", "Harpreet"],
            "people-organisation": ["Mill Lane residents", "", "Corner shop"],
            "people-presence": ["came", "came", "came"],
        },
    )


def press(cast: Cast, address: str, who: str = "Owen", **typed: object) -> object:
    client = cast.client(who)
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    return client.post(address, data={"csrf_token": token, **typed})


def published(audit: Walked, cast: Cast) -> str:
    """Publish the audit and return its page as a resident sees it."""
    assert press(cast, f"{audit.page}/publish").status_code == 303
    answer = audit.app.test_client().get(f"{audit.page}/you-said")
    assert answer.status_code == 200
    return answer.text


def test_residents_see_it_once_it_is_published_and_not_before_or_after(app: Flask, audit: Walked, cast: Cast):
    rosa, address = app.test_client(), f"{audit.page}/you-said"
    for name in ("Sunita", "Vic", "Priya", "Nadia"):
        assert cast.client(name).get(address).status_code == 404
    assert rosa.get(address).status_code == 404
    preview = cast.client("Owen").get(address)
    assert preview.status_code == 200 and "Only officers see this page so far" in preview.text
    assert "You said, we did" in published(audit, cast)
    assert "Only officers see" not in rosa.get(address).text
    assert press(cast, f"{audit.page}/unpublish").status_code == 303
    assert rosa.get(address).status_code == 404
    with app.app_context():
        found = {action for (action,) in db.session.query(Event.action)}
        assert {"audit_published", "audit_withdrawn"} <= found


def test_publishing_twice_changes_nothing_and_only_officers_do_it(app: Flask, audit: Walked, cast: Cast):
    for name in ("Sunita", "Priya", "Vic"):
        assert press(cast, f"{audit.page}/publish", name).status_code == 404
    for _ in range(2):
        assert press(cast, f"{audit.page}/publish").status_code == 303
    with app.app_context():
        assert db.session.query(Event).filter_by(action="audit_published").count() == 1


def test_a_walk_that_has_not_ended_is_not_published_and_says_why(app: Flask, cast: Cast):
    audit = walked(app, cast, ended_at=None)
    refused = press(cast, f"{audit.page}/publish")
    assert refused.status_code == 422 and "This walk has not ended yet" in refused.text
    assert app.test_client().get(f"{audit.page}/you-said").status_code == 404


def test_a_hidden_record_is_shown_to_no_resident(app: Flask, audit: Walked, cast: Cast):
    published(audit, cast)
    with app.app_context():
        set_visibility(audit.reference, "hidden", cast.person("Owen"))
    assert app.test_client().get(f"{audit.page}/you-said").status_code == 404
    assert audit.reference not in app.test_client().get(f"/wards/{ST_MARYS_WARD}").text


def test_it_says_who_came_by_what_they_are_and_names_nobody(audit: Walked, cast: Cast):
    audit.see(note="Mrs Smith of no. 7 dropped it", place_text="Outside 7 Mill Lane", asset="column 14")
    page = published(audit, cast)
    assert "Who came: Resident (2), Local business." in page
    assert "The shopkeepers sweep" in page
    for secret in (
        "Rosa",
        "Jo,",
        "Harpreet",
        "Mill Lane",
        "Corner shop",
        "Sunita",
        "Smith",
        "column 14",
        "51.398",
    ):
        assert secret not in page, secret
    assert page.count("Environmental Visual Audit (EVA)") == 1


def test_what_staff_alone_may_know_is_in_no_list_and_in_no_count(audit: Walked, cast: Cast):
    audit.see(category="litter", grade="C")
    secret = audit.see(category="rough_sleeping", grade=None, severity="3", place_text="Behind the church")
    gone = audit.see(category="drug_activity", grade=None, severity="3")
    audit.line(secret, text="Ask the outreach team to visit")
    audit.line(gone, text="Patrol the car park")
    audit.line(text="Sweep the street", status="completed")
    audit.phone.delete(str(gone))
    page = published(audit, cast)
    assert "wrote down 1 thing." in page and "1 of 1 done" in page
    for word in ("Rough sleeper", "rough sleep", "church", "outreach", "drug", "Patrol"):
        assert word not in page, word


def test_a_line_that_came_by_itself_says_nothing_of_the_place_that_a_warden_typed(audit: Walked, cast: Cast):
    audit.see(category="graffiti_offensive", grade="D", place_text="No. 7 Mill Lane")
    page = published(audit, cast)
    assert "Deal today with offensive graffiti</th>" in page and "Mill Lane" not in page
    assert "offensive graffiti, No. 7 Mill Lane" in cast.client("Owen").get(audit.page).text


def test_lines_say_who_does_them_by_when_and_what_became_of_them(audit: Walked, cast: Cast):
    audit.line(text="Sweep the street", status="verified")
    audit.line(text="Mend the lamp", owner_agency="kcc_highways", by_when=date(2026, 12, 6))
    audit.line(text="Empty the bin", status="in_progress", by_when=date(2026, 11, 20))
    audit.line(text="Cut the hedge", status="not_feasible", reason="Mr Brown says no")
    audit.line(text="Paint the wall", status="proposed")
    audit.line(text="Do it twice", status="withdrawn", reason="A duplicate")
    page = published(audit, cast)
    assert "1 of 5 done</strong>, 1 of them checked" in page
    assert "Kent County Council Highways" in page and "by Sunday 6 December" in page
    assert "was due by Friday 20 November" in page and "Late" in page
    assert "Not possible" in page and "not agreed yet" in page
    assert "Mr Brown" not in page and "Do it twice" not in page


def test_what_was_seen_is_counted_by_category_and_ward(audit: Walked, cast: Cast):
    for _ in range(2):
        audit.see(category="litter", grade="C")
    audit.see(category="litter", grade="B", latitude="51.27028", longitude="0.19171")
    audit.see(category="street_light", grade=None, severity="2", latitude=None, longitude=None)
    page = " ".join(published(audit, cast).split())
    assert "wrote down 4 things" in page
    own, other = page.split("What we saw in ")[1:]
    assert own.startswith("Swanley St Mary") and "Street light out" in own
    assert other.startswith("Sevenoaks") and "Street light out" not in other


def test_what_was_seen_in_wards_that_are_no_more_is_counted_together(
    app: Flask, audit: Walked, cast: Cast, tmp_path: Path
):
    audit.see(category="litter", grade="C")
    audit.see(category="litter", grade="B", latitude="51.27028", longitude="0.19171")
    with app.app_context():
        wards.import_set(boundaries(tmp_path, square("E05000001", "Far away", 1.1, 52.2)))
    page = " ".join(published(audit, cast).split())
    assert "wrote down 2 things" in page and page.count("What we saw in ") == 1
    assert "What we saw in Elsewhere" in page


def test_a_pair_is_shown_once_both_photos_are_public(app: Flask, audit: Walked, cast: Cast):
    one = audit.see(shot())
    audit.line(one, status="completed", after=shot().content)
    audit.unfold()
    (before,), (after,) = audit.photo_ids(), audit.photo_ids("after")
    assert "Before and after" not in published(audit, cast)
    audit.release(before)
    rosa, address = app.test_client(), f"{audit.page}/you-said"
    assert "Before and after" not in rosa.get(address).text
    audit.release(after)
    page = rosa.get(address).text
    assert "Before and after" in page
    for photo_id in (before, after):
        assert f"/photos/{photo_id}/small" in page
        assert rosa.get(f"/photos/{photo_id}/small").status_code == 200


def test_photos_of_what_staff_alone_may_know_are_in_no_pair_even_when_public(
    app: Flask, audit: Walked, cast: Cast
):
    secret = audit.see(shot(), category="drug_activity", grade=None, severity="3")
    audit.line(secret, status="completed", after=shot().content)
    audit.unfold()
    audit.release(*audit.photo_ids(), *audit.photo_ids("after"))
    assert "/photos/" not in published(audit, cast)


def test_how_safe_people_feel_is_shown_from_five_answers_on(app: Flask, cast: Cast):
    audit = walked(
        app,
        cast,
        **{"feelings-by_day": ["safe"] * 4 + ["unsafe"], "feelings-after_dark": ["very_unsafe"] * 4 + [""]},
    )
    page = published(audit, cast)
    assert "By day: 4 of 5 feel safe (80.0%). After dark: fewer than 5 answered." in page
    assert "very unsafe" not in page.lower()


def test_nothing_is_said_of_how_safe_people_feel_where_nobody_was_asked(app: Flask, cast: Cast):
    assert "How safe people feel" not in published(walked(app, cast), cast)


def test_a_walk_alone_has_a_page_that_says_so(app: Flask, cast: Cast):
    nobody = {f"people-{part}": [] for part in ("type", "name", "organisation", "presence")}
    audit = walked(app, cast, found_nothing="y", **nobody)
    page = published(audit, cast)
    assert "We walked through Swanley St Mary" in page and "wrote down 0 things" in page
    assert "still being agreed" in page and "Nothing was written down." in page


def test_the_wards_page_leads_to_what_is_published_there(app: Flask, audit: Walked, cast: Cast):
    ward = f"/wards/{ST_MARYS_WARD}"
    assert "You said, we did" not in app.test_client().get(ward).text
    published(audit, cast)
    assert f"{audit.page}/you-said" in app.test_client().get(ward).text
    assert f"{audit.page}/you-said" not in app.test_client().get("/wards/E05005029").text
    assert app.test_client().get(ward).text.count(f"{audit.page}/you-said") == 1


def test_the_wards_page_still_leads_to_what_was_published_in_earlier_years(app: Flask, cast: Cast):
    earlier = walked(app, cast, **{"held_on-year": "2024", "began_at": None, "ended_at": None})
    with app.app_context(), one_commit() as session:
        session.get_one(Eva, UUID(earlier.id)).published_at = clock.now()
    page = app.test_client().get(f"/wards/{ST_MARYS_WARD}").text
    assert "You said, we did, before this year" in page and f"{earlier.page}/you-said" in page
    assert page.count('id="audits"') == 1


def test_lines_that_nobody_worded_say_no_place_even_one_that_was_changed_or_taken_back(
    audit: Walked, cast: Cast
):
    walls = [
        str(audit.see(category="graffiti", grade="D", place_text=f"No. {number} Mill Lane"))
        for number in (7, 9)
    ]
    for ticked in walls:
        press(cast, f"{audit.page}/actions/together", observations=[ticked], do="each")
    changed, gone = (
        audit.see(category="graffiti_offensive", grade="D", place_text="No. 11 Mill Lane") for _ in range(2)
    )
    elsewhere = observation(audit.id, category="graffiti_offensive", grade="D", place_text="Elsewhere")
    audit.phone.put(str(changed), {**elsewhere, "rev": 2, "base_rev": 1})
    audit.phone.delete(str(gone))
    page = published(audit, cast)
    assert "Mill Lane" not in page and "Elsewhere" not in page
    assert (
        page.count("Remove graffiti</th>") == 2 and page.count("Deal today with offensive graffiti</th>") == 2
    )


def test_a_line_whose_day_was_changed_says_no_more_than_before(app: Flask, audit: Walked, cast: Cast):
    secret = audit.see(category="rough_sleeping", grade=None, severity="3", place_text="Behind the garages")
    door = audit.see(category="graffiti", grade="D", place_text="No. 7 Mill Lane")
    moved = audit.see(category="litter", grade="D", place_text="No. 9 Mill Lane")
    for ticked in (secret, door, moved):
        press(cast, f"{audit.page}/actions/together", observations=[str(ticked)], do="each")
    for gone in (secret, door):
        audit.phone.delete(str(gone))
    elsewhere = observation(audit.id, number="3", category="litter", grade="D", place_text="Elsewhere")
    audit.phone.put(str(moved), {**elsewhere, "rev": 2, "base_rev": 1})
    owen = cast.person("Owen")
    with app.app_context():
        for line in db.session.query(Action).all():
            said = actions.planned(line, lines.answered(db.session, line.id))
            actions.edit(line.id, replace(said, by_when=date(2027, 3, 1)), None, owen, uuid4())
    page = published(audit, cast)
    assert "wrote down 1 thing." in page and "Clear litter</th>" in page and "Remove graffiti</th>" in page
    for word in ("garages", "sleep", "Mill Lane", "Elsewhere"):
        assert word not in page, word


def test_a_line_that_an_officer_worded_keeps_its_words_without_the_place_of_what_was_seen(
    audit: Walked, cast: Cast
):
    seen = audit.see(category="graffiti", grade="D", place_text="no. 7 Mill Lane")
    audit.line(seen, text="Remove graffiti, no. 7 Mill Lane. Plant ivy, bus stop")
    assert "Remove graffiti. Plant ivy, bus stop</th>" in published(audit, cast)
