"""Answer what reports ask of appointments from indexes alone, without the rows themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
FIRST_INFUSION = sa.text("kind = 'infusion' AND status = 'fulfilled'")
WHERE = {"postgresql_where": FIRST_INFUSION, "sqlite_where": FIRST_INFUSION}
COVERED = {
    "clinic_id_starts_at": ["status", "kind", "series_id", "visit_code", "wall_time"],
    "series_id_visit_code": ["status", "starts_at", "wall_time"],
}
COLUMNS = {
    "clinic_id_starts_at": ["clinic_id", "starts_at"],
    "series_id_visit_code": ["series_id", "visit_code"],
}
# An index alone answers only for pages that were tidied since they changed. By itself PostgreSQL
# tidies when a fifth has changed: of two years' visits, the twelve weeks that reports ask for.
TIDIED = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")


def upgrade() -> None:
    for name, covered in COVERED.items():
        _again(name, postgresql_include=covered)
    _first_infusion(["clinic_id", "series_id", "starts_at"])
    _tidied(f"SET ({', '.join(f'{name} = 0.02' for name in TIDIED)})")


def downgrade() -> None:
    _tidied(f"RESET ({', '.join(TIDIED)})")
    _first_infusion(["series_id", "starts_at"])
    for name in COVERED:
        _again(name)


def _again(name: str, **more: list[str]) -> None:
    op.drop_index(f"ix_appointment_{name}", table_name="appointment")
    op.create_index(f"ix_appointment_{name}", "appointment", COLUMNS[name], **more)


def _first_infusion(columns: list[str]) -> None:
    op.drop_index("ix_appointment_first_infusion", table_name="appointment")
    op.create_index("ix_appointment_first_infusion", "appointment", columns, **WHERE)


def _tidied(change: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE appointment {change}")
