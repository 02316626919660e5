"""count working days too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from holidays import country_holidays

revision: str = "1795902689"
down_revision: str | None = "1795896732"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None

RECORD = sa.table(
    "record",
    sa.column("reported_on", sa.Date()),
    sa.column("cleared_on", sa.Date()),
    sa.column("working_days_taken", sa.Integer()),
)


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.add_column("record", sa.Column("working_days_taken", sa.Integer(), nullable=True))
    england, columns = country_holidays("GB", subdiv="ENG"), RECORD.c
    is_cleared = columns.cleared_on.is_not(None)
    days = sa.select(columns.reported_on, columns.cleared_on).where(is_cleared).distinct()
    for reported, cleared in op.get_bind().execute(days).all():
        # The count takes in both ends, and the day of the report is none of them.
        count = england.get_working_days_count(reported, cleared) - england.is_working_day(reported)
        same = sa.and_(columns.reported_on == reported, columns.cleared_on == cleared)
        op.execute(sa.update(RECORD).where(same).values(working_days_taken=count))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("record", "working_days_taken")
