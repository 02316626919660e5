"""What an audit found as numbers: from streets graded from end to end, beside the walk before, and never a guess."""

import pytest
from flask import Flask

from tests.auditing import STREETS, Walked, shot, walked
from tests.cast import Cast
from webapp.services import audit_photos, audit_results, audits
from webapp.services.audit_results import Results

pytestmark = pytest.mark.usefixtures("noon")


def results_of(audit: Walked, cast: Cast) -> Results:
    eva = audits.find(audit.reference, cast.person("Owen"))
    return audit_results.of(audits.everything(eva))


def test_an_element_is_counted_from_graded_streets_and_never_from_observations(app: Flask, cast: Cast):
    audit = walked(app, cast, **STREETS)
    audit.see(grade="D")
    audit.see(grade="D")
    with app.app_context():
        results = results_of(audit, cast)
        said = {one.label: one.now.words for one in results.elements}
        assert said["Litter"] == "0.5 of 2 (25.0%)"
        assert said["Graffiti"] == "1 of 1 (100.0%)"
        assert said["Detritus"] == said["Fly-posting"] == "not graded"
        assert results.elements[0].benchmark == ("Main retail and commercial", 9)
        litter = {label: counts for label, counts, _ in results.grades_seen}["Litter"]
        assert litter == [0, 0, 0, 0, 0, 0, 2]


def test_streets_of_several_land_uses_are_compared_with_all_of_them(app: Flask, cast: Cast):
    audit = walked(app, cast, **{**STREETS, "transects-land_use": ["main_retail", "rural_roads"]})
    with app.app_context():
        assert results_of(audit, cast).elements[1].benchmark == ("All land uses", 21)


def test_without_a_graded_street_there_is_no_benchmark_and_no_share(app: Flask, cast: Cast):
    audit = walked(app, cast)
    with app.app_context():
        one = results_of(audit, cast).elements[0]
        assert (one.now.percent, one.benchmark, one.before, one.change) == (None, None, None, "")


def test_a_walk_is_compared_with_the_one_before_by_element_category_and_plan(app: Flask, cast: Cast):
    first = walked(app, cast, **STREETS)
    for _ in range(3):
        first.see(category="graffiti", grade="C")
    first.see(category="street_light", grade=None, severity="2")
    for status in ("completed", "verified", "agreed", "withdrawn"):
        first.line(status=status)
    second = walked(app, cast, previous=first.reference, **{**STREETS, "transects-litter": ["A", "A"]})
    second.see(category="graffiti", grade="B")
    second.see(category="litter", grade="C")
    with app.app_context():
        results = results_of(second, cast)
        assert results.before is not None and results.before.eva.reference == first.reference
        done = results.before.completion
        assert (done.done, done.lines, done.verified, done.words) == (2, 3, 1, "66.6%")
        litter, _, graffiti, fly_posting = results.elements
        assert litter.before is not None and litter.before.words == "0.5 of 2 (25.0%)"
        assert (litter.change, graffiti.change, fly_posting.change) == ("better", "the same", "")
        assert [(one.category, one.now, one.before) for one in results.seen] == [
            ("graffiti", 1, 3),
            ("litter", 1, 0),
            ("street_light", 0, 1),
        ]


def test_what_was_taken_back_counts_on_neither_walk(app: Flask, cast: Cast):
    audit = walked(app, cast)
    one = audit.see()
    audit.phone.delete(str(one))
    with app.app_context():
        assert results_of(audit, cast).seen == []


def test_how_safe_people_feel_is_for_staff_at_once_and_for_everybody_from_five_answers_on(
    app: Flask, cast: Cast
):
    feelings = {
        "feelings-by_day": ["very_safe", "safe", "safe", "unsafe", "safe"],
        "feelings-after_dark": ["unsafe", "very_unsafe", "", "safe", ""],
    }
    audit = walked(app, cast, **feelings)
    with app.app_context():
        results = results_of(audit, cast)
        assert results.by_day.words == results.by_day.public_words == "4 of 5 feel safe (80.0%)"
        assert results.after_dark.words == "1 of 3 feel safe (33.3%)"
        assert results.after_dark.public_words == "fewer than 5 answered"


def test_a_prompt_that_was_answered_with_no_is_a_weakness(app: Flask, cast: Cast):
    prompts = {"prompts-lighting": "no", "prompts-lighting_note": "two lamps out", "prompts-cctv": "na"}
    audit = walked(app, cast, **prompts, **{"prompts-boundary": "yes"})
    with app.app_context():
        results = results_of(audit, cast)
        assert [(one.prompt, one.note) for one in results.weaknesses] == [("lighting", "two lamps out")]
        assert [one.prompt for one in results.prompts] == ["lighting", "cctv", "boundary"]


def test_photos_stand_with_what_they_show_before_and_after(app: Flask, cast: Cast):
    audit = walked(app, cast)
    first, second = audit.see(shot(), shot()), audit.see(shot())
    line = audit.line(first, status="completed", after=shot().content)
    audit.line(first, second)
    with app.app_context():
        eva = audits.find(audit.reference, cast.person("Owen"))
        pairs = audit_photos.pairs_of(audits.everything(eva), sees_hidden=True)
        assert (len(pairs[first].before), [one.id for one, _ in pairs[first].after]) == (2, [line])
        assert (len(pairs[second].before), len(pairs[second].after)) == (1, 0)
