"""the officers' side of a fly-tip."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795881839"
down_revision: str | None = "1795741229"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None


SCOPES = "'in_target', 'undecided', 'private_land', 'ea_led', 'not_found', 'not_fly_tip', 'duplicate'"
OUTCOMES = (
    "'cleared', 'not_found', 'not_fly_tip', 'private_land', 'referred_ea', 'referred_kcc', 'referred_other'"
)
STATES = "'owed', 'sending', 'accepted', 'bounced', 'failed', 'dropped'"
PURPOSES = (
    "'acknowledgement', 'clearance_ordered', 'cleared', 'closed', 'duplicate', 'not_found', 'not_fly_tip',"
    " 'private_land', 'referred_ea', 'referred_kcc', 'referred_other', 'specialist', 'reopened', 'not_reopened',"
    " 'reminder'"
)
MOVED = ("reported_on", "due_on", "cleared_on", "responsible_body")
ADDED = {
    "record": (
        "reported_on DATE",
        "due_on DATE",
        "cleared_on DATE",
        f"scope VARCHAR(20) CONSTRAINT ck_record_scope_code CHECK (scope IN ({SCOPES}))",
        "responsible_body VARCHAR(40)",
        "crew VARCHAR(60)",
    ),
    "fly_tip": (
        "is_public_reported BOOLEAN",
        f"outcome VARCHAR(20) CONSTRAINT ck_fly_tip_outcome_code CHECK (outcome IN ({OUTCOMES}))",
        "cleared_at MOMENT",
        "clearance_cost_pence INTEGER CONSTRAINT ck_fly_tip_cost_not_negative CHECK (clearance_cost_pence >= 0)",
        "back_of_id UUID",
    ),
}
FILL = (
    *(
        f"UPDATE record SET {column} = (SELECT fly_tip.{column} FROM fly_tip WHERE fly_tip.id = record.id)"
        for column in MOVED
    ),
    "UPDATE record SET scope = (SELECT CASE WHEN record.status IN ('not_found', 'not_fly_tip', 'duplicate')"
    " THEN record.status WHEN fly_tip.in_target THEN 'in_target' WHEN fly_tip.in_target IS NULL THEN 'undecided'"
    " ELSE 'private_land' END FROM fly_tip WHERE fly_tip.id = record.id)",
    "UPDATE fly_tip SET is_public_reported = reported_by_type NOT IN ('staff_proactive', 'warden')",
    "UPDATE fly_tip SET outcome = (SELECT record.status FROM record WHERE record.id = fly_tip.id AND"
    f" record.status IN ({OUTCOMES}))",
)
PARTIAL = (
    ("ix_fly_tip_back_of_id", "fly_tip", ["back_of_id"], "back_of_id IS NOT NULL"),
    (
        "ix_record_counted",
        "record",
        ["reported_on", "scope", "due_on", "cleared_on", "ward_code", "responsible_body", "status", "id"],
        "scope IS NOT NULL",
    ),
    ("ix_record_responsible_body", "record", ["responsible_body"], "responsible_body IS NOT NULL"),
    (
        "ix_record_still_open",
        "record",
        ["scope", "due_on", "ward_code", "responsible_body", "crew", "status"],
        "closed_at IS NULL",
    ),
)


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("land_type", sa.String(length=30), nullable=True),
        sa.Column("main_waste", sa.String(length=30), nullable=True),
        sa.Column("ward_code", sa.String(length=12), nullable=True),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "land_type IN ('highway', 'footpath_bridleway', 'back_alleyway', 'council_land', 'agricultural', 'private_residential', 'commercial_industrial', 'railway', 'watercourse_bank', 'other_unidentified')",
            name=op.f("ck_routing_rule_land_type_code"),
        ),
        sa.CheckConstraint(
            "main_waste IN ('bags_household', 'other_household', 'white_goods', 'other_electrical', 'green', 'construction', 'tyres', 'vehicle_parts', 'bags_commercial', 'other_commercial', 'asbestos', 'clinical', 'chemical', 'animal_carcass', 'other_unidentified')",
            name=op.f("ck_routing_rule_main_waste_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )
    with op.batch_alter_table("routing_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_routing_rule_position"), ["position"], unique=False)

    op.create_table(
        "notice_template",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["user.id"], name=op.f("fk_notice_template_edited_by_id_user")
        ),
        sa.PrimaryKeyConstraint("kind", "purpose", name=op.f("pk_notice_template")),
    )
    op.create_table(
        "smartwater_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_ref", sa.String(length=40), nullable=False),
        sa.Column("marked_on", sa.Date(), nullable=False),
        sa.Column("marked_by", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("code_batch", sa.String(length=60), nullable=False),
        sa.Column("is_covert", sa.Boolean(), nullable=False),
        sa.Column("has_signage", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_smartwater_mark_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_smartwater_mark")),
        sa.UniqueConstraint("deployment_ref", name=op.f("uq_smartwater_mark_deployment_ref")),
    )
    op.create_table(
        "danger_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_danger_check_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["fly_tip.id"], name=op.f("fk_danger_check_record_id_fly_tip")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger_check")),
    )
    with op.batch_alter_table("danger_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_danger_check_record_id"), ["record_id"], unique=False)

    op.create_table(
        "enforcement_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("cost_pence", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("penalty", sa.String(length=20), nullable=True),
        sa.Column("penalty_pence", sa.Integer(), nullable=True),
        sa.Column("penalty_state", sa.String(length=10), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("court", sa.String(length=120), nullable=True),
        sa.Column("fine_pence", sa.Integer(), nullable=True),
        sa.Column("costs_pence", sa.Integer(), nullable=True),
        sa.Column("compensation_pence", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(step = 'fpn') = (penalty IS NOT NULL)", name=op.f("ck_enforcement_step_penalty_of_fpn")
        ),
        sa.CheckConstraint(
            "outcome IN ('absolute_discharge', 'conditional_discharge', 'community_order', 'fine', 'custodial', 'other', 'lost')",
            name=op.f("ck_enforcement_step_outcome_code"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR step = 'prosecution'", name=op.f("ck_enforcement_step_outcome_of_prosecution")
        ),
        sa.CheckConstraint(
            "penalty IN ('fpn_flytip', 'fpn_household_doc', 'fpn_litter', 'fpn_other')",
            name=op.f("ck_enforcement_step_penalty_code"),
        ),
        sa.CheckConstraint(
            "penalty_state IN ('issued', 'paid', 'cancelled', 'to_court')",
            name=op.f("ck_enforcement_step_penalty_state_code"),
        ),
        sa.CheckConstraint(
            "step IN ('investigation', 'warning_letter', 'duty_of_care', 'statutory_notice', 'fpn', 'stop_search', 'prosecution', 'formal_caution', 'injunction', 'vehicle_seized')",
            name=op.f("ck_enforcement_step_step_code"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (outcome_on IS NULL)", name=op.f("ck_enforcement_step_day_of_outcome")
        ),
        sa.CheckConstraint(
            "(penalty IS NULL) = (penalty_state IS NULL)", name=op.f("ck_enforcement_step_state_of_penalty")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_enforcement_step_by_id_user")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["fly_tip.id"], name=op.f("fk_enforcement_step_record_id_fly_tip")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_step")),
    )
    with op.batch_alter_table("enforcement_step", schema=None) as batch_op:
        batch_op.create_index("ix_enforcement_step_done_on", ["done_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enforcement_step_outcome_on"),
            ["outcome_on"],
            unique=False,
            sqlite_where=sa.text("outcome_on IS NOT NULL"),
            postgresql_where=sa.text("outcome_on IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_enforcement_step_paid_on"),
            ["paid_on"],
            unique=False,
            sqlite_where=sa.text("paid_on IS NOT NULL"),
            postgresql_where=sa.text("paid_on IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_enforcement_step_record_id"), ["record_id"], unique=False)

    op.create_table(
        "exhibit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("exhibit_ref", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("found_by", sa.String(length=120), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("seal_number", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_exhibit_by_id_user")),
        sa.ForeignKeyConstraint(["record_id"], ["fly_tip.id"], name=op.f("fk_exhibit_record_id_fly_tip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibit")),
    )
    with op.batch_alter_table("exhibit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exhibit_record_id_exhibit_ref"), ["record_id", "exhibit_ref"], unique=True
        )

    op.create_table(
        "land_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("land_type", sa.String(length=30), nullable=False),
        sa.Column("ownership", sa.String(length=10), nullable=False),
        sa.Column("responsible_body", sa.String(length=40), nullable=True),
        sa.Column("is_body_by_rule", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('certain', 'likely', 'guess')", name=op.f("ck_land_decision_confidence_code")
        ),
        sa.CheckConstraint(
            "land_type IN ('highway', 'footpath_bridleway', 'back_alleyway', 'council_land', 'agricultural', 'private_residential', 'commercial_industrial', 'railway', 'watercourse_bank', 'other_unidentified')",
            name=op.f("ck_land_decision_land_type_code"),
        ),
        sa.CheckConstraint(
            "ownership IN ('public', 'private', 'unknown')", name=op.f("ck_land_decision_ownership_code")
        ),
        sa.CheckConstraint(
            "scope IN ('in_target', 'undecided', 'private_land', 'ea_led', 'not_found', 'not_fly_tip', 'duplicate')",
            name=op.f("ck_land_decision_scope_code"),
        ),
        sa.CheckConstraint(
            "source IN ('reporter', 'visit', 'own_records', 'highway_records', 'land_registry', 'owner', 'other')",
            name=op.f("ck_land_decision_source_code"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_land_decision_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["fly_tip.id"], name=op.f("fk_land_decision_record_id_fly_tip")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_decision")),
    )
    with op.batch_alter_table("land_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_land_decision_record_id"), ["record_id"], unique=False)

    op.create_table(
        "reopen_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("open_for_id", sa.Uuid(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["open_for_id"], ["report.id"], name=op.f("fk_reopen_request_open_for_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_reopen_request_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_reopen_request_settled_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopen_request")),
        sa.UniqueConstraint("open_for_id", name=op.f("uq_reopen_request_open_for_id")),
    )
    with op.batch_alter_table("reopen_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reopen_request_report_id"), ["report_id"], unique=False)

    op.create_table(
        "satisfaction",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "answer IN ('very_satisfied', 'fairly_satisfied', 'neither', 'fairly_dissatisfied', 'very_dissatisfied', 'dont_know')",
            name=op.f("ck_satisfaction_answer_code"),
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_satisfaction_report_id_report")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_satisfaction")),
    )
    op.create_table(
        "smartwater_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("is_uv_positive", sa.Boolean(), nullable=False),
        sa.Column("sample_ref", sa.String(length=40), nullable=True),
        sa.Column("lab_result", sa.String(length=200), nullable=True),
        sa.Column("mark_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_smartwater_read_by_id_user")),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["smartwater_mark.id"], name=op.f("fk_smartwater_read_mark_id_smartwater_mark")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["fly_tip.id"], name=op.f("fk_smartwater_read_record_id_fly_tip")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_smartwater_read")),
    )
    with op.batch_alter_table("smartwater_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_smartwater_read_record_id"), ["record_id"], unique=False)

    op.create_table(
        "exhibit_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibit_id", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_whom", sa.String(length=120), nullable=False),
        sa.Column("to_whom", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("storage", sa.String(length=200), nullable=False),
        sa.Column("seal_number", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_exhibit_move_by_id_user")),
        sa.ForeignKeyConstraint(
            ["exhibit_id"], ["exhibit.id"], name=op.f("fk_exhibit_move_exhibit_id_exhibit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibit_move")),
    )
    with op.batch_alter_table("exhibit_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibit_move_exhibit_id"), ["exhibit_id"], unique=False)

    op.create_table(
        "penalty_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('issued', 'paid', 'cancelled', 'to_court')", name=op.f("ck_penalty_change_state_code")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_penalty_change_by_id_user")),
        sa.ForeignKeyConstraint(
            ["step_id"], ["enforcement_step.id"], name=op.f("fk_penalty_change_step_id_enforcement_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_change")),
    )
    with op.batch_alter_table("penalty_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_penalty_change_step_id"), ["step_id"], unique=False)

    # As SQL, because SQLite would rebuild a table that others refer to for anything else.
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {_spelled(column)}")
    for name, table in (
        ("ix_fly_tip_in_target_due_on", "fly_tip"),
        ("ix_fly_tip_reported_on", "fly_tip"),
        ("ix_fly_tip_responsible_body", "fly_tip"),
        ("ix_record_kind_captured_at", "record"),
    ):
        op.drop_index(name, table)
    for statement in FILL:
        op.execute(statement)
    for column in MOVED:
        op.execute(f"ALTER TABLE fly_tip DROP COLUMN {column}")
    op.execute("ALTER TABLE fly_tip DROP COLUMN in_target")
    for name, table, columns, where in PARTIAL:
        condition = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    _change_notices()


def _spelled(column: str) -> str:
    return column.replace(
        "MOMENT", sa.DateTime(timezone=True).compile(dialect=op.get_bind().dialect)
    ).replace("UUID", sa.Uuid().compile(dialect=op.get_bind().dialect))


def _change_notices() -> None:
    op.drop_index("ix_notice_report_id", "notice")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notice_state_code"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_notice_purpose_code"), type_="check")
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("about_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("way", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("told_by_id", sa.Integer(), nullable=True))
        batch_op.alter_column("report_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_notice_state_code"), f"state IN ({STATES})")
        batch_op.create_check_constraint(batch_op.f("ck_notice_purpose_code"), f"purpose IN ({PURPOSES})")
        batch_op.create_check_constraint(batch_op.f("ck_notice_way_code"), "way IN ('email', 'phone')")
        batch_op.create_check_constraint(
            batch_op.f("ck_notice_one_recipient"), "(report_id IS NULL) <> (user_id IS NULL)"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_notice_user_id_purpose_about_on"), ["user_id", "purpose", "about_on"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_notice_told_by_id_user"), "user", ["told_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_notice_user_id_user"), "user", ["user_id"], ["id"])
    op.execute("UPDATE notice SET way = 'email'")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.alter_column("way", existing_type=sa.String(length=10), nullable=False)
    known = sa.text("report_id IS NOT NULL")
    op.create_index(
        "ix_notice_report_id", "notice", ["report_id"], sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    """Bring the tables back to the revision before. What was only known since then is lost."""
    op.drop_index("ix_notice_report_id", "notice")
    op.execute(
        "DELETE FROM notice WHERE user_id IS NOT NULL OR purpose NOT IN ('acknowledgement', 'cleared')"
    )
    op.execute("UPDATE notice SET state = 'failed' WHERE state = 'bounced'")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notice_user_id_user"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_notice_told_by_id_user"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_notice_user_id_purpose_about_on"), type_="unique")
        for name in ("one_recipient", "way_code", "purpose_code", "state_code"):
            batch_op.drop_constraint(batch_op.f(f"ck_notice_{name}"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_notice_state_code"),
            "state IN ('owed', 'sending', 'accepted', 'failed', 'dropped')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notice_purpose_code"), "purpose IN ('acknowledgement', 'cleared')"
        )
        batch_op.alter_column("report_id", existing_type=sa.Uuid(), nullable=False)
        for column in ("told_by_id", "way", "about_on", "user_id"):
            batch_op.drop_column(column)
    op.create_index("ix_notice_report_id", "notice", ["report_id"])
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
    for column in (
        "in_target BOOLEAN",
        "reported_on DATE",
        "due_on DATE",
        "cleared_on DATE",
        "responsible_body VARCHAR(40)",
    ):
        op.execute(f"ALTER TABLE fly_tip ADD COLUMN {column}")
    for column in MOVED:
        op.execute(
            f"UPDATE fly_tip SET {column} = (SELECT record.{column} FROM record WHERE record.id = fly_tip.id)"
        )
    op.execute(
        "UPDATE fly_tip SET in_target = (SELECT CASE record.scope WHEN 'in_target' THEN true WHEN 'undecided' THEN NULL"
        " ELSE false END FROM record WHERE record.id = fly_tip.id)"
    )
    op.create_index("ix_fly_tip_in_target_due_on", "fly_tip", ["in_target", "due_on"])
    op.create_index("ix_fly_tip_reported_on", "fly_tip", ["reported_on"])
    known = sa.text("responsible_body IS NOT NULL")
    op.create_index(
        "ix_fly_tip_responsible_body",
        "fly_tip",
        ["responsible_body"],
        sqlite_where=known,
        postgresql_where=known,
    )
    op.create_index("ix_record_kind_captured_at", "record", ["kind", "captured_at"])
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")

    with op.batch_alter_table("penalty_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_penalty_change_step_id"))

    op.drop_table("penalty_change")
    with op.batch_alter_table("exhibit_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibit_move_exhibit_id"))

    op.drop_table("exhibit_move")
    with op.batch_alter_table("smartwater_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_smartwater_read_record_id"))

    op.drop_table("smartwater_read")
    op.drop_table("satisfaction")
    with op.batch_alter_table("reopen_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reopen_request_report_id"))

    op.drop_table("reopen_request")
    with op.batch_alter_table("land_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_land_decision_record_id"))

    op.drop_table("land_decision")
    with op.batch_alter_table("exhibit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibit_record_id_exhibit_ref"))

    op.drop_table("exhibit")
    with op.batch_alter_table("enforcement_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enforcement_step_record_id"))
        batch_op.drop_index(
            batch_op.f("ix_enforcement_step_paid_on"),
            sqlite_where=sa.text("paid_on IS NOT NULL"),
            postgresql_where=sa.text("paid_on IS NOT NULL"),
        )
        batch_op.drop_index(
            batch_op.f("ix_enforcement_step_outcome_on"),
            sqlite_where=sa.text("outcome_on IS NOT NULL"),
            postgresql_where=sa.text("outcome_on IS NOT NULL"),
        )
        batch_op.drop_index("ix_enforcement_step_done_on")

    op.drop_table("enforcement_step")
    with op.batch_alter_table("danger_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_danger_check_record_id"))

    op.drop_table("danger_check")
    op.drop_table("smartwater_mark")
    op.drop_table("notice_template")
    with op.batch_alter_table("routing_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_routing_rule_position"))

    op.drop_table("routing_rule")
