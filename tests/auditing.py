"""An audit as tests need it: walked by a phone, with photos that are unfolded, and lines that were worked on."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from tests.cast import Cast
from tests.phone import Phone, Shot, new_id
from tests.pictures import jpeg
from tests.walking import observation, walk
from webapp.extensions import clock, db
from webapp.forms.photos import look_at
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.models.capture import Capture
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.services import photo_work, photos, publishing
from webapp.services.transaction import one_commit

WALKED_ON = date(2026, 11, 22)
STREETS = {
    "transects-street": ["High Street", "Mill Lane"],
    "transects-begins": ["no. 3", "lamp 14"],
    "transects-ends": ["no. 51", "the bridge"],
    "transects-land_use": ["main_retail", "main_retail"],
    "transects-litter": ["B_MINUS", "A"],
    "transects-graffiti": ["D", ""],
}


@dataclass
class Walked:
    """An audit that was sent, with Sunita's phone to send more of it."""

    app: Flask
    cast: Cast
    id: str = field(default_factory=new_id)
    reference: str = ""
    observed: list[str] = field(default_factory=list)
    folder: Path = Path()

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/eva/{self.reference}"

    def send(self, **changes: Any) -> "Walked":
        """Send the walk itself, begun and ended."""
        answers = {"ended_at": "11:45", **changes}
        self.phone = Phone(self.cast.client("Sunita"))
        self.reference = self.phone.put(self.id, walk(**answers)).json["reference"]
        return self

    def see(self, *shots: Shot, **changes: Any) -> UUID:
        """Send one observation with its photos; return its id."""
        own = new_id()
        answer = self.phone.put(
            own, observation(self.id, *shots, number=str(len(self.observed) + 1), **changes)
        )
        assert answer.status_code == 201, answer.json
        for shot in shots:
            self.phone.put_photo(own, shot)
        self.observed.append(own)
        return UUID(own)

    def unfold(self) -> None:
        """Do the worker's part with photos."""
        with self.app.app_context():
            while photo_work.decode_waiting():
                pass

    def line(self, *seen: UUID, status: str = "agreed", after: bytes | None = None, **more: Any) -> int:
        """Write a line of the plan that answers these observations, with a photo from afterwards where one is given."""
        done = status in ("completed", "verified")
        with self.app.app_context(), one_commit() as session:
            number = session.query(Action).filter_by(eva_id=UUID(self.id)).count() + 1
            made = Action(
                **{
                    "eva_id": UUID(self.id),
                    "number": number,
                    "text": f"Clean the wall, step {number}",
                    "owner_agency": "sdc_direct_services",
                    "by_when": WALKED_ON + timedelta(days=28),
                    "priority": "medium",
                    "status": status,
                    "agreed_on": None if status == "proposed" else WALKED_ON,
                    "completed_on": WALKED_ON if done else None,
                    "verified_on": WALKED_ON if status == "verified" else None,
                    "created_at": clock.now(),
                    **more,
                }
            )
            session.add(made)
            session.flush()
            session.add_all(ActionObservation(action_id=made.id, observation_id=one) for one in seen)
            line_id = made.id
        if after is not None:
            self._worked(line_id, after)
        return line_id

    def _worked(self, line_id: int, content: bytes) -> None:
        capture_id, owner = uuid4(), self.cast.person("Owen")
        with self.app.app_context():
            kept = photos.keep([look_at(io.BytesIO(content), "after.jpg")])
            with one_commit() as session:
                session.add(
                    Capture(
                        id=capture_id, kind="", owner_id=owner.id, state="kept", first_seen_at=clock.now()
                    )
                )
                session.flush()
                photos.stage(session, capture_id, kept, "after")
                taken = session.query(Photo).filter_by(capture_id=capture_id).all()
                photos.attach(session, taken, UUID(self.id), None)
                session.add(
                    ActionUpdate(
                        action_id=line_id,
                        capture_id=capture_id,
                        at=datetime(2026, 11, 22, 12, tzinfo=UTC),
                        by_id=owner.id,
                        step="complete",
                    )
                )

    def photo_ids(self, role: str = "evidence") -> list[UUID]:
        """Return the ids of its photos that show this, in the order in which they came."""
        with self.app.app_context():
            query = db.session.query(Photo.id).filter_by(record_id=UUID(self.id), role=role)
            return [found for (found,) in query.order_by(Photo.received_at, Photo.id)]

    def release(self, *photo_ids: UUID) -> None:
        """Show photos to the public, and with them what became of the audit."""
        owen = self.cast.person("Owen")
        with self.app.app_context():
            publishing.publish(self.reference, owen)
            for photo_id in photo_ids:
                photos.release(photo_id, owen)

    def number_of(self, observation_id: UUID) -> int:
        """Return the number by which an observation is called."""
        with self.app.app_context():
            return db.session.get_one(Observation, observation_id).number


def walked(app: Flask, cast: Cast, **changes: Any) -> Walked:
    """Return an audit that Sunita has walked, without observations yet."""
    return Walked(app, cast).send(**changes)


def shot(size: tuple[int, int] = (60, 40)) -> Shot:
    """Return a photo like no other, so that none is taken for one that came before."""
    return Shot(content=jpeg(size, comment=uuid4().bytes))
