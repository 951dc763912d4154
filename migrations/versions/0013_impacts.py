"""Keep what an edition would do to running series, as it was shown."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "impact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_impact_clinic_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["protocol_version.id"], name=op.f("fk_impact_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact")),
    )
    op.create_index(op.f("ix_impact_clinic_id"), "impact", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_impact_version_id"), "impact", ["version_id"], unique=False)


def downgrade() -> None:
    op.drop_table("impact")
