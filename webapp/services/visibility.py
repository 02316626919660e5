"""Showing and hiding what the public may see of a record."""

from typing import Any

from webapp.extensions import clock
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import records
from webapp.services.transaction import one_commit

VISIBILITY_EVENTS = {"facts": "words_withheld", "released": "words_released", "hidden": "record_hidden"}


def set_visibility(reference: str, visibility: str, person: Person) -> None:
    """Show the public the facts, the words too, or nothing of a record; written to its history."""
    if not person.may(Permission.RELEASE) or visibility not in VISIBILITY_EVENTS:
        raise NotFound
    with one_commit() as session:
        record: Record = records.find(reference, person)
        before, record.visibility = record.visibility, visibility
        session.add(
            Event(
                record_id=record.id,
                at=clock.now(),
                by_id=person.id,
                action=VISIBILITY_EVENTS[visibility],
                before={"visibility": before},
                after={"visibility": visibility},
            )
        )


def photo_of(reference: str, photo_id: Any, person: Person) -> Photo:
    """Return a photo of a record this person may see. Raises NotFound otherwise."""
    record = records.find(reference, person)
    photo = next((photo for photo in records.everything(record).photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound
    return photo
