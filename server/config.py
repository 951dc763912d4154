"""What the environment says; no secret has a default."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this process runs. `data_dir` holds the SQLite file and the secret of an embedded run."""

    database_url: str
    secret_key: str
    testing: bool = False
    data_dir: Path | None = None


class BadSettings(Exception):
    """The environment lacks something or holds nonsense; the message says what to set."""


def from_environment() -> Settings:
    """Settings of an outgrown installation: DATABASE_URL and SECRET_KEY must both be given."""
    missing = [
        name for name in ("DATABASE_URL", "SECRET_KEY") if not os.environ.get(name)
    ]
    if missing:
        raise BadSettings(f"Set {' and '.join(missing)} in the environment.")
    return Settings(
        database_url=driver_url(os.environ["DATABASE_URL"]),
        secret_key=os.environ["SECRET_KEY"],
    )


def driver_url(url: str) -> str:
    """A PostgreSQL address as its users write it, with the driver Tandem uses."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
