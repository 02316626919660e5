"""A PACT area of the demo whose panel names speeding, so that its page counts the sessions held there since."""

from datetime import timedelta

from webapp.extensions import clock
from webapp.rules.clock import local_date
from webapp.rules.roles import Person
from webapp.services import pact_areas, pact_priorities

NAME = "Otford"
SINCE = timedelta(days=200)
CONCERNS = (("speeding", "past the school at half past eight"), ("parking", ""), ("fly_tipping", ""))


def make(officer: Person) -> None:
    """Make the area and its panel's concerns, unless there is one of its name."""
    if any(area.name == NAME for area in pact_areas.listed()):
        return
    area = pact_areas.add(pact_areas.Given(NAME, "Clerk of the parish council", (), (NAME,)), officer)
    named = pact_priorities.Named(CONCERNS, local_date(clock.now()) - SINCE)
    pact_priorities.name(area, named, pact_priorities.mark(area), officer)
