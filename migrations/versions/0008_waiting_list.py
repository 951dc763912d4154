"""Keep who waits for a sooner time, which times came free and to whom they were offered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WAITS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _waiting()
    _freed_time()
    _slot_offer()


def _waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("visit_code", sa.String(length=80), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("not_after", sa.Date(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_waiting_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_waiting_patient_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_waiting_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    op.create_index(op.f("ix_waiting_clinic_id"), "waiting", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_waiting_patient_id"), "waiting", ["patient_id"], unique=False)
    op.create_index(
        "uq_waiting_open",
        "waiting",
        ["series_id", "visit_code"],
        unique=True,
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )


def _freed_time() -> None:
    op.create_table(
        "freed_time",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("appointment_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_freed_time_clinic_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_freed_time_site_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_freed_time_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_time")),
    )
    op.create_index(op.f("ix_freed_time_clinic_id"), "freed_time", ["clinic_id"], unique=False)
    op.create_index(
        "ix_freed_time_site_id_status", "freed_time", ["site_id", "status"], unique=False
    )


def _slot_offer() -> None:
    op.create_table(
        "slot_offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("freed_time_id", sa.String(length=32), nullable=False),
        sa.Column("waiting_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("visit_code", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_slot_offer_clinic_id")),
        sa.ForeignKeyConstraint(
            ["freed_time_id"], ["freed_time.id"], name=op.f("fk_slot_offer_freed_time_id")
        ),
        sa.ForeignKeyConstraint(
            ["waiting_id"], ["waiting.id"], name=op.f("fk_slot_offer_waiting_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_slot_offer_patient_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_slot_offer_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_offer")),
    )
    for column in ("freed_time_id", "waiting_id", "patient_id"):
        op.create_index(op.f(f"ix_slot_offer_{column}"), "slot_offer", [column], unique=False)


def downgrade() -> None:
    for table in ("slot_offer", "freed_time", "waiting"):
        op.drop_table(table)
