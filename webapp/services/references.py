"""Reference numbers: per prefix and year of London receipt, none given twice."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models.record import ReferenceCounter
from webapp.rules.clock import local_date
from webapp.rules.references import format_reference

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def next_reference(session: Session, prefix: str, received_at: datetime) -> str:
    """Return the next reference, counted in the caller's commit: what is rolled back leaves no gap."""
    year = local_date(received_at).year
    insert = INSERT[session.get_bind().dialect.name](ReferenceCounter).values(
        prefix=prefix, year=year, last=1
    )
    count = insert.on_conflict_do_update(
        index_elements=["prefix", "year"], set_={"last": ReferenceCounter.last + 1}
    ).returning(ReferenceCounter.last)
    return format_reference(prefix, year, session.execute(count).scalar_one())
