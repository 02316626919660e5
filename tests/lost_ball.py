"""A throw-away kind: a form that there is, a table of its own, one line. What it proves holds for any kind."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.base import Base
from webapp.models.record import Record
from webapp.services import kinds


class LostBall(Record):
    """A kind that exists in tests only."""

    __tablename__ = "lost_ball"
    __mapper_args__ = {"polymorphic_identity": "lost_ball"}  # noqa: RUF012 - SQLAlchemy reads it once

    id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    colour: Mapped[str] = mapped_column(String(20))


# The table belongs to tests: migrations and the check that compares them with the models must not see it.
Base.metadata.remove(LostBall.__table__)
LOST_BALL = dataclasses.replace(
    kinds.KINDS[0],
    value="lost_ball",
    slug="lost-ball",
    prefix="LB",
    label="Lost ball",
    model=LostBall,
    changes=lambda record, answers, reported_by_type: {"colour": "red"},
    pack=lambda person: {"colours": ["red"]},
    details=lambda answers, now, reported_by_type: {"colour": "red"},
    headline=lambda record: f"A {record.colour} ball",
    joinable=lambda reference, latitude, longitude: None,
)


@contextmanager
def registered(monkeypatch: pytest.MonkeyPatch, **rules: object) -> Iterator[kinds.Kind]:
    """Yield the kind, registered with these rules, with its table; for within an app's context."""
    kind = dataclasses.replace(LOST_BALL, **rules)
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, kind))
    with db.engine.begin() as connection:
        LostBall.__table__.create(connection)
    yield kind
