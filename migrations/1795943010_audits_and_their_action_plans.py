"""audits and their action plans."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1795943010"
down_revision: str | None = "1795917602"
branch_labels: str | Sequence[str] | None = ()
depends_on: str | Sequence[str] | None = None

PURPOSES = (
    "purpose IN ('acknowledgement', 'clearance_ordered', 'cleared', 'closed', 'duplicate', "
    "'not_fly_tip', 'not_found', 'private_land', 'referred_ea', 'referred_kcc', 'referred_other', "
    "'specialist', 'reopened', 'not_reopened', 'reminder', 'action_link', 'urgent_action')"
)
PURPOSES_BEFORE = (
    "purpose IN ('acknowledgement', 'clearance_ordered', 'cleared', 'closed', 'duplicate', "
    "'not_fly_tip', 'not_found', 'private_land', 'referred_ea', 'referred_kcc', 'referred_other', "
    "'specialist', 'reopened', 'not_reopened', 'reminder')"
)
RECIPIENTS = (
    "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + "
    "(CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + "
    "(CASE WHEN link_id IS NULL THEN 0 ELSE 1 END) = 1"
)
RECIPIENTS_BEFORE = "(report_id IS NULL) <> (user_id IS NULL)"

AUDITS = "SELECT id FROM eva"
OF_AUDITS = "SELECT id FROM capture WHERE kind IN ('eva', 'observation', 'action_update')"
AUDITS_GO = (
    "DELETE FROM notice WHERE link_id IS NOT NULL OR purpose = 'urgent_action'",
    "DELETE FROM action_update",
    "DELETE FROM action_observation",
    "DELETE FROM action_link",
    "DELETE FROM action",
    "DELETE FROM request",
    "DELETE FROM observation",
    f"DELETE FROM event WHERE record_id IN ({AUDITS})",
    f"DELETE FROM photo WHERE record_id IN ({AUDITS}) OR capture_id IN ({OF_AUDITS})",
    *(
        f"DELETE FROM {table}"
        for table in ("eva_participant", "eva_transect", "eva_prompt", "eva_feeling", "eva_paper")
    ),
    "UPDATE eva SET previous_id = NULL",
    "DELETE FROM eva",
    "DELETE FROM record WHERE kind = 'eva'",
    *(
        f"DELETE FROM {table} WHERE capture_id IN ({OF_AUDITS})"
        for table in ("capture_revision", "awaited_photo")
    ),
    "DELETE FROM draft WHERE kind IN ('eva', 'observation')",
    "DELETE FROM capture WHERE kind IN ('eva', 'observation', 'action_update')",
    "DELETE FROM reference_counter WHERE prefix = 'EVA'",
)


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.create_table(
        "pact_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact_role", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pact_area")),
        sa.UniqueConstraint("name", name=op.f("uq_pact_area_name")),
    )
    op.create_table(
        "pact_area_part",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.CheckConstraint("part IN ('ward', 'parish')", name=op.f("ck_pact_area_part_part_code")),
        sa.ForeignKeyConstraint(
            ["area_id"], ["pact_area.id"], name=op.f("fk_pact_area_part_area_id_pact_area")
        ),
        sa.PrimaryKeyConstraint("area_id", "part", "value", name=op.f("pk_pact_area_part")),
    )
    with op.batch_alter_table("pact_area_part") as batch_op:
        batch_op.create_index(batch_op.f("ix_pact_area_part_value"), ["value"], unique=False)

    op.create_table(
        "eva",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_officer", sa.String(length=120), nullable=False),
        sa.Column("lead_agency", sa.String(length=40), nullable=True),
        sa.Column("route_words", sa.Text(), nullable=False),
        sa.Column("route_points", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("safety", sa.String(length=120), nullable=False),
        sa.Column("safety_note", sa.Text(), nullable=False),
        sa.Column("weather", sa.String(length=12), nullable=True),
        sa.Column("light", sa.String(length=10), nullable=True),
        sa.Column("positives", sa.Text(), nullable=False),
        sa.Column("found_nothing", sa.Boolean(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("plan_agreed_on", sa.Date(), nullable=True),
        sa.Column("fed_back_on", sa.Date(), nullable=True),
        sa.Column("revisit_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("light IN ('daylight', 'dusk', 'dark')", name=op.f("ck_eva_light_code")),
        sa.CheckConstraint(
            "reason IN ('priority_ward', 'hotspot', 'pact', 'resident', 'housing', 'post_incident', 'revisit')",
            name=op.f("ck_eva_reason_code"),
        ),
        sa.CheckConstraint(
            "weather IN ('dry', 'sunny', 'windy', 'rain', 'fog', 'frost_snow')",
            name=op.f("ck_eva_weather_code"),
        ),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_eva_ends_after_it_began")),
        sa.CheckConstraint(
            "ended_at IS NULL OR began_at IS NOT NULL", name=op.f("ck_eva_began_before_it_ended")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_eva_id_record")),
        sa.ForeignKeyConstraint(["previous_id"], ["eva.id"], name=op.f("fk_eva_previous_id_eva")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eva")),
    )
    with op.batch_alter_table("eva") as batch_op:
        batch_op.create_index(batch_op.f("ix_eva_held_on"), ["held_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_eva_previous_id"),
            ["previous_id"],
            unique=False,
            sqlite_where=sa.text("previous_id IS NOT NULL"),
            postgresql_where=sa.text("previous_id IS NOT NULL"),
        )

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=True),
        sa.Column("owner_role", sa.String(length=120), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("funding", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("completed_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_to", sa.String(length=200), nullable=False),
        sa.Column("fed_back_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'verified') = (verified_on IS NOT NULL)", name=op.f("ck_action_verified_on_a_day")
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'verified')) = (completed_on IS NOT NULL)",
            name=op.f("ck_action_completed_on_a_day"),
        ),
        sa.CheckConstraint("priority IN ('high', 'medium', 'low')", name=op.f("ck_action_priority_code")),
        sa.CheckConstraint(
            "status IN ('proposed', 'agreed', 'in_progress', 'completed', 'verified', 'not_feasible', 'withdrawn', 'transferred')",
            name=op.f("ck_action_status_code"),
        ),
        sa.CheckConstraint(
            "agreed_on IS NULL OR owner_agency IS NOT NULL", name=op.f("ck_action_agreed_by_somebody")
        ),
        sa.CheckConstraint(
            "completed_on IS NULL OR agreed_on <= completed_on",
            name=op.f("ck_action_agreed_before_completed"),
        ),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["user.id"], name=op.f("fk_action_completed_by_id_user")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_action_created_by_id_user")),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_action_eva_id_eva")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["user.id"], name=op.f("fk_action_verified_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("eva_id", "number", name=op.f("uq_action_eva_id_number")),
    )
    with op.batch_alter_table("action") as batch_op:
        batch_op.create_index(
            "ix_action_open",
            ["owner_agency", "by_when"],
            unique=False,
            sqlite_where=sa.text("status IN ('agreed', 'in_progress', 'proposed')"),
            postgresql_where=sa.text("status IN ('agreed', 'in_progress', 'proposed')"),
        )

    op.create_table(
        "eva_feeling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("by_day", sa.String(length=12), nullable=True),
        sa.Column("after_dark", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "after_dark IN ('very_safe', 'safe', 'unsafe', 'very_unsafe')",
            name=op.f("ck_eva_feeling_after_dark_code"),
        ),
        sa.CheckConstraint(
            "by_day IN ('very_safe', 'safe', 'unsafe', 'very_unsafe')",
            name=op.f("ck_eva_feeling_by_day_code"),
        ),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_eva_feeling_eva_id_eva")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eva_feeling")),
    )
    with op.batch_alter_table("eva_feeling") as batch_op:
        batch_op.create_index(batch_op.f("ix_eva_feeling_eva_id"), ["eva_id"], unique=False)

    op.create_table(
        "eva_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bytes_size", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'ready') = (made_at IS NOT NULL)", name=op.f("ck_eva_paper_made_when_ready")
        ),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_eva_paper_state_code")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_eva_paper_asked_by_id_user")),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_eva_paper_eva_id_eva")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eva_paper")),
        sa.UniqueConstraint("eva_id", name=op.f("uq_eva_paper_eva_id")),
    )
    with op.batch_alter_table("eva_paper") as batch_op:
        batch_op.create_index(batch_op.f("ix_eva_paper_state"), ["state"], unique=False)

    op.create_table(
        "eva_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("presence", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "presence IN ('invited', 'came', 'sent_apologies')", name=op.f("ck_eva_participant_presence_code")
        ),
        sa.CheckConstraint(
            "type IN ('resident', 'resident_association', 'pact_member', 'business', 'councillor_district', 'councillor_parish', 'councillor_county', 'police_officer', 'pcso', 'special_constable', 'kcc_warden', 'csu_officer', 'asb_officer', 'direct_services', 'environmental_health', 'highways', 'housing_association', 'fire_rescue', 'probation', 'youth_service', 'school', 'utility', 'other')",
            name=op.f("ck_eva_participant_type_code"),
        ),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_eva_participant_eva_id_eva")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eva_participant")),
    )
    with op.batch_alter_table("eva_participant") as batch_op:
        batch_op.create_index(batch_op.f("ix_eva_participant_eva_id"), ["eva_id"], unique=False)

    op.create_table(
        "eva_prompt",
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("prompt", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no', 'na')", name=op.f("ck_eva_prompt_answer_code")),
        sa.CheckConstraint(
            "prompt IN ('sightlines', 'hiding_places', 'access_escape', 'ownership', 'lighting', 'cctv', 'boundary', 'signage')",
            name=op.f("ck_eva_prompt_prompt_code"),
        ),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_eva_prompt_eva_id_eva")),
        sa.PrimaryKeyConstraint("eva_id", "prompt", name=op.f("pk_eva_prompt")),
    )
    op.create_table(
        "eva_transect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("begins", sa.String(length=120), nullable=False),
        sa.Column("ends", sa.String(length=120), nullable=False),
        sa.Column("land_use", sa.String(length=20), nullable=False),
        sa.Column("litter", sa.String(length=10), nullable=True),
        sa.Column("detritus", sa.String(length=10), nullable=True),
        sa.Column("graffiti", sa.String(length=10), nullable=True),
        sa.Column("fly_posting", sa.String(length=10), nullable=True),
        sa.Column("surveyor", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "detritus IN ('A', 'B_PLUS', 'B', 'B_MINUS', 'C', 'C_MINUS', 'D')",
            name=op.f("ck_eva_transect_detritus_code"),
        ),
        sa.CheckConstraint(
            "fly_posting IN ('A', 'B_PLUS', 'B', 'B_MINUS', 'C', 'C_MINUS', 'D')",
            name=op.f("ck_eva_transect_fly_posting_code"),
        ),
        sa.CheckConstraint(
            "graffiti IN ('A', 'B_PLUS', 'B', 'B_MINUS', 'C', 'C_MINUS', 'D')",
            name=op.f("ck_eva_transect_graffiti_code"),
        ),
        sa.CheckConstraint(
            "land_use IN ('main_retail', 'other_retail', 'housing_high', 'housing_medium', 'housing_low', 'industry', 'main_roads', 'rural_roads', 'other_highways', 'recreation')",
            name=op.f("ck_eva_transect_land_use_code"),
        ),
        sa.CheckConstraint(
            "litter IN ('A', 'B_PLUS', 'B', 'B_MINUS', 'C', 'C_MINUS', 'D')",
            name=op.f("ck_eva_transect_litter_code"),
        ),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_eva_transect_eva_id_eva")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eva_transect")),
    )
    with op.batch_alter_table("eva_transect") as batch_op:
        batch_op.create_index(batch_op.f("ix_eva_transect_eva_id"), ["eva_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("eva_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("severity", sa.String(length=1), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asset", sa.String(length=60), nullable=False),
        sa.Column("owner_agency", sa.String(length=40), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("location_source", sa.String(length=10), nullable=False),
        sa.Column("place_text", sa.Text(), nullable=False),
        sa.Column("ward_code", sa.String(length=12), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_record_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(location_source = 'none') = (latitude IS NULL)", name=op.f("ck_observation_source_of_position")
        ),
        sa.CheckConstraint(
            "category IN ('litter', 'detritus', 'graffiti', 'graffiti_offensive', 'fly_posting', 'fly_tipping', 'overflowing_bin', 'dog_fouling', 'weed_growth', 'leaf_blossom', 'staining', 'street_light', 'lighting_gap', 'vegetation', 'signage', 'road_pavement', 'drainage_flood', 'vandalism', 'abandoned_vehicle', 'nuisance_vehicle', 'burnt_out', 'drug_litter', 'drug_activity', 'alcohol_litter', 'asb_congregation', 'rough_sleeping', 'boundary_security', 'access_escape', 'cctv', 'parking', 'speeding_concern', 'play_area', 'bus_shelter', 'utility_works', 'shopping_trolley', 'void_property', 'dead_animal', 'positive', 'other')",
            name=op.f("ck_observation_category_code"),
        ),
        sa.CheckConstraint(
            "grade IN ('A', 'B_PLUS', 'B', 'B_MINUS', 'C', 'C_MINUS', 'D')",
            name=op.f("ck_observation_grade_code"),
        ),
        sa.CheckConstraint(
            "location_source IN ('gps', 'map', 'postcode', 'grid', 'photo', 'typed', 'none')",
            name=op.f("ck_observation_location_source_code"),
        ),
        sa.CheckConstraint("severity IN ('1', '2', '3', '4')", name=op.f("ck_observation_severity_code")),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_observation_whole_position")
        ),
        sa.CheckConstraint(
            "grade IS NULL OR severity IS NULL", name=op.f("ck_observation_grade_or_severity")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_observation_latitude_range")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_observation_longitude_range")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_observation_quantity_positive")),
        sa.ForeignKeyConstraint(["eva_id"], ["eva.id"], name=op.f("fk_observation_eva_id_eva")),
        sa.ForeignKeyConstraint(["id"], ["capture.id"], name=op.f("fk_observation_id_capture")),
        sa.ForeignKeyConstraint(
            ["made_record_id"], ["record.id"], name=op.f("fk_observation_made_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation") as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_eva_id"), ["eva_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_observation_made_record_id"),
            ["made_record_id"],
            unique=False,
            sqlite_where=sa.text("made_record_id IS NOT NULL"),
            postgresql_where=sa.text("made_record_id IS NOT NULL"),
        )

    op.create_table(
        "action_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("runs_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_link_action_id_action")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_action_link_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_action_link_token_hash")),
    )
    with op.batch_alter_table("action_link") as batch_op:
        batch_op.create_index(batch_op.f("ix_action_link_action_id"), ["action_id"], unique=False)

    op.create_table(
        "action_observation",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_action_observation_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_action_observation_observation_id_observation"),
        ),
        sa.PrimaryKeyConstraint("action_id", "observation_id", name=op.f("pk_action_observation")),
    )
    with op.batch_alter_table("action_observation") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_observation_observation_id"), ["observation_id"], unique=False
        )

    op.create_table(
        "photo_mask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("x", sa.Float(precision=53), nullable=False),
        sa.Column("y", sa.Float(precision=53), nullable=False),
        sa.Column("width", sa.Float(precision=53), nullable=False),
        sa.Column("height", sa.Float(precision=53), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("x + width <= 1.0001 AND y + height <= 1.0001", name=op.f("ck_photo_mask_inside")),
        sa.CheckConstraint(
            "x >= 0 AND y >= 0 AND width > 0 AND height > 0", name=op.f("ck_photo_mask_has_area")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_photo_mask_made_by_id_user")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_photo_mask_photo_id_photo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_mask")),
    )
    with op.batch_alter_table("photo_mask") as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_mask_photo_id"), ["photo_id"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("ward_code", sa.String(length=12), nullable=True),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('speed_watch_site', 'operation', 'other_body')", name=op.f("ck_request_kind_code")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'taken_up', 'closed', 'declined')", name=op.f("ck_request_status_code")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_request_answered_by_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_request_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_request_observation_id_observation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_request_observation_id")),
    )
    with op.batch_alter_table("request") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_observation_id"),
            ["observation_id"],
            unique=False,
            sqlite_where=sa.text("observation_id IS NOT NULL"),
            postgresql_where=sa.text("observation_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_request_status"), ["status"], unique=False)

    op.create_table(
        "action_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_update_action_id_action")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_action_update_by_id_user")),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_action_update_capture_id_capture")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["action_link.id"], name=op.f("fk_action_update_link_id_action_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_update")),
    )
    with op.batch_alter_table("action_update") as batch_op:
        batch_op.create_index(batch_op.f("ix_action_update_action_id"), ["action_id"], unique=False)

    with op.batch_alter_table("notice") as batch_op:
        batch_op.add_column(sa.Column("link_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_notice_purpose_code"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_notice_one_recipient"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notice_purpose_code"), PURPOSES)
        batch_op.create_check_constraint(batch_op.f("ck_notice_one_recipient"), RECIPIENTS)
        batch_op.create_index(
            batch_op.f("ix_notice_link_id"),
            ["link_id"],
            unique=False,
            sqlite_where=sa.text("link_id IS NOT NULL"),
            postgresql_where=sa.text("link_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_link_id_action_link"), "action_link", ["link_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_notice_action_id_action"), "action", ["action_id"], ["id"])

    with op.batch_alter_table("photo") as batch_op:
        batch_op.add_column(sa.Column("masks_rev", sa.Integer(), nullable=True))

    with op.batch_alter_table("reference_counter") as batch_op:
        batch_op.alter_column(
            "prefix", existing_type=sa.VARCHAR(length=2), type_=sa.String(length=3), existing_nullable=False
        )


def downgrade() -> None:
    """Bring the tables back to the revision before; audits, which it cannot hold, go with what belongs to them."""
    op.execute("DELETE FROM photo_mask")
    for statement in AUDITS_GO:
        op.execute(statement)
    with op.batch_alter_table("reference_counter") as batch_op:
        batch_op.alter_column(
            "prefix", existing_type=sa.String(length=3), type_=sa.VARCHAR(length=2), existing_nullable=False
        )

    with op.batch_alter_table("photo") as batch_op:
        batch_op.drop_column("masks_rev")

    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notice_purpose_code"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_notice_one_recipient"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notice_purpose_code"), PURPOSES_BEFORE)
        batch_op.create_check_constraint(batch_op.f("ck_notice_one_recipient"), RECIPIENTS_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_notice_action_id_action"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_notice_link_id_action_link"), type_="foreignkey")
        batch_op.drop_index(
            batch_op.f("ix_notice_link_id"),
            sqlite_where=sa.text("link_id IS NOT NULL"),
            postgresql_where=sa.text("link_id IS NOT NULL"),
        )
        batch_op.drop_column("action_id")
        batch_op.drop_column("link_id")

    with op.batch_alter_table("action_update") as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_update_action_id"))

    op.drop_table("action_update")
    with op.batch_alter_table("request") as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_status"))
        batch_op.drop_index(
            batch_op.f("ix_request_observation_id"),
            sqlite_where=sa.text("observation_id IS NOT NULL"),
            postgresql_where=sa.text("observation_id IS NOT NULL"),
        )

    op.drop_table("request")
    with op.batch_alter_table("photo_mask") as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_mask_photo_id"))

    op.drop_table("photo_mask")
    with op.batch_alter_table("action_observation") as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_observation_observation_id"))

    op.drop_table("action_observation")
    with op.batch_alter_table("action_link") as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_link_action_id"))

    op.drop_table("action_link")
    with op.batch_alter_table("observation") as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_observation_made_record_id"),
            sqlite_where=sa.text("made_record_id IS NOT NULL"),
            postgresql_where=sa.text("made_record_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_observation_eva_id"))

    op.drop_table("observation")
    with op.batch_alter_table("eva_transect") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eva_transect_eva_id"))

    op.drop_table("eva_transect")
    op.drop_table("eva_prompt")
    with op.batch_alter_table("eva_participant") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eva_participant_eva_id"))

    op.drop_table("eva_participant")
    with op.batch_alter_table("eva_paper") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eva_paper_state"))

    op.drop_table("eva_paper")
    with op.batch_alter_table("eva_feeling") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eva_feeling_eva_id"))

    op.drop_table("eva_feeling")
    with op.batch_alter_table("action") as batch_op:
        batch_op.drop_index(
            "ix_action_open",
            sqlite_where=sa.text("status IN ('agreed', 'in_progress', 'proposed')"),
            postgresql_where=sa.text("status IN ('agreed', 'in_progress', 'proposed')"),
        )

    op.drop_table("action")
    with op.batch_alter_table("eva") as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_eva_previous_id"),
            sqlite_where=sa.text("previous_id IS NOT NULL"),
            postgresql_where=sa.text("previous_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_eva_held_on"))

    op.drop_table("eva")
    with op.batch_alter_table("pact_area_part") as batch_op:
        batch_op.drop_index(batch_op.f("ix_pact_area_part_value"))

    op.drop_table("pact_area_part")
    op.drop_table("pact_area")
