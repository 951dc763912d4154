"""What the environment says; no secret has a default."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from shared.vocabulary import ChannelName


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail server, as smtp://user:password@host:port, and from whom mail comes."""

    server: str
    sender: str
    sender_name: str = ""
    starttls: bool = False


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway for text messages or push, and the secret it knows the clinic by."""

    url: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this process runs. `data_dir` holds the SQLite file and the secret of an embedded run."""

    database_url: str
    secret_key: str
    testing: bool = False
    data_dir: Path | None = None
    address: str = "http://127.0.0.1:8000"
    """Where patients and staff reach this server; it stands in every message."""
    mail: Mail | None = None
    gateways: Mapping[ChannelName, Gateway] = field(default_factory=dict)
    apprise: Mapping[ChannelName, str] = field(default_factory=dict)
    """Addresses of Apprise for ways of sending that have no gateway."""
    rather_not: frozenset[ChannelName] = frozenset()
    """By these ways what may have arrived goes no second time by itself."""
    queue_url: str | None = None
    """A Redis to carry the queue between clock and workers; without it the database does."""


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
        database_url=driver_url(os.environ["DATABASE_URL"]),
        secret_key=os.environ["SECRET_KEY"],
        **_outside(),
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
        **_outside(),
    )


BEYOND_MAIL = (ChannelName.SMS, ChannelName.PUSH)


class Outside(TypedDict):
    """How the world is reached."""

    address: str
    mail: Mail | None
    gateways: Mapping[ChannelName, Gateway]
    apprise: Mapping[ChannelName, str]
    rather_not: frozenset[ChannelName]
    queue_url: str | None


def _outside() -> Outside:
    """TANDEM_ADDRESS, MAIL_SERVER with MAIL_FROM, SMS_GATEWAY and PUSH_GATEWAY with their secrets,
    or SMS_APPRISE and PUSH_APPRISE; EMAIL_WHEN_UNSURE and the like. A way that is not set is not
    used: messages by it are shown to staff as undelivered."""
    address = os.environ.get("TANDEM_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
    found = {name: _gateway(name) for name in BEYOND_MAIL}
    gateways = {name: gateway for name, gateway in found.items() if gateway}
    apprise = {name: url for name in BEYOND_MAIL if (url := _apprise(name, gateways))}
    rather_not = frozenset(name for name in ChannelName if _rather_not(name))
    return Outside(
        address=address,
        mail=_mail(),
        gateways=gateways,
        apprise=apprise,
        rather_not=rather_not,
        queue_url=_queue(),
    )


def _queue() -> str | None:
    """QUEUE_URL, an address of Redis."""
    url = os.environ.get("QUEUE_URL")
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise BadSettings("QUEUE_URL is an address of Redis, such as redis://host:6379/0.")
    return url or None


def _rather_not(name: ChannelName) -> bool:
    word = f"{name.value.upper()}_WHEN_UNSURE"
    match os.environ.get(word) or "twice":
        case "twice":
            return False
        case "never":
            return True
    raise BadSettings(f"{word} is twice (the usual) or never.")


def _mail() -> Mail | None:
    server = os.environ.get("MAIL_SERVER")
    if not server:
        return None
    if not (sender := os.environ.get("MAIL_FROM")):
        raise BadSettings("Set MAIL_FROM to the address that mail comes from.")
    return Mail(
        server=server,
        sender=sender,
        sender_name=os.environ.get("MAIL_FROM_NAME", ""),
        starttls=os.environ.get("MAIL_STARTTLS", "") == "1",
    )


def _apprise(name: ChannelName, gateways: Mapping[ChannelName, Gateway]) -> str | None:
    word = name.value.upper()
    url = os.environ.get(f"{word}_APPRISE")
    if url and name in gateways:
        raise BadSettings(f"Set {word}_GATEWAY or {word}_APPRISE, not both.")
    if url and "{to}" not in url:
        raise BadSettings(f"{word}_APPRISE needs {{to}} where the patient's number belongs.")
    return url or None


def _gateway(name: ChannelName) -> Gateway | None:
    word = name.value.upper()
    url = os.environ.get(f"{word}_GATEWAY")
    if not url:
        return None
    if not (secret := os.environ.get(f"{word}_GATEWAY_SECRET")):
        raise BadSettings(f"Set {word}_GATEWAY_SECRET, by which the gateway knows this clinic.")
    return Gateway(url=url, secret=secret)


def driver_url(url: str) -> str:
    """A PostgreSQL address as its users write it, with the driver Tandem uses."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
