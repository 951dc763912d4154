"""The patient pages as a whole."""

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory

from server.patient_pages import by_link

STATIC = Path(__file__).parent / "static"


def attend(app: Flask) -> None:
    """Put the patient pages on this application."""
    room = Blueprint("patient_pages", __name__, template_folder="..")
    room.add_url_rule("/p/static/<path:filename>", "static", _static)
    room.add_url_rule("/p/<token>", "open", by_link.show)
    room.add_url_rule("/p/<token>/confirm", "confirm", by_link.confirm, methods=["POST"])
    room.add_url_rule("/p/<token>/ride", "ride", by_link.ride, methods=["POST"])
    room.add_url_rule("/p/<token>/answers", "answer", by_link.answer, methods=["POST"])
    by_link.attend(room)
    app.register_blueprint(room)


def _static(filename: str) -> Response:
    return send_from_directory(STATIC, filename)
