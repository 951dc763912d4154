"""Whoever is on call is so at certain hours; those who are now, at any."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
EVERY_DAY = "[0, 1, 2, 3, 4, 5, 6]"


def upgrade() -> None:
    with op.batch_alter_table("on_call") as table:
        table.add_column(sa.Column("days", sa.JSON(), nullable=False, server_default=EVERY_DAY))
        table.add_column(sa.Column("opens", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("closes", sa.Integer(), nullable=False, server_default="1440"))
    with op.batch_alter_table("on_call") as table:
        for name in ("days", "opens", "closes"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("on_call") as table:
        for name in ("days", "opens", "closes"):
            table.drop_column(name)
