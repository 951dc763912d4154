"""An infusion's patient who arrived is at a stage, since a moment."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    stage = sa.Column("stage", sa.String(80), nullable=False, server_default="arrived")
    op.add_column("appointment", stage)
    op.add_column("appointment", sa.Column("stage_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("appointment", "stage_at")
    op.drop_column("appointment", "stage")
