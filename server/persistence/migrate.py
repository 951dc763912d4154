"""Brings a database to the newest form, and tells whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from server.persistence.database import attend

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(database_url: str, to: str = "head") -> None:
    """Run every migration still missing, each in a transaction of its own."""
    engine = create_engine(database_url)
    attend(engine)
    with engine.connect() as connection:
        command.upgrade(_config(connection), to)
    engine.dispose()


def downgrade(database_url: str, to: str) -> None:
    """Undo migrations down to the one named."""
    engine = create_engine(database_url)
    attend(engine)
    with engine.connect() as connection:
        command.downgrade(_config(connection), to)
    engine.dispose()


def is_current(connection: Connection) -> bool:
    """Whether the database has the form this code expects."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def revision_of(connection: Connection) -> str:
    """Which form the database has; "" where it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Whether this code can bring a database of that form up to date."""
    known = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return revision in {each.revision for each in known}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
