"""The patient pages as a whole."""

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory

from server.patient_pages import by_link
from server.patient_pages.my import check_ins, entrance, files, forgotten, joining, settings, visits
from server.patient_pages.my.browser import as_patient

STATIC = Path(__file__).parent / "static"


def attend(app: Flask) -> None:
    """Put the patient pages on this application."""
    room = Blueprint("patient_pages", __name__, template_folder="..")
    room.add_url_rule("/p/static/<path:filename>", "static", _static)
    room.add_url_rule("/p/<token>", "open", by_link.show)
    room.add_url_rule("/p/<token>/confirm", "confirm", by_link.confirm, methods=["POST"])
    room.add_url_rule("/p/<token>/ride", "ride", by_link.ride, methods=["POST"])
    room.add_url_rule("/p/<token>/answers", "answer", by_link.answer, methods=["POST"])
    _add_entrance(room)
    _add_visits(room)
    _add_check_ins(room)
    _add_settings(room)
    _add_files(room)
    room.add_url_rule("/p/<token>/take", "take", by_link.take, methods=["POST"])
    room.add_url_rule("/p/<token>/leave", "leave", by_link.leave, methods=["POST"])
    by_link.attend(room)
    app.register_blueprint(room)


def _add_entrance(room: Blueprint) -> None:
    room.add_url_rule("/my/sign-in", "my_sign_in", entrance.show)
    room.add_url_rule("/my/sign-in", "my_begin", entrance.begin, methods=["POST"])
    room.add_url_rule("/my/join", "my_join", joining.show)
    room.add_url_rule("/my/join/<code>", "my_join_with", joining.show)
    room.add_url_rule("/my/join", "my_join_make", joining.join, methods=["POST"])
    room.add_url_rule("/my/forgotten", "my_forgotten", forgotten.show)
    room.add_url_rule("/my/forgotten", "my_forgotten_ask", forgotten.ask, methods=["POST"])
    once = "/my/password/<token>"
    room.add_url_rule(once, "my_password", forgotten.open_link)
    room.add_url_rule(once, "my_password_choose", forgotten.choose, methods=["POST"])
    room.add_url_rule("/my/sign-out", "my_end", entrance.end, methods=["POST"])
    room.add_url_rule("/my/leave", "my_leave", entrance.leave, methods=["POST"])
    room.add_url_rule("/my/notes", "my_quiet", entrance.quiet)


def _add_visits(room: Blueprint) -> None:
    one, post = "/my/visits/<id:appointment_id>", ["POST"]
    room.add_url_rule("/my", "my_today", as_patient(visits.today))
    room.add_url_rule("/my/visits", "my_visits", as_patient(visits.listed))
    room.add_url_rule(one, "my_visit", as_patient(visits.one))
    room.add_url_rule(f"{one}/confirm", "my_confirm", as_patient(visits.confirm), methods=post)
    room.add_url_rule(f"{one}/ride", "my_ride", as_patient(visits.ride), methods=post)
    room.add_url_rule(f"{one}/times", "my_times", as_patient(visits.times), methods=post)
    room.add_url_rule(f"{one}/move", "my_move", as_patient(visits.move), methods=post)


def _add_check_ins(room: Blueprint) -> None:
    one = "/my/check-ins/<id:check_in_id>"
    room.add_url_rule("/my/check-ins", "my_check_ins", as_patient(check_ins.listed))
    room.add_url_rule(one, "my_questions", as_patient(check_ins.one))
    room.add_url_rule(one, "my_answer", as_patient(check_ins.answer), methods=["POST"])
    room.add_url_rule("/my/history", "my_history", as_patient(check_ins.history))


def _add_settings(room: Blueprint) -> None:
    one, post = "/my/devices/<id:sign_in_id>/end", ["POST"]
    room.add_url_rule("/my/settings", "my_settings", as_patient(settings.show))
    room.add_url_rule("/my/settings", "my_change", as_patient(settings.change), methods=post)
    room.add_url_rule("/my/language", "my_speak", as_patient(settings.speak), methods=post)
    room.add_url_rule(one, "my_end_device", as_patient(settings.end_device), methods=post)


def _add_files(room: Blueprint) -> None:
    one = "/my/visits/<id:appointment_id>/calendar.ics"
    room.add_url_rule(one, "my_calendar_of", as_patient(files.one))
    room.add_url_rule("/my/calendar.ics", "my_calendar", as_patient(files.calendar))
    room.add_url_rule("/my/data.zip", "my_data", as_patient(files.everything), methods=["POST"])


def _static(filename: str) -> Response:
    return send_from_directory(STATIC, filename)
