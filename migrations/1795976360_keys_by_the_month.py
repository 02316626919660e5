"""keys by the month."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795976360"
down_revision: str | None = "1795943010"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.add_column("capture_revision", sa.Column("key_month", sa.String(length=7), nullable=True))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("capture_revision", "key_month")
