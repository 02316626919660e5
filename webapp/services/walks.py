"""What a phone needs to walk an audit without a connection: those that are open, and the one before in each ward."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules.codes.eva import ENDED
from webapp.rules.roles import Person
from webapp.services.seal import opened

NOT_WALKED = ("planned", "walking")
BEFORE_MOST = 40


def pack(person: Person) -> dict[str, Any]:
    """Return the audits that can be walked, each as the ledger has it, and the newest that was walked in each ward."""
    query = select(Eva).where(Eva.closed_at.is_(None), Eva.status.in_(NOT_WALKED)).order_by(Eva.held_on)
    walks = [_walk(eva) for eva in db.session.scalars(query)]
    # Of a walk that was taken back nothing is left to go on with.
    return {"walks": [walk for walk in walks if walk["content"] is not None], "before": _before()}


def _walk(eva: Eva) -> dict[str, Any]:
    capture = db.session.get_one(Capture, eva.id)
    revision = db.session.scalar(
        select(CaptureRevision)
        .where(
            CaptureRevision.capture_id == eva.id,
            CaptureRevision.rev == capture.rev,
            ~CaptureRevision.is_clash,
        )
        .order_by(CaptureRevision.id.desc())
    )
    content = opened(revision) if revision is not None else None
    return {
        "id": str(eva.id),
        "reference": eva.reference,
        "title": eva.title,
        "ward_code": eva.ward_code,
        "held_on": eva.held_on.isoformat(),
        "rev": capture.rev,
        "content": content,
        "observations": [_line(one) for one in observations_of([eva])],
    }


def observations_of(evas: Iterable[Eva]) -> list[Observation]:
    """Return what was observed on these audits, in order, what was taken back left out."""
    query = select(Observation).where(
        Observation.eva_id.in_([eva.id for eva in evas]), Observation.removed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Observation.eva_id, Observation.number)))


def _before() -> list[dict[str, Any]]:
    """Return the newest audit that was walked in each ward, with what it observed."""
    query = select(Eva).where(Eva.ended_at.is_not(None), Eva.status.not_in(ENDED - {"finished"}))
    newest: dict[str | None, Eva] = {}
    for eva in db.session.scalars(query.order_by(Eva.held_on)):
        newest[eva.ward_code] = eva
    shown = list(newest.values())[-BEFORE_MOST:]
    seen: dict[UUID, list[Observation]] = {eva.id: [] for eva in shown}
    for one in observations_of(shown):
        seen[one.eva_id].append(one)
    return [
        {
            "reference": eva.reference,
            "title": eva.title,
            "ward_code": eva.ward_code,
            "held_on": eva.held_on.isoformat(),
            "observations": [_line(one) for one in seen[eva.id]],
        }
        for eva in shown
    ]


def _line(observation: Observation) -> dict[str, Any]:
    return {
        "id": str(observation.id),
        "number": observation.number,
        "category": observation.category,
        "grade": observation.grade,
        "severity": observation.severity,
        "place": observation.place_text,
        "latitude": observation.latitude,
        "longitude": observation.longitude,
    }
