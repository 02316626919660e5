"""what a phone sends and keeps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795741229"
down_revision: str | None = "1795713022"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None

WAITS_FOR = "CONSTRAINT ck_capture_waits_for_code CHECK (waits_for IN ('parent', 'officer'))"


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_draft_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_saved_at"), ["saved_at"], unique=False)

    op.create_table(
        "awaited_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("capture_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes_size", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_awaited_photo_capture_id_capture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awaited_photo")),
    )
    with op.batch_alter_table("awaited_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awaited_photo_capture_id"), ["capture_id"], unique=False)

    # As SQL, because SQLite takes a check with a new column only in this form; anything else would rebuild the table.
    op.execute(f"ALTER TABLE capture ADD COLUMN waits_for VARCHAR(10) {WAITS_FOR}")
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_capture_parent_id"),
            ["parent_id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_capture_waits_for"),
            ["waits_for"],
            unique=False,
            sqlite_where=sa.text("waits_for IS NOT NULL"),
            postgresql_where=sa.text("waits_for IS NOT NULL"),
        )

    with op.batch_alter_table("capture_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flags", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_capture_revision_capture_id"))
        batch_op.create_index(
            batch_op.f("ix_capture_revision_capture_id_rev_fingerprint"),
            ["capture_id", "rev", "fingerprint"],
            unique=True,
        )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    with op.batch_alter_table("capture_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capture_revision_capture_id_rev_fingerprint"))
        batch_op.create_index(batch_op.f("ix_capture_revision_capture_id"), ["capture_id"], unique=False)

    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_capture_waits_for"),
            sqlite_where=sa.text("waits_for IS NOT NULL"),
            postgresql_where=sa.text("waits_for IS NOT NULL"),
        )
        batch_op.drop_index(
            batch_op.f("ix_capture_parent_id"),
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
    # As SQL, because otherwise SQLite's table would be rebuilt while others refer to it.
    for table, column in (
        ("capture_revision", "settled_at"),
        ("capture_revision", "flags"),
        ("capture", "parent_id"),
        ("capture", "waits_for"),
    ):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")

    with op.batch_alter_table("awaited_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_awaited_photo_capture_id"))

    op.drop_table("awaited_photo")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_saved_at"))
        batch_op.drop_index(batch_op.f("ix_draft_owner_id"))

    op.drop_table("draft")
