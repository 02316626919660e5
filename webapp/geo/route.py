"""The order in which to drive to several places: short, not the shortest, which nobody needs and no machine finds."""

from collections.abc import Sequence
from itertools import pairwise

from webapp.geo.distance import metres_between

Point = tuple[float, float]
# A good half of all crossings are gone after the first pass; later ones find little.
MOST_PASSES = 5


def driving_order(points: Sequence[Point]) -> list[int]:
    """Return the numbers of (latitude, longitude) points in the order to visit them; the first stays first.

    From each to the nearest that is left, then every stretch is turned round where that makes the way shorter.

    >>> driving_order([(51.0, 0.0), (51.3, 0.0), (51.1, 0.0), (51.2, 0.0)])
    [0, 2, 3, 1]
    """
    if len(points) < 3:
        return list(range(len(points)))
    metres = [[metres_between(*here, *there) for there in points] for here in points]
    return _untangled(_to_the_nearest(metres), metres)


def _to_the_nearest(metres: Sequence[Sequence[float]]) -> list[int]:
    order, left = [0], set(range(1, len(metres)))
    while left:
        nearest = min(left, key=lambda there: (metres[order[-1]][there], there))
        order.append(nearest)
        left.remove(nearest)
    return order


def _untangled(order: list[int], metres: Sequence[Sequence[float]]) -> list[int]:
    for _ in range(MOST_PASSES):
        if not _turn_stretches(order, metres):
            break
    return order


def _turn_stretches(order: list[int], metres: Sequence[Sequence[float]]) -> bool:
    """Turn round each stretch whose turning shortens the way; return whether any was."""
    has_turned = False
    for first in range(1, len(order) - 1):
        for last in range(first + 1, len(order)):
            if _saving(order, first, last, metres) > 1e-6:
                order[first : last + 1] = reversed(order[first : last + 1])
                has_turned = True
    return has_turned


def _saving(order: Sequence[int], first: int, last: int, metres: Sequence[Sequence[float]]) -> float:
    before = metres[order[first - 1]][order[first]] - metres[order[first - 1]][order[last]]
    if last + 1 == len(order):
        return before
    return before + metres[order[last]][order[last + 1]] - metres[order[first]][order[last + 1]]


def legs(points: Sequence[Point]) -> list[float]:
    """Return the metres from each point to the one before it, 0 for the first."""
    between = [metres_between(*here, *there) for here, there in pairwise(points)]
    return [0.0, *between] if points else []
