"""Action 5.2 of the plan: speed-watch promoted across the district, volunteers trained. The plan names no number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.speed_scheme import SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.rules import training
from webapp.rules.periods import Period
from webapp.rules.speed_figures import Standing
from webapp.services import pact_priorities, schemes, speed_figures, speed_letters, speed_sessions
from webapp.services.pact_areas import Area
from webapp.services.pact_priorities import Concern, SpeedingArea
from webapp.services.speed_figures import Figures
from webapp.services.speed_letters import Answered
from webapp.services.speed_sessions import Wanted

# Of one person's trainings in several schemes the best counts.
RANKS, IN_DATE = {training.Standing.NONE: 0, training.Standing.LAPSED: 1}, 2


@dataclass(frozen=True, slots=True)
class Today:
    """How speed-watch stands on a day. `trained` are people whose training is in date, `lapsed` those where it ran out.

    `untrained` are active volunteers who have had none yet. Each is a person, in however many schemes. `sites` are
    approved, `overdue` those of them whose assessment ran out.
    """

    trained: int
    lapsed: int
    untrained: int
    schemes: int
    sites: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Count:
    """A number of sessions with the list that it opens."""

    value: int
    opens: Wanted


@dataclass(frozen=True, slots=True)
class InPeriod:
    """A period: what was held, what came of it, and what is not in the figures."""

    period: Period
    figures: Figures
    waiting: Count
    left_out: Count
    police: Answered


@dataclass(frozen=True, slots=True)
class Concerned:
    """A PACT area whose panel named speeding among its three concerns, with the sessions held there since.

    `waiting` are those besides that nobody has checked yet.
    """

    area: Area
    since: date
    figures: Figures
    waiting: Count

    @property
    def sites(self) -> int:
        """At how many sites they were held."""
        return len({one.site_code for one in self.figures.held})


@dataclass(frozen=True, slots=True)
class InWard:
    """A ward's approved sites, by name, and its figures of a period."""

    sites: Sequence[SpeedSite]
    figures: Figures


def of_ward(code: str, period: Period) -> InWard:
    """Return what was held in a ward in a period, and where it can be."""
    sites = select(SpeedSite).where(SpeedSite.ward_code == code, SpeedSite.status == "approved")
    return InWard(
        db.session.scalars(sites.order_by(SpeedSite.name, SpeedSite.code)).all(),
        speed_figures.of_period(period, Wanted(ward=code)),
    )


def on(today: date) -> Today:
    """Return how many are trained, and how many schemes and sites there are, on a day."""
    sites = [
        due_on is not None and due_on >= today
        for due_on in db.session.scalars(
            select(SpeedSite.review_due_on).where(SpeedSite.status == "approved")
        )
    ]
    trained, lapsed, untrained = _people(today)
    active = select(func.count()).select_from(SpeedScheme).where(SpeedScheme.is_active)
    return Today(
        trained=trained,
        lapsed=lapsed,
        untrained=untrained,
        schemes=db.session.scalar(active) or 0,
        sites=len(sites),
        overdue=len(sites) - sum(sites),
    )


def _people(today: date) -> tuple[int, int, int]:
    """Return how many active volunteers are in date, lapsed and untrained; what is due today is in date."""
    active = (SpeedVolunteer.is_active, SpeedScheme.is_active)
    query = (
        select(SpeedVolunteer).join(SpeedScheme, SpeedScheme.id == SpeedVolunteer.scheme_id).where(*active)
    )
    best: dict[tuple[int | None, int | None], int] = {}
    for one in db.session.scalars(query):
        standing = training.training(schemes.member_of(one), today).standing
        # Who is trained in one scheme and not in another is a trained volunteer.
        person = (one.user_id, None if one.user_id else one.id)
        best[person] = max(RANKS.get(standing, IN_DATE), best.get(person, 0))
    ranks = list(best.values())
    return ranks.count(IN_DATE), ranks.count(1), ranks.count(0)


def of_period(period: Period) -> InPeriod:
    """Return what was held in a period."""
    return InPeriod(
        period=period,
        figures=speed_figures.of_period(period),
        waiting=_how_many(period, Standing.NOT_CHECKED),
        left_out=_how_many(period, Standing.LEFT_OUT),
        police=speed_letters.answered(period),
    )


def _how_many(period: Period, standing: Standing) -> Count:
    wanted = speed_figures.within(period, Wanted(state=standing.value))
    return Count(speed_sessions.count(speed_sessions.conditions(wanted)), wanted)


def concerned(today: date) -> Sequence[Concerned]:
    """Return the PACT areas in which speeding is a concern on a day, by name, with their sessions since it is."""
    return [_concerned(one, today) for one in pact_priorities.speeding_areas(today)]


def concerned_in(area: Area, concerns: Sequence[Concern], today: date) -> Concerned | None:
    """Return the same of one area by the concerns that its panel names on the day; None where speeding is none."""
    named = next((one for one in concerns if one.concern == pact_priorities.SPEEDING), None)
    return _concerned(SpeedingArea(area, named.since), today) if named else None


def _concerned(named: SpeedingArea, today: date) -> Concerned:
    wanted = Wanted(area=named.area.id, since=named.since, until=today)
    waiting = replace(wanted, state=Standing.NOT_CHECKED.value)
    return Concerned(
        named.area,
        named.since,
        speed_figures.of(wanted),
        waiting=Count(speed_sessions.count(speed_sessions.conditions(waiting)), waiting),
    )
