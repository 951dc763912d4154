"""The clinic's tables: people, bookables, protocols, series, appointments, claims, sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Every table of the first edition."""
    op.create_table(
        "clinic",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "idempotent_reply",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotent_reply")),
    )
    op.create_index(
        op.f("ix_idempotent_reply_made_at"), "idempotent_reply", ["made_at"], unique=False
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        op.f("ix_sign_in_attempt_subject"), "sign_in_attempt", ["subject"], unique=False
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_audit_event_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_clinic_id_at", "audit_event", ["clinic_id", "at"], unique=False)
    op.create_index(
        "ix_audit_event_patient_id_at", "audit_event", ["patient_id", "at"], unique=False
    )
    op.create_table(
        "practitioner",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_practitioner_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
    )
    op.create_index(op.f("ix_practitioner_clinic_id"), "practitioner", ["clinic_id"], unique=False)
    op.create_table(
        "protocol",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_protocol_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("uq_protocol_clinic_id_code")),
    )
    op.create_index(op.f("ix_protocol_clinic_id"), "protocol", ["clinic_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_site_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("clinic_id", "title", name=op.f("uq_site_clinic_id_title")),
    )
    op.create_index(op.f("ix_site_clinic_id"), "site", ["clinic_id"], unique=False)
    op.create_table(
        "bookable",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.String(length=32), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity >= 0 AND capacity <= 1000", name=op.f("ck_bookable_capacity_in_range")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_bookable_clinic_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_bookable_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bookable_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookable")),
        sa.UniqueConstraint(
            "clinic_id", "site_id", "code", name=op.f("uq_bookable_clinic_id_site_id_code")
        ),
    )
    op.create_index(op.f("ix_bookable_clinic_id"), "bookable", ["clinic_id"], unique=False)
    op.create_index(
        op.f("ix_bookable_practitioner_id"), "bookable", ["practitioner_id"], unique=False
    )
    op.create_index(op.f("ix_bookable_site_id"), "bookable", ["site_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practitioner_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_credential_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint(
            "practitioner_id", "title", name=op.f("uq_credential_practitioner_id_title")
        ),
    )
    op.create_index(
        op.f("ix_credential_practitioner_id"), "credential", ["practitioner_id"], unique=False
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_holiday_clinic_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_holiday_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("site_id", "on", name=op.f("uq_holiday_site_id_on")),
    )
    op.create_index(op.f("ix_holiday_clinic_id"), "holiday", ["clinic_id"], unique=False)
    op.create_table(
        "patient",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=80), nullable=False),
        sa.Column("prefers", sa.String(), nullable=True),
        sa.Column("weekly", sa.JSON(), nullable=True),
        sa.Column("away", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_patient_clinic_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_patient_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
    )
    op.create_index(op.f("ix_patient_clinic_id"), "patient", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_patient_site_id"), "patient", ["site_id"], unique=False)
    op.create_table(
        "protocol_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("protocol_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_protocol_version_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["protocol.id"], name=op.f("fk_protocol_version_protocol_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_version")),
        sa.UniqueConstraint(
            "protocol_id", "number", name=op.f("uq_protocol_version_protocol_id_number")
        ),
    )
    op.create_index(
        op.f("ix_protocol_version_clinic_id"), "protocol_version", ["clinic_id"], unique=False
    )
    op.create_index(
        op.f("ix_protocol_version_protocol_id"), "protocol_version", ["protocol_id"], unique=False
    )
    op.create_table(
        "availability",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bookable_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bookable_id"], ["bookable.id"], name=op.f("fk_availability_bookable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    op.create_index(
        op.f("ix_availability_bookable_id"), "availability", ["bookable_id"], unique=False
    )
    op.create_table(
        "availability_exception",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bookable_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["bookable_id"], ["bookable.id"], name=op.f("fk_availability_exception_bookable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
    )
    op.create_index(
        op.f("ix_availability_exception_bookable_id"),
        "availability_exception",
        ["bookable_id"],
        unique=False,
    )
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("protocol_version_id", sa.String(length=32), nullable=False),
        sa.Column("arm", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=False),
        sa.Column("start_by", sa.Date(), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_series_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_series_patient_id")),
        sa.ForeignKeyConstraint(
            ["protocol_version_id"],
            ["protocol_version.id"],
            name=op.f("fk_series_protocol_version_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_series_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_clinic_id"), "series", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_series_patient_id"), "series", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_series_protocol_version_id"), "series", ["protocol_version_id"], unique=False
    )
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=True),
        sa.Column("practitioner_id", sa.String(length=32), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_user_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_user_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_user_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_index(op.f("ix_user_clinic_id"), "user", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_user_patient_id"), "user", ["patient_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_user_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_hold_clinic_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_hold_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_clinic_id"), "hold", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_hold_series_id"), "hold", ["series_id"], unique=False)
    op.create_table(
        "planned_visit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_planned_visit_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_planned_visit_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_visit")),
        sa.UniqueConstraint("series_id", "code", name=op.f("uq_planned_visit_series_id_code")),
    )
    op.create_index(
        op.f("ix_planned_visit_clinic_id"), "planned_visit", ["clinic_id"], unique=False
    )
    op.create_table(
        "proposed_plan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_proposed_plan_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_proposed_plan_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_plan")),
    )
    op.create_index(
        op.f("ix_proposed_plan_clinic_id"), "proposed_plan", ["clinic_id"], unique=False
    )
    op.create_index(
        op.f("ix_proposed_plan_series_id"), "proposed_plan", ["series_id"], unique=False
    )
    op.create_table(
        "token_family",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_token_family_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_family")),
    )
    op.create_index(op.f("ix_token_family_user_id"), "token_family", ["user_id"], unique=False)
    op.create_table(
        "access_token",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["token_family.id"], name=op.f("fk_access_token_family_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_access_token")),
    )
    op.create_index(op.f("ix_access_token_family_id"), "access_token", ["family_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("planned_visit_id", sa.String(length=32), nullable=False),
        sa.Column("visit_code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("patient_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wall_time", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=80), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("schedule_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_appointment_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_appointment_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_visit_id"], ["planned_visit.id"], name=op.f("fk_appointment_planned_visit_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_appointment_series_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_appointment_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_clinic_id"), "appointment", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_appointment_patient_id"), "appointment", ["patient_id"], unique=False)
    op.create_index(op.f("ix_appointment_series_id"), "appointment", ["series_id"], unique=False)
    op.create_index(
        "ix_appointment_site_id_starts_at", "appointment", ["site_id", "starts_at"], unique=False
    )
    op.create_index(
        "uq_appointment_live_planned_visit_id",
        "appointment",
        ["planned_visit_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('pending', 'booked', 'arrived', 'fulfilled')"),
        sqlite_where=sa.text("status IN ('pending', 'booked', 'arrived', 'fulfilled')"),
    )
    op.create_table(
        "refresh_token",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parent_hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["family_id"], ["token_family.id"], name=op.f("fk_refresh_token_family_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_token")),
    )
    op.create_index(
        op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("appointment_id", sa.String(length=32), nullable=False),
        sa.Column("bookable_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_claim_starts_before_it_ends")),
        sa.CheckConstraint("units >= 0", name=op.f("ck_claim_units_not_negative")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_claim_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["bookable_id"], ["bookable.id"], name=op.f("fk_claim_bookable_id")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_claim_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_appointment_id"), "claim", ["appointment_id"], unique=False)
    op.create_index(
        "ix_claim_bookable_id_starts_at", "claim", ["bookable_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_claim_clinic_id"), "claim", ["clinic_id"], unique=False)


def downgrade() -> None:
    """An empty database."""
    op.drop_index(op.f("ix_claim_clinic_id"), table_name="claim")
    op.drop_index("ix_claim_bookable_id_starts_at", table_name="claim")
    op.drop_index(op.f("ix_claim_appointment_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_refresh_token_family_id"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_index(
        "uq_appointment_live_planned_visit_id",
        table_name="appointment",
        postgresql_where=sa.text("status IN ('pending', 'booked', 'arrived', 'fulfilled')"),
        sqlite_where=sa.text("status IN ('pending', 'booked', 'arrived', 'fulfilled')"),
    )
    op.drop_index("ix_appointment_site_id_starts_at", table_name="appointment")
    op.drop_index(op.f("ix_appointment_series_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_patient_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_clinic_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_access_token_family_id"), table_name="access_token")
    op.drop_table("access_token")
    op.drop_index(op.f("ix_token_family_user_id"), table_name="token_family")
    op.drop_table("token_family")
    op.drop_index(op.f("ix_proposed_plan_series_id"), table_name="proposed_plan")
    op.drop_index(op.f("ix_proposed_plan_clinic_id"), table_name="proposed_plan")
    op.drop_table("proposed_plan")
    op.drop_index(op.f("ix_planned_visit_clinic_id"), table_name="planned_visit")
    op.drop_table("planned_visit")
    op.drop_index(op.f("ix_hold_series_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_clinic_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_index(op.f("ix_user_patient_id"), table_name="user")
    op.drop_index(op.f("ix_user_clinic_id"), table_name="user")
    op.drop_table("user")
    op.drop_index(op.f("ix_series_protocol_version_id"), table_name="series")
    op.drop_index(op.f("ix_series_patient_id"), table_name="series")
    op.drop_index(op.f("ix_series_clinic_id"), table_name="series")
    op.drop_table("series")
    op.drop_index(
        op.f("ix_availability_exception_bookable_id"), table_name="availability_exception"
    )
    op.drop_table("availability_exception")
    op.drop_index(op.f("ix_availability_bookable_id"), table_name="availability")
    op.drop_table("availability")
    op.drop_index(op.f("ix_protocol_version_protocol_id"), table_name="protocol_version")
    op.drop_index(op.f("ix_protocol_version_clinic_id"), table_name="protocol_version")
    op.drop_table("protocol_version")
    op.drop_index(op.f("ix_patient_site_id"), table_name="patient")
    op.drop_index(op.f("ix_patient_clinic_id"), table_name="patient")
    op.drop_table("patient")
    op.drop_index(op.f("ix_holiday_clinic_id"), table_name="holiday")
    op.drop_table("holiday")
    op.drop_index(op.f("ix_credential_practitioner_id"), table_name="credential")
    op.drop_table("credential")
    op.drop_index(op.f("ix_bookable_site_id"), table_name="bookable")
    op.drop_index(op.f("ix_bookable_practitioner_id"), table_name="bookable")
    op.drop_index(op.f("ix_bookable_clinic_id"), table_name="bookable")
    op.drop_table("bookable")
    op.drop_index(op.f("ix_site_clinic_id"), table_name="site")
    op.drop_table("site")
    op.drop_index(op.f("ix_protocol_clinic_id"), table_name="protocol")
    op.drop_table("protocol")
    op.drop_index(op.f("ix_practitioner_clinic_id"), table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_index("ix_audit_event_patient_id_at", table_name="audit_event")
    op.drop_index("ix_audit_event_clinic_id_at", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_sign_in_attempt_subject"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_index(op.f("ix_idempotent_reply_made_at"), table_name="idempotent_reply")
    op.drop_table("idempotent_reply")
    op.drop_table("clinic")
