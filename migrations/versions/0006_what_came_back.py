"""Keep word of messages that arrived, and the digits by which an answer finds its sender."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

patient = sa.table("patient", sa.column("phone"), sa.column("phone_key"))


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("delivered_at", sa.DateTime(timezone=True)))
    key = sa.Column("phone_key", sa.String(length=80), nullable=False, server_default="")
    op.add_column("patient", key)
    _fill(op.get_bind())
    with op.batch_alter_table("patient") as changed:
        changed.alter_column("phone_key", server_default=None)
    op.create_index(op.f("ix_patient_phone_key"), "patient", ["phone_key"], unique=False)


def _fill(connection: sa.Connection) -> None:
    phones = connection.scalars(sa.select(patient.c.phone).distinct()).all()
    for phone in phones:
        digits = "".join(each for each in phone if each.isascii() and each.isdigit())
        changed = patient.update().where(patient.c.phone == phone)
        connection.execute(changed.values(phone_key=digits.removeprefix("00")))


def downgrade() -> None:
    op.drop_index(op.f("ix_patient_phone_key"), table_name="patient")
    op.drop_column("patient", "phone_key")
    op.drop_column("outbox_message", "delivered_at")
