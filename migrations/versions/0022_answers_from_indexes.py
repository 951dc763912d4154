"""Answer what reports and live checks ask from indexes alone, without the rows themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
FIRST_INFUSION = sa.text("kind = 'infusion' AND status = 'fulfilled'")
WHERE = {"postgresql_where": FIRST_INFUSION, "sqlite_where": FIRST_INFUSION}
COVERED = {
    "appointment": {
        ("clinic_id", "starts_at"): ("status", "kind", "series_id", "visit_code", "wall_time"),
        ("series_id", "visit_code"): ("status", "starts_at", "wall_time"),
    },
    "claim": {("bookable_id", "starts_at"): ("ends_at", "units", "live", "appointment_id")},
}
# An index alone answers only for pages that were tidied since they changed. By itself PostgreSQL
# tidies when a fifth has changed: of two years' visits, the twelve weeks that reports ask for.
TIDIED = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")


def upgrade() -> None:
    for table, indexes in COVERED.items():
        for key, covered in indexes.items():
            _again(table, key, postgresql_include=covered)
        _tidied(table, f"SET ({', '.join(f'{name} = 0.02' for name in TIDIED)})")
    _first_infusion(["clinic_id", "series_id", "starts_at"])


def downgrade() -> None:
    _first_infusion(["series_id", "starts_at"])
    for table, indexes in COVERED.items():
        _tidied(table, f"RESET ({', '.join(TIDIED)})")
        for key in indexes:
            _again(table, key)


def _again(table: str, key: tuple[str, ...], **more: tuple[str, ...]) -> None:
    name = f"ix_{table}_{'_'.join(key)}"
    op.drop_index(name, table_name=table)
    op.create_index(name, table, list(key), **more)


def _first_infusion(columns: list[str]) -> None:
    op.drop_index("ix_appointment_first_infusion", table_name="appointment")
    op.create_index("ix_appointment_first_infusion", "appointment", columns, **WHERE)


def _tidied(table: str, change: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} {change}")
