"""Seal the audit trail: a mac on every event, and a chain over all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KINDS = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.add_column(
        "audit_event", sa.Column("mac", sa.String(length=64), nullable=False, server_default="")
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    for statement in _triggers():
        op.execute(statement)


def _triggers() -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        return [
            """CREATE TRIGGER seals_only_grow BEFORE UPDATE OR DELETE ON audit_seal
            FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
        ]
    return [
        f"""CREATE TRIGGER seals_only_grow_{kind.lower()} BEFORE {kind} ON audit_seal
        BEGIN SELECT RAISE(ABORT, 'audit_seal is never changed'); END"""
        for kind in KINDS
    ]


def downgrade() -> None:
    op.drop_table("audit_seal")
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.drop_column("audit_event", "mac")
