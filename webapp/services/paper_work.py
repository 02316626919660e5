"""What the worker does with PDFs: make those that were asked for."""

import logging
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update

from webapp.extensions import clock, db
from webapp.geo import audit_plan
from webapp.models.eva import Eva, EvaPaper
from webapp.models.photo import Photo
from webapp.rules.clock import local_date
from webapp.services import audit_photos, audit_results, audits, media, photos, typesetting, wards
from webapp.services import eva as evas
from webapp.services.audits import Audit
from webapp.services.transaction import one_commit
from webapp.services.typesetting import Paper, Picture

MOST_ATTEMPTS = 3
TEMPLATE = "eva/paper.html"
SIZE = "small"
MAP = "map"
GAVE_UP = "It was tried three times. Ask for it again, and tell whoever runs Wardbook when that fails too."

log = logging.getLogger(__name__)


def make_waiting() -> bool:
    """Make the PDF that waits longest; return whether another waits."""
    waiting = select(EvaPaper.id).where(EvaPaper.state == "waiting")
    ids = db.session.scalars(waiting.order_by(EvaPaper.attempts, EvaPaper.asked_at).limit(2)).all()
    if ids:
        _make(ids[0])
    return len(ids) > 1


def _make(paper_id: UUID) -> None:
    eva = _begin(paper_id)
    if eva is None:
        _settle(paper_id, state="failed", problem=GAVE_UP)
        return
    try:
        made = of(eva)
    except typesetting.NotSet as problem:
        log.warning("paper_not_set", extra={"paper": str(paper_id), "problem": str(problem)})
        _settle(paper_id, state="failed", problem=str(problem)[:200])
        return
    except typesetting.Broke as problem:
        # Its turn comes again, until it was tried too often.
        log.warning("paper_broke", extra={"paper": str(paper_id), "problem": str(problem)})
        return
    about = {"paper": str(paper_id), "pages": made.pages, "peak_mb": made.peak_bytes // 1_000_000}
    log.info("paper_made", extra=about)
    media.keep_paper(paper_id, made.content)
    is_settled = _settle(paper_id, state="ready", made_at=clock.now(), bytes_size=len(made.content))
    if not is_settled and db.session.get(EvaPaper, paper_id, populate_existing=True) is None:
        # Meanwhile what may be shown has changed, and with it the row went away. Another worker's stays.
        media.delete_paper(paper_id)


def _begin(paper_id: UUID) -> Eva | None:
    """Count an attempt, and return the audit to print; None when it was tried too often."""
    with one_commit() as session:
        paper = session.get(EvaPaper, paper_id, populate_existing=True)
        if paper is None or paper.attempts >= MOST_ATTEMPTS:
            return None
        paper.attempts += 1
        return session.get_one(Eva, paper.eva_id)


def _settle(paper_id: UUID, **values: Any) -> bool:
    with one_commit() as session:
        waits = (EvaPaper.id == paper_id, EvaPaper.state == "waiting")
        done = session.execute(update(EvaPaper).where(*waits).values(**values).returning(EvaPaper.id))
        return done.scalar() is not None


def of(eva: Eva) -> Paper:
    """Return the PDF of an audit as it is now: what staff see of it, without names. Raises NotSet, Broke."""
    audit = audits.everything(eva)
    pairs = audit_photos.pairs_of(audit, sees_hidden=False)
    pictures = _pictures([photo for pair in pairs.values() for photo in pair.photos])
    drawing = _map(audit)
    if drawing:
        pictures[MAP] = Picture("image/svg+xml", drawing.encode())
    page = current_app.jinja_env.get_template(TEMPLATE).render(
        audit=audit,
        eva=eva,
        results=audit_results.of(audit),
        pairs=pairs,
        pictures=frozenset(pictures),
        today=local_date(clock.now()),
        now=clock.now(),
        partnership_name=current_app.config["PARTNERSHIP_NAME"],
        ward_set=wards.in_use(),
    )
    return typesetting.typeset(page, pictures)


def _pictures(shown: list[Photo]) -> dict[str, Picture]:
    """Return the small copies of photos by their ids; a photo without one is told of in words."""
    copies = ((str(photo.id), photos.read_copy(photo, SIZE)) for photo in shown)
    return {name: Picture("image/jpeg", content) for name, content in copies if content is not None}


def _map(audit: Audit) -> str:
    eva = audit.eva
    points = [
        (one.number, one.latitude, one.longitude, one.is_urgent)
        for one in audit.observations
        if one.latitude is not None and one.longitude is not None
    ]
    ward = next((shape for shape in wards.in_use().shapes if shape.code == eva.ward_code), None)
    return audit_plan.plan(
        ward, points, route=evas.points_of(eva.route_points), track=evas.points_of(eva.track)
    )
