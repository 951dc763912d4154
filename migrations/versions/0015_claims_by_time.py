"""Find a clinic's claims of a week without reading all of them."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index(
        "ix_claim_clinic_id_starts_at", "claim", ["clinic_id", "starts_at"], unique=False
    )
    op.drop_index("ix_claim_clinic_id", table_name="claim")


def downgrade() -> None:
    op.create_index("ix_claim_clinic_id", "claim", ["clinic_id"], unique=False)
    op.drop_index("ix_claim_clinic_id_starts_at", table_name="claim")
