"""Count a span of a clinic's visits, and what each is counted from, without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
FIRST_INFUSION = sa.text("kind = 'infusion' AND status = 'fulfilled'")


def upgrade() -> None:
    op.create_index("ix_appointment_clinic_id_starts_at", "appointment", ["clinic_id", "starts_at"])
    op.drop_index("ix_appointment_clinic_id", table_name="appointment")
    op.create_index(
        "ix_appointment_series_id_visit_code", "appointment", ["series_id", "visit_code"]
    )
    op.drop_index("ix_appointment_series_id", table_name="appointment")
    op.create_index(
        "ix_appointment_first_infusion",
        "appointment",
        ["series_id", "starts_at"],
        postgresql_where=FIRST_INFUSION,
        sqlite_where=FIRST_INFUSION,
    )


def downgrade() -> None:
    op.drop_index("ix_appointment_first_infusion", table_name="appointment")
    op.create_index("ix_appointment_series_id", "appointment", ["series_id"])
    op.drop_index("ix_appointment_series_id_visit_code", table_name="appointment")
    op.create_index("ix_appointment_clinic_id", "appointment", ["clinic_id"])
    op.drop_index("ix_appointment_clinic_id_starts_at", table_name="appointment")
