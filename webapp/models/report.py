"""Who told us about a record: a joined record has several, and each of them is told what happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of
from webapp.rules.codes import fly_tipping


class Report(Base):
    """One person's report of a record: contact (NULL when anonymous or withdrawn) and the tracking link's hash."""

    __tablename__ = "report"
    __table_args__ = (one_of("channel", fly_tipping.CHANNELS.values),)

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    wants_news: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def wants_to_hear(self) -> bool:
        """Whether they asked for news and left a way to give it."""
        return self.wants_news and bool(self.email or self.phone)


class ReportWords(Base):
    """Words that a reporter added, first or later: kept as written, append-only, public once released."""

    __tablename__ = "report_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Text)
