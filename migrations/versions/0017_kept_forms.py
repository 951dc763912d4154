"""Keep for an hour what somebody sent who had been signed out meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_kept_form_clinic_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_kept_form_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_kept_form")),
    )


def downgrade() -> None:
    op.drop_table("kept_form")
