"""What the environment says; no secret has a default."""

import os
import secrets
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
    """DATABASE_URL and SECRET_KEY of an outgrown installation, or TANDEM_DATA of an embedded."""
    if folder := os.environ.get("TANDEM_DATA"):
        return embedded(Path(folder))
    missing = [name for name in ("DATABASE_URL", "SECRET_KEY") if not os.environ.get(name)]
    if missing:
        raise BadSettings(
            f"Set {' and '.join(missing)}, or TANDEM_DATA to keep everything in one folder."
        )
    return Settings(
        database_url=driver_url(os.environ["DATABASE_URL"]), secret_key=os.environ["SECRET_KEY"]
    )


def embedded(folder: Path) -> Settings:
    """One folder with a SQLite file and a secret made on the first run, readable by its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
    return Settings(
        database_url=f"sqlite:///{folder.resolve() / 'tandem.db'}",
        secret_key=secret.read_text().strip(),
        data_dir=folder,
    )


def driver_url(url: str) -> str:
    """A PostgreSQL address as its users write it, with the driver Tandem uses."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
