"""Keep who takes a patient home, and whom the clinic names for a bad hour."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "ride_home",
        sa.Column("appointment_id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_ride_home_appointment_id")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_ride_home_clinic_id")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_ride_home_patient_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_ride_home")),
    )
    op.create_index(op.f("ix_ride_home_patient_id"), "ride_home", ["patient_id"], unique=False)
    op.create_table(
        "help_line",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("clinic_phone", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_help_line_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_help_line")),
    )


def downgrade() -> None:
    op.drop_table("help_line")
    op.drop_table("ride_home")
