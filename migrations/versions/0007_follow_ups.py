"""Keep what is to be done after a visit did not take place, and a clinic's own habits."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_table(
        "house_rules",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("confirm_hours", sa.Integer(), nullable=False),
        sa.Column("ride_home_hours", sa.Integer(), nullable=False),
        sa.Column("evening", sa.Integer(), nullable=False),
        sa.Column("morning", sa.Integer(), nullable=False),
        sa.Column("noshow_after_minutes", sa.Integer(), nullable=True),
        sa.Column("offers_freed_times", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_house_rules_clinic_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_house_rules")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("visit_code", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=80), nullable=False),
        sa.Column("remedy", sa.String(length=80), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("pair_with", sa.String(length=80), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("obstacles", sa.JSON(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_follow_up_clinic_id")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_follow_up_patient_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_follow_up_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_patient_id"), "follow_up", ["patient_id"], unique=False)
    op.create_index(
        "ix_follow_up_clinic_id_status", "follow_up", ["clinic_id", "status"], unique=False
    )
    op.create_index(
        "uq_follow_up_open",
        "follow_up",
        ["series_id", "visit_code"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("house_rules")
