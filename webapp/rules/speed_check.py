"""What may become of a vehicle at the check, and what whoever checks is asked to look at (field-facts 3.2, 3.4)."""

from datetime import datetime, timedelta

from webapp.rules import speed_figures, vrm
from webapp.rules.codes.speed_watch import VOID_REASONS
from webapp.rules.eva import how_long
from webapp.rules.speed import is_doubtful

READY, COUNTED, VOID = "ready", "checked", "void"
# A decision is one of these, or void with its reason, such as "void:misread".
VOIDS = {f"{VOID}:{code.value}": code.label for code in VOID_REASONS}
DECISIONS = {
    READY: "Ready for the police",
    COUNTED: "Count it, without its registration",
    **{value: f"Void: {label[0].lower()}{label[1:]}" for value, label in VOIDS.items()},
}
NEEDS_WORDS = f"{VOID}:other"
TWICE_THE_LIMIT = "That is more than twice the limit. Was the speed read right?"
TWIN = "The same registration and speed came within 10 seconds, as vehicle {others}. Is one of them too much?"
CONTESTED = "It was sent with other answers too. Choose between them first."
NOT_READ_BY_DVLA = "DVLA cannot read this registration. Was it read right?"
ONLY_READ_IN_PART = "Only part of the registration was read. It does not go to the police."
NOT_SURE = "Whoever read it was not sure. It does not go to the police."
NOTHING_READ = "No registration was read. It does not go to the police."
NOT_HANDED_OVER = {"part": ONLY_READ_IN_PART, "unsure": NOT_SURE}

LONG = timedelta(hours=4)
TAKES_LONG = "This session is said to have taken {}. Are both its times right?"
NO_HOURS = "No hours are counted of it."


def may_be_ready(confidence: str | None, kind: str | None, *, has_plate: bool) -> bool:
    """Return whether a vehicle may go to the police: a whole plate of a British shape, read for certain.

    >>> may_be_ready("certain", "current", has_plate=True), may_be_ready("part", "current", has_plate=True)
    (True, False)
    >>> may_be_ready("certain", "other", has_plate=True), may_be_ready("certain", None, has_plate=False)
    (False, False)
    """
    return has_plate and confidence == "certain" and kind is not None and vrm.is_exportable(kind)


def choices(*, may_go: bool) -> dict[str, str]:
    """Return what may be decided of a vehicle, with its words; one that does not go to the police is counted or void.

    >>> list(choices(may_go=True))[:2], list(choices(may_go=False))[:2]
    (['ready', 'void:misread'], ['checked', 'void:misread'])
    """
    left_out = COUNTED if may_go else READY
    return {value: words for value, words in DECISIONS.items() if value != left_out}


def warnings(
    speed: int, limit: int, confidence: str | None, plate_warning: str, twins: str, *, has_plate: bool
) -> list[str]:
    """Return what to look at, a sentence each; `twins` are the numbers of rows that may be the same vehicle.

    >>> warnings(61, 30, "certain", "", "", has_plate=True) == [TWICE_THE_LIMIT]
    True
    """
    certainty = NOT_HANDED_OVER.get(confidence or "", "") if has_plate else NOTHING_READ
    # What was not read for certain need not look like a plate.
    plate_warning = "" if certainty else plate_warning
    doubtful = TWICE_THE_LIMIT if is_doubtful(speed, limit) else ""
    twin = TWIN.format(others=twins) if twins else ""
    return [sentence for sentence in (certainty, plate_warning, doubtful, twin) if sentence]


def too_long(began_at: datetime, ended_at: datetime) -> str:
    """Return what to look at where a session is said to have taken very long; empty where it did not.

    >>> began = datetime(2026, 11, 29, 10)
    >>> too_long(began, began + timedelta(hours=4)), too_long(began, began + timedelta(hours=5, minutes=2))
    ('', 'This session is said to have taken 5 hours 2 minutes. Are both its times right?')
    >>> too_long(began, began + timedelta(hours=72)).endswith(NO_HOURS)
    True
    """
    if ended_at - began_at <= LONG:
        return ""
    counts = speed_figures.lasted(began_at, ended_at) > 0
    return " ".join([TAKES_LONG.format(how_long(began_at, ended_at)), *([] if counts else [NO_HOURS])])
