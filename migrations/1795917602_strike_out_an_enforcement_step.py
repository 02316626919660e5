"""strike out an enforcement step."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795917602"
down_revision: str | None = "1795902689"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.add_column("enforcement_step", sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("enforcement_step", sa.Column("struck_why", sa.Text(), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("enforcement_step", "struck_why")
    op.drop_column("enforcement_step", "struck_at")
