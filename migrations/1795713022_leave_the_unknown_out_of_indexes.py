"""leave the unknown out of indexes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795713022"
down_revision: str | None = "1795415218"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None

# Contacts are searched for any part of them, which no index helps with.
UNUSED = (("report", "email"), ("report", "phone"))
MOSTLY_UNKNOWN = (
    ("event", "by_id"),
    ("fly_tip", "duplicate_of_id"),
    ("fly_tip", "responsible_body"),
    ("record", "created_by_id"),
)


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    for table, column in (*UNUSED, *MOSTLY_UNKNOWN):
        op.drop_index(f"ix_{table}_{column}", table)
    for table, column in MOSTLY_UNKNOWN:
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table, column in MOSTLY_UNKNOWN:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, column in (*UNUSED, *MOSTLY_UNKNOWN):
        op.create_index(f"ix_{table}_{column}", table, [column])
