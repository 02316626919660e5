"""Captures: what is accepted all the same and flagged, and how much one may hold."""

from datetime import datetime, timedelta

# A clock that is off by less tells nothing: phones and servers drift, and a body takes its time on the way.
CLOCK_MAY_BE_OFF = timedelta(minutes=5)
APP_IS_OLD_AFTER = timedelta(days=90)
DRAFT_DAYS = 30
MOST_IN_A_BATCH = 100
MOST_IDS = 100
CAPTURE_BYTES = 1024 * 1024

FLAGS: dict[str, str] = {
    "clock": "The device’s clock was wrong",
    "old_app": "Sent by a copy of Wardbook more than 90 days old",
    "old_form": "Answered on an older version of the form",
    "new_form": "Answered on a newer version of the form than this one",
    "no_role": "Sent by somebody who holds no role now",
    "imported": "Brought in from a file that was saved on the device",
}


def clock_offset(sent_at: datetime | None, received_at: datetime) -> timedelta | None:
    """Return how far the device's clock is ahead, None when it did not say what time it had.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    >>> clock_offset(noon + timedelta(hours=3), noon)
    datetime.timedelta(seconds=10800)
    """
    return sent_at - received_at if sent_at else None


def flags(
    *,
    offset: timedelta | None,
    has_time: bool,
    page_age: timedelta | None,
    form_version: int,
    newest_version: int,
    has_role: bool,
) -> tuple[str, ...]:
    """Return what to flag of a capture that is accepted, as keys of FLAGS in their order.

    `has_time` says that every moment which the device gave could be understood; `page_age` is by the server's own
    clock: when it made the page on the phone, until now.

    >>> flags(
    ...     offset=timedelta(hours=-2),
    ...     has_time=True,
    ...     page_age=timedelta(days=91),
    ...     form_version=1,
    ...     newest_version=2,
    ...     has_role=True,
    ... )
    ('clock', 'old_app', 'old_form')
    """
    said = {
        "clock": not has_time or (offset is not None and abs(offset) > CLOCK_MAY_BE_OFF),
        "old_app": page_age is not None and page_age > APP_IS_OLD_AFTER,
        "old_form": form_version < newest_version,
        "new_form": form_version > newest_version,
        "no_role": not has_role,
    }
    return tuple(flag for flag, is_so in said.items() if is_so)
