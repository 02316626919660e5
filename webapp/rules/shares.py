"""Shares as people read them: never without their counts beside them, and cut, never rounded up to a mark."""


def in_per_cent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, cut and not rounded; "no data" for nothing of nothing.

    >>> in_per_cent(39, 49), in_per_cent(8, 10), in_per_cent(7996, 10000), in_per_cent(0, 0)
    ('79.5%', '80.0%', '79.9%', 'no data')
    """
    if whole == 0:
        return "no data"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"
