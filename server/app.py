"""Puts the rooms together into one Flask application."""

import hmac
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from server.api import application
from server.config import Settings
from server.console import application as console
from server.patient_pages import application as patient_pages
from server.persistence import audit
from server.persistence import rows as _every_row  # noqa: F401  (the metadata must be whole)
from server.persistence.database import attend, db, engine_options


def _engine_options(settings: Settings) -> dict[str, Any]:
    """The key of the audit trail goes with the engine: it is nowhere in the database."""
    key = hmac.digest(settings.secret_key.encode(), b"audit", "sha256").hex()
    return {**engine_options(settings.database_url), "execution_options": {audit.KEY: key}}


def create_app(settings: Settings) -> Flask:
    """The application for these settings; nothing global is touched."""
    app = Flask("server", static_folder=None)
    configure(app, settings)
    db.init_app(app)
    with app.app_context():
        attend(db.engine)
    application.attend(app)
    patient_pages.attend(app)
    console.attend(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """All that an application knows of its settings."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SQLALCHEMY_DATABASE_URI=make_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        ADDRESS=settings.address,
        GATEWAY_SECRETS={name: each.secret for name, each in settings.gateways.items()},
    )
