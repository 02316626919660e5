"""count the return from one index."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795896732"
down_revision: str | None = "1795881839"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None

OF_STATUS = ["status", "reported_on", "reference", "ward_code", "responsible_body", "crew", "kind"]
RETURNED = [
    "incident_on",
    "land_type",
    "main_waste",
    "size",
    "is_public_reported",
    "is_cleared",
    "clearance_cost_pence",
]
# As the rule says it.
FILL = (
    "UPDATE fly_tip SET incident_on = (SELECT record.reported_on FROM record WHERE record.id = fly_tip.id"
    " AND record.scope NOT IN ('duplicate', 'not_found', 'not_fly_tip'))",
    "UPDATE fly_tip SET is_cleared = (SELECT record.cleared_on IS NOT NULL FROM record WHERE record.id = fly_tip.id)",
)


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.add_column("fly_tip", sa.Column("incident_on", sa.Date(), nullable=True))
    op.add_column("fly_tip", sa.Column("is_cleared", sa.Boolean(), server_default=sa.false(), nullable=False))
    for statement in FILL:
        op.execute(statement)
    _index("ix_fly_tip_returned", "fly_tip", RETURNED, "incident_on IS NOT NULL")
    op.drop_index("ix_record_status", "record")
    _index("ix_record_status", "record", OF_STATUS, "closed_at IS NOT NULL")


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index("ix_record_status", "record")
    op.create_index("ix_record_status", "record", OF_STATUS)
    op.drop_index("ix_fly_tip_returned", "fly_tip")
    for column in ("is_cleared", "incident_on"):
        op.execute(f"ALTER TABLE fly_tip DROP COLUMN {column}")


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
