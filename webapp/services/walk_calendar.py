"""Walks as a calendar file (RFC 5545), so that whoever comes along has them beside their other appointments.

Nobody's name stands in it: who subscribes to a calendar hands it to a service that we do not know.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import STATUS, Calendar, Event
from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.eva import Eva
from webapp.rules.clock import LONDON, local_date
from webapp.services import wards

# How long a walk takes nobody knows before, but without an end a calendar shows no time as taken.
USUAL_LENGTH = timedelta(hours=1, minutes=30)
PRODUCT = "-//Wardbook//Environmental Visual Audits//EN"


def planned() -> bytes:
    """Return every walk that is planned from today on, the next first."""
    to_come = select(Eva).where(Eva.status == "planned", Eva.held_on >= local_date(clock.now()))
    return _file(db.session.scalars(to_come.order_by(Eva.held_on, Eva.starts_at, Eva.reference)))


def of(eva: Eva) -> bytes:
    """Return one walk, planned or past."""
    return _file([eva])


def _file(evas: Iterable[Eva]) -> bytes:
    calendar = Calendar.new(prodid=PRODUCT, name="Environmental Visual Audits")
    for eva in evas:
        calendar.add_component(_event(eva))
    # What reads the file need not know London: its clock changes stand in the file.
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(eva: Eva) -> Event:
    """Return a walk's entry."""
    ward = wards.in_use().names.get(eva.ward_code or "", eva.ward_code or "")
    start = _starts(eva)
    link = f"{current_app.config['BASE_URL']}/eva/{eva.reference}"
    return Event.new(
        uid=f"{eva.id}@{urlsplit(current_app.config['BASE_URL']).hostname}",
        stamp=clock.now(),
        sequence=eva.rev,
        start=start,
        end=start + USUAL_LENGTH if isinstance(start, datetime) else None,
        summary=f"Environmental Visual Audit: {eva.title or ward}",
        location=", ".join(filter(None, (eva.place_text, ward))),
        description=f"{eva.reference}\nWard: {ward}\n{link}",
        url=link,
        status=STATUS.CANCELLED if eva.status == "called_off" else STATUS.CONFIRMED,
    )


def _starts(eva: Eva) -> date | datetime:
    """Return when it starts in London; a walk whose time is not known yet takes its whole day."""
    if eva.starts_at is None:
        return eva.held_on
    return datetime.combine(eva.held_on, eva.starts_at, tzinfo=LONDON)
