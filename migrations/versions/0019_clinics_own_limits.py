"""A clinic says what follows a missed check-in, and from where on answers must be seen today."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
TABLE = "house_rules"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        told = sa.Column(
            "after_missed_check_in", sa.String(80), nullable=False, server_default="tell"
        )
        table.add_column(told)
        table.add_column(sa.Column("rise_limit", sa.Integer()))
        table.add_column(sa.Column("side_effect_limit", sa.Integer()))
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("after_missed_check_in", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        for name in ("after_missed_check_in", "rise_limit", "side_effect_limit"):
            table.drop_column(name)
