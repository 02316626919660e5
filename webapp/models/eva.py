"""What an Environmental Visual Audit adds to a record: the route, the walk, who came and what was graded."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.models.record import Record
from webapp.rules.codes import eva as codes
from webapp.rules.codes import grades

PAPER_STATES = ("waiting", "ready", "failed")


class Eva(Record):
    """One audit, planned or walked (field-facts 1.2).

    `held_on` and `starts_at` are London; the walk itself is `began_at` to `ended_at`. `route_points` is what was drawn
    and `track` what a phone recorded, each a line of "latitude longitude" to a point; only what asks for them reads
    them, since a track may be as long as a hundred audits without one. `safety` holds the codes of what
    was ticked, with a space between them. `found_nothing` says that a walk without observations is no mistake.
    `published_at` is NULL until an officer shows residents what became of it.
    """

    __tablename__ = "eva"
    __mapper_args__ = {"polymorphic_identity": "eva"}  # noqa: RUF012 - SQLAlchemy reads it once
    __table_args__ = (
        one_of("reason", codes.REASONS.values),
        one_of("weather", codes.WEATHERS.values),
        one_of("light", codes.LIGHTS.values),
        CheckConstraint("ended_at > began_at", name="ends_after_it_began"),
        CheckConstraint("ended_at IS NULL OR began_at IS NOT NULL", name="began_before_it_ended"),
        index_where_known("previous_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[time | None]
    began_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    lead_officer: Mapped[str] = mapped_column(String(120), default="")
    lead_agency: Mapped[str | None] = mapped_column(String(40))
    route_words: Mapped[str] = mapped_column(Text, default="")
    route_points: Mapped[str] = mapped_column(Text, default="", deferred=True)
    track: Mapped[str] = mapped_column(Text, default="", deferred=True)
    safety: Mapped[str] = mapped_column(String(120), default="")
    safety_note: Mapped[str] = mapped_column(Text, default="")
    weather: Mapped[str | None] = mapped_column(String(12))
    light: Mapped[str | None] = mapped_column(String(10))
    positives: Mapped[str] = mapped_column(Text, default="")
    found_nothing: Mapped[bool] = mapped_column(default=False)
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("eva.id"))
    plan_agreed_on: Mapped[date | None]
    fed_back_on: Mapped[date | None]
    revisit_on: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class EvaParticipant(Base):
    """Somebody who was invited or came. Of residents the first name or what they are, unless they agreed to more."""

    __tablename__ = "eva_participant"
    __table_args__ = (
        one_of("type", codes.PARTICIPANT_TYPES.values),
        one_of("presence", codes.PRESENCES.values),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), index=True)
    type: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    presence: Mapped[str] = mapped_column(String(20))


class EvaTransect(Base):
    """About 50 m of street between two fixed points, graded by element; NULL is not graded (field-facts 1.2, 1.6)."""

    __tablename__ = "eva_transect"
    __table_args__ = (
        one_of("land_use", grades.LAND_USES.values),
        *(one_of(element, grades.GRADES.values) for element in grades.ELEMENTS.values),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), index=True)
    street: Mapped[str] = mapped_column(String(120))
    begins: Mapped[str] = mapped_column(String(120), default="")
    ends: Mapped[str] = mapped_column(String(120), default="")
    land_use: Mapped[str] = mapped_column(String(20))
    litter: Mapped[str | None] = mapped_column(String(10))
    detritus: Mapped[str | None] = mapped_column(String(10))
    graffiti: Mapped[str | None] = mapped_column(String(10))
    fly_posting: Mapped[str | None] = mapped_column(String(10))
    surveyor: Mapped[str] = mapped_column(String(10), default="")


class EvaPrompt(Base):
    """The answer to one prompt of designing out crime."""

    __tablename__ = "eva_prompt"
    __table_args__ = (
        one_of("prompt", codes.PROMPTS.values),
        one_of("answer", codes.PROMPT_ANSWERS.values),
    )

    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), primary_key=True)
    prompt: Mapped[str] = mapped_column(String(20), primary_key=True)
    answer: Mapped[str | None] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(Text, default="")


class EvaPaper(Base):
    """An audit as a PDF for staff: asked for, then made by the worker. Its file has the name of its id.

    An audit has one at most. One that no longer says what may be shown, such as a photo that was masked since, is
    taken away with its row.
    """

    __tablename__ = "eva_paper"
    __table_args__ = (
        one_of("state", PAPER_STATES),
        CheckConstraint("(state = 'ready') = (made_at IS NOT NULL)", name="made_when_ready"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    bytes_size: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(200), default="")


class EvaFeeling(Base):
    """How safe one resident feels there, in the words of the Residents Panel. Nobody's name stands beside it."""

    __tablename__ = "eva_feeling"
    __table_args__ = (
        one_of("by_day", codes.FEELINGS.values),
        one_of("after_dark", codes.FEELINGS.values),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), index=True)
    by_day: Mapped[str | None] = mapped_column(String(12))
    after_dark: Mapped[str | None] = mapped_column(String(12))
