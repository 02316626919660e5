"""What may begin a speed-watch session, and why another may not, in words (field-facts 3.1, 3.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.rules.clock import clock_time, in_words, local_date
from webapp.rules.codes.speed_watch import DEVICE_TYPES, NEEDS_CALIBRATION
from webapp.rules.speed import WATCHED

CREW_LEAST, CREW_MOST = 2, 5
# Nobody watches longer past midnight: one of the two times is wrong.
LONGEST_PAST_MIDNIGHT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Site:
    """What of a site decides whether a session may begin; `max_crew` is None where the site asks for nothing less."""

    status: str
    limit_mph: int | None
    review_due_on: date | None
    max_crew: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One of the crew. `refresher_due_on` is None for training that asks for no refresher."""

    name: str
    is_active: bool
    is_over_18: bool
    trained_on: date | None
    refresher_due_on: date | None


@dataclass(frozen=True, slots=True)
class Device:
    """The device of a session, its type by the code list."""

    type: str
    is_active: bool
    calibration_due_on: date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a session may not begin: a code that is kept, what is the matter in a sentence, and the cure in another."""

    code: str
    fact: str
    cure: str

    @property
    def words(self) -> str:
        """Both sentences."""
        return f"{self.fact} {self.cure}"


PROBLEMS = {
    "site_not_approved": "The site was not approved",
    "assessment_lapsed": "The site’s risk assessment had lapsed",
    "limit_not_watched": "The limit is not 20, 30 or 40 mph",
    "crew_too_few": "Too few people",
    "crew_too_many": "Too many people",
    "member_inactive": "Somebody was not active",
    "member_under_18": "Somebody was not confirmed to be 18",
    "member_untrained": "Somebody was not trained",
    "member_lapsed": "Somebody’s training had run out",
    "device_retired": "The device was not in use any more",
    "device_uncalibrated": "The device was out of calibration",
    "no_daylight": "Outside daylight, without a reason",
}
"""Every code in the order of its sentences, and what stands beside a session that was held all the same."""

# What a session that was held all the same is flagged with: the phone's own lists were of before a change.
LIMIT_DIFFERS = "limit_differs"
FLAGS = {**PROBLEMS, LIMIT_DIFFERS: "The limit on the phone was not that of the site"}

NOT_APPROVED = {
    "requested": "This site has been asked for and is not approved yet.",
    "assessed": "This site has been assessed and is not approved yet.",
    "suspended": "This site is suspended.",
    "retired": "This site is not used any more.",
}

# Codes with both sentences.
Said = Iterable[tuple[str, str, str]]


def start_problems(
    *,
    site: Site,
    crew: Sequence[Member],
    device: Device | None,
    day: date,
    at: datetime,
    sunrise: datetime | None,
    sunset: datetime | None,
    dark_reason: str = "",
) -> tuple[Problem, ...]:
    """Return why a session may not begin, one sentence for each thing and person; empty when it may.

    `day` is the London date of `at`; moments are aware. Without a device nothing is said of one. What is due today is
    still valid today. `static/js/speed-start.js` says the same on a phone, word for word.
    """
    return _problems(
        *_of_site(site, day),
        *_of_crew(len(crew), site.max_crew),
        *(said for member in crew for said in _of_member(member, day)),
        *(_of_device(device, day) if device is not None else ()),
        *_of_light(day, at, sunrise, sunset, dark_reason),
    )


def site_problems(site: Site, day: date) -> tuple[Problem, ...]:
    """Return why nobody may watch from a site on a day, whoever they are; empty when they may."""
    return _problems(*_of_site(site, day))


def member_problems(member: Member, day: date) -> tuple[Problem, ...]:
    """Return why somebody may be in no crew on a day; empty when they may."""
    return _problems(*_of_member(member, day))


def device_problems(device: Device, day: date) -> tuple[Problem, ...]:
    """Return why a device may not be used on a day; empty when it may."""
    return _problems(*_of_device(device, day))


def _problems(*said: tuple[str, str, str]) -> tuple[Problem, ...]:
    return tuple(Problem(*one) for one in said)


def _in_full(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _of_site(site: Site, day: date) -> Said:
    if site.status != "approved":
        said = NOT_APPROVED.get(site.status, "This site is not approved.")
        yield "site_not_approved", said, "Choose another site, or ask your coordinator."
    if site.review_due_on is None:
        # What was only asked for has no assessment that could lapse.
        if site.status != "requested":
            yield (
                "assessment_lapsed",
                "This site’s risk assessment has no review date.",
                "Choose another site, or ask for a new assessment.",
            )
    elif site.review_due_on < day:
        yield (
            "assessment_lapsed",
            f"This site’s risk assessment ran out on {_in_full(site.review_due_on)}.",
            "Choose another site, or ask for a new assessment.",
        )
    if site.limit_mph not in WATCHED:
        has = (
            "this site’s limit is not known"
            if site.limit_mph is None
            else f"this one has {site.limit_mph} mph"
        )
        yield (
            "limit_not_watched",
            f"Speed-watch is for roads with a limit of 20, 30 or 40 mph, and {has}.",
            "Choose another site.",
        )


def _of_crew(count: int, max_crew: int | None) -> Said:
    most = CREW_MOST if max_crew is None else min(CREW_MOST, max_crew)
    if count < CREW_LEAST:
        chosen = "nobody is chosen" if count == 0 else "only 1 is chosen"
        yield (
            "crew_too_few",
            f"A session needs at least {CREW_LEAST} people, and {chosen}.",
            "Add somebody who is trained.",
        )
    if count > most:
        has = "A session has" if most == CREW_MOST else "This site has room for"
        people = "person" if most == 1 else "people"
        yield (
            "crew_too_many",
            f"{has} at most {most} {people}, and {count} are chosen.",
            "Leave somebody out.",
        )


def _of_member(member: Member, day: date) -> Said:
    name = member.name
    if not member.is_active:
        yield (
            "member_inactive",
            f"{name} is not an active volunteer now.",
            "Choose somebody else, or ask your coordinator.",
        )
    if not member.is_over_18:
        yield (
            "member_under_18",
            f"Nobody has confirmed that {name} is 18 or over.",
            "Choose somebody else, or ask your coordinator to confirm it.",
        )
    if member.trained_on is None or member.trained_on > day:
        when = "" if member.trained_on is None else f" before {_in_full(member.trained_on)}"
        yield (
            "member_untrained",
            f"{name} is not trained{when}.",
            "Choose somebody else, or ask your coordinator to book a training.",
        )
    elif member.refresher_due_on is not None and member.refresher_due_on < day:
        yield (
            "member_lapsed",
            f"{name}’s training ran out on {_in_full(member.refresher_due_on)}.",
            "Choose somebody else, or ask your coordinator to book a refresher.",
        )


def _of_device(device: Device, day: date) -> Said:
    name = DEVICE_TYPES.label(device.type)
    if not device.is_active:
        yield "device_retired", f"The {name} is not in use any more.", "Choose another device."
    if device.type not in NEEDS_CALIBRATION:
        return
    due = device.calibration_due_on
    if due is None or due < day:
        since = "has no date of calibration" if due is None else f"was to be calibrated by {_in_full(due)}"
        yield (
            "device_uncalibrated",
            f"The {name} {since}.",
            "Choose another device, or ask your coordinator to have it calibrated.",
        )


def _of_light(
    day: date, at: datetime, sunrise: datetime | None, sunset: datetime | None, dark_reason: str
) -> Said:
    if dark_reason.strip():
        return
    if sunrise is None or sunset is None:
        yield (
            "no_daylight",
            f"When it is light at this site on {in_words(day)} is not known here.",
            "Say why you watch all the same.",
        )
    # To the minute, as clocks show it: at 15:55 and some seconds a sunset of 15:55 has not passed.
    elif not sunrise <= at.replace(second=0, microsecond=0) <= sunset:
        yield (
            "no_daylight",
            f"On {in_words(day)} it is light at this site from {clock_time(sunrise)} to {clock_time(sunset)}.",
            "Begin within that time, or say why you watch outside it.",
        )


def is_long_past_midnight(began_at: datetime, ended_at: datetime) -> bool:
    """Return whether a session is said to have gone on so long past midnight that one of its times must be wrong.

    >>> from datetime import UTC
    >>> began = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    >>> is_long_past_midnight(began, began + timedelta(hours=1))
    False
    >>> is_long_past_midnight(began, began + timedelta(hours=13))
    True
    """
    is_next_day = local_date(ended_at) > local_date(began_at)
    return is_next_day and ended_at - began_at > LONGEST_PAST_MIDNIGHT
