"""Enforcement and evidence: what a penalty may become and cost, what is out of order (field-facts 2.1, 2.5, 2.8)."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise

from webapp.rules.clock import in_short, local_date, time_in_words
from webapp.rules.codes.enforcement import MOST_PENCE, PENALTIES, PENALTY_MOVES, PENALTY_STATES
from webapp.rules.money import in_pounds

FUTURE = "That day has not come yet. Check the date."
NEEDS_PENALTY = "Choose what kind of fixed penalty it is: the national return counts each kind."
NO_PENALTY = "Only a fixed penalty notice has this. Choose “Fixed penalty notice”, or leave this empty."
NEEDS_REASON = "Enter why it should not have been written."
NEEDS_SAMPLE = "Enter the reference of the sample: only a laboratory can read the code."
NEEDS_RESULT = "Enter what the laboratory found: only its result can say which mark it is."


def may_become(state: str | None) -> tuple[str, ...]:
    """Return the states that a fixed penalty may go to from this one; none once it is paid or cancelled.

    >>> may_become("to_court"), may_become("paid")
    (('paid', 'cancelled'), ())
    """
    return PENALTY_MOVES.get(state or "", ())


def change_problem(before: str | None, after: str) -> str | None:
    """Return why a penalty cannot go from one state to another, None when it can.

    >>> change_problem("paid", "cancelled")
    'This penalty is “Paid”, so it cannot become “Cancelled” any more.'
    >>> change_problem("issued", "paid") is None
    True
    """
    if after in may_become(before):
        return None
    now, wanted = PENALTY_STATES.label(before), PENALTY_STATES.label(after)
    return f"This penalty is “{now}”, so it cannot become “{wanted}” any more."


def amount_problem(penalty: str | None, pence: int | None) -> str | None:
    """Return why a penalty cannot be of this amount, None when it can: the law sets a maximum for most kinds.

    >>> amount_problem("fpn_litter", 50_001)
    'The law allows at most £500 for “Littering in conjunction”. Check the amount.'
    >>> amount_problem("fpn_litter", 50_000) is None, amount_problem("fpn_other", 900_000) is None
    (True, True)
    """
    most = MOST_PENCE.get(penalty or "")
    if most is None or pence is None or pence <= most:
        return None
    return f"The law allows at most {in_pounds(most)} for “{PENALTIES.label(penalty)}”. Check the amount."


def step_problems(step: str | None, penalty: str | None, pence: int | None) -> dict[str, str]:
    """Return what does not fit about a step's penalty: a fixed penalty notice says its kind, all others have none.

    >>> sorted(step_problems("fpn", None, None)), sorted(step_problems("injunction", "fpn_other", 100))
    (['penalty'], ['penalty', 'penalty_amount'])
    """
    if step == "fpn":
        asked = {
            "penalty": None if penalty else NEEDS_PENALTY,
            "penalty_amount": amount_problem(penalty, pence),
        }
    else:
        asked = {
            "penalty": NO_PENALTY if penalty else None,
            "penalty_amount": NO_PENALTY if pence is not None else None,
        }
    return {name: sentence for name, sentence in asked.items() if sentence}


def day_problem(day: date, today: date, first: date | None = None, what: str = "") -> str | None:
    """Return why something cannot have been on a day: it has not come yet, or lies before `first`, when `what` was.

    >>> day_problem(date(2026, 11, 3), date(2026, 11, 22), date(2026, 11, 4), "the penalty was issued")
    'That is before the penalty was issued, on 4 Nov 2026. Check the date.'
    >>> day_problem(date(2026, 11, 4), date(2026, 11, 22), date(2026, 11, 4)) is None
    True
    """
    if day > today:
        return FUTURE
    if first is not None and day < first:
        return f"That is before {what}, on {in_short(first)}. Check the date."
    return None


def moment_problems(
    name: str, at: datetime, now: datetime, first: datetime | None = None, what: str = ""
) -> dict[str, str]:
    """Return why something cannot have been at a moment, beside the field that must change: `name`_on or `name`_time.

    >>> from datetime import UTC
    >>> noon, one = datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 22, 13, tzinfo=UTC)
    >>> moment_problems("found", one, noon)
    {'found_time': 'That time has not come yet. Check it.'}
    >>> moment_problems("handed", noon, one, one, "it was found")
    {'handed_time': 'That is before it was found, at 13:00, Sunday 22 November 2026. Check the time.'}
    """
    day = local_date(at)
    if day > local_date(now):
        return {f"{name}_on": FUTURE}
    if at > now:
        return {f"{name}_time": "That time has not come yet. Check it."}
    if first is None or at >= first:
        return {}
    part, wrong = ("time", "time") if day == local_date(first) else ("on", "date")
    return {f"{name}_{part}": f"That is before {what}, at {time_in_words(first)}. Check the {wrong}."}


def resealed(first: str, seals: Iterable[str]) -> list[bool]:
    """Return for each hand-over whether the seal differs from the one before; `first` is the seal at the start.

    >>> resealed("A 17", ["a 17", "B 2", "B 2"])
    [False, True, False]
    """
    worn = [seal.casefold() for seal in (first, *seals)]
    return [before != after for before, after in pairwise(worn)]


def read_problems(
    read_on: date | None, sample_ref: str | None, lab_result: str | None, marked_on: date | None
) -> dict[str, str]:
    """Return what does not fit about a read: a result needs a sample, a mark needs a result, and comes before the read.

    `marked_on` is the day of the mark that was recognised, None when none was.

    >>> read_problems(date(2026, 11, 22), None, "Code 4471", None)
    {'sample_ref': 'Enter the reference of the sample: only a laboratory can read the code.'}
    """
    problems = {}
    if lab_result and not sample_ref:
        problems["sample_ref"] = NEEDS_SAMPLE
    if marked_on is not None and not lab_result:
        problems["lab_result"] = NEEDS_RESULT
    if marked_on is not None and read_on is not None and marked_on > read_on:
        problems["mark"] = f"That mark was made after this read, on {in_short(marked_on)}. Choose another."
    return problems
