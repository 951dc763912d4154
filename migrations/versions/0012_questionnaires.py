"""Keep the questionnaires that a clinic loads itself, with why it may use them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column(
        "paperwork",
        sa.Column("of_patient", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("paperwork") as batch:
        batch.alter_column("of_patient", server_default=None)
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("may_use", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_questionnaire_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("uq_questionnaire_clinic_id")),
    )


def downgrade() -> None:
    op.drop_table("questionnaire")
    op.drop_column("paperwork", "of_patient")
