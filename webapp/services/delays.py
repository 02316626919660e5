"""Who had to answer for what the 7-day figure counts, and what held up what was late (field-facts 2.4)."""

from dataclasses import replace

from webapp.rules.clock import Standing
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.lifecycle import DELAYS
from webapp.rules.periods import Period
from webapp.services.figures import Count, Share, count_of, share_of
from webapp.services.filters import COUNTED, NONE, Filters


def by_body(period: Period) -> list[tuple[str | None, Share]]:
    """Return the figure of each body that had to answer for anything in it; None is nobody."""
    counted = Filters(since=period.first, until=period.last, standing=COUNTED)
    bodies = [(body, replace(counted, body=body or NONE)) for body in (*AGENCIES.values, None)]
    shares = [(body, share_of(replace(theirs, standing=Standing.IN_TIME), theirs)) for body, theirs in bodies]
    return [(body, share) for body, share in shares if share.whole]


def of_missed(period: Period) -> list[tuple[str, Count]]:
    """Return how many of those not cleared in time went through each state that delays; one may be in several."""
    missed = Filters(since=period.first, until=period.last, standing=Standing.MISSED)
    return [(state, count_of(replace(missed, delay=state))) for state in DELAYS]
