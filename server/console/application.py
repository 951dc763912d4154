"""The console as a whole: its screens, its files, its refusals."""

from flask import Blueprint, Flask

from server.console import errors, keeping, pages
from server.console.clinic import imports, repairs
from server.console.clinic import screen as clinic
from server.console.clock import time_words
from server.console.finding import screen as finding
from server.console.health import screen as health
from server.console.impacts import screen as impacts
from server.console.moves import screen as moves
from server.console.needs import screen as needs
from server.console.patients import course, details, invitations, messages, planning
from server.console.patients import screen as patients
from server.console.planning import routes as planning_runs
from server.console.protocols import editor, outline
from server.console.protocols import screen as protocols
from server.console.record import screen as record
from server.console.reports import screen as reports
from server.console.setup import routes as setup
from server.console.sign_in import screen as sign_in
from server.console.timeline import screen as timeline
from server.console.today import screen as today
from server.console.waiting import screen as waiting
from server.console.week import screen as week


def attend(app: Flask) -> None:
    """Put the console on this application, after the API."""
    # Templates are named from the server's folder ("console/week/week.html"), because those of
    # all faces share one space.
    console = Blueprint("console", __name__, template_folder="..")
    console.add_url_rule("/static/<path:filename>", "static", pages.static)
    console.add_url_rule("/", "first", today.first)
    console.add_url_rule("/today", "today", today.show)
    console.add_url_rule("/today/visits", "live", today.live)
    console.add_url_rule("/today/step", "step", today.step, methods=["POST"])
    console.add_url_rule("/week", "week", week.show)
    console.add_url_rule("/week/timeline", "timeline", timeline.show)
    console.add_url_rule("/sign-in", "sign_in", sign_in.show)
    console.add_url_rule("/sign-in", "begin", sign_in.begin, methods=["POST"])
    console.add_url_rule("/find", "find_page", finding.show)
    console.add_url_rule("/find", "find", finding.find, methods=["POST"])
    console.add_url_rule("/find/quick", "find_quick", finding.quick, methods=["POST"])
    console.add_url_rule("/keys", "keys", finding.keys)
    console.add_url_rule("/kept", "kept", keeping.show)
    console.add_url_rule("/kept", "send_kept", keeping.send, methods=["POST"])
    console.add_url_rule("/kept/drop", "drop_kept", keeping.drop, methods=["POST"])
    console.add_url_rule("/stay", "stay", keeping.stay)
    console.add_url_rule("/sign-out", "sign_out", sign_in.end, methods=["POST"])
    _add_patients(console)
    _add_moves(console)
    _add_protocols(console)
    _add_clinic(console)
    _add_needs(console)
    _add_waiting(console)
    setup.attend(console)
    planning_runs.attend(console)
    console.add_url_rule("/health", "health", health.show)
    console.add_url_rule("/record", "record", record.of_clinic)
    _add_reports(console)
    console.add_app_template_global(time_words, "console_time")
    console.add_app_template_global(pages.asset, "console_asset")
    errors.attend(app, console)
    app.register_blueprint(console)


def _add_patients(console: Blueprint) -> None:
    one, series = "/patients/<id:patient_id>", "/series/<id:series_id>"
    console.add_url_rule("/patients", "patients", patients.listed)
    console.add_url_rule("/patients", "search", patients.search, methods=["POST"])
    console.add_url_rule(one, "patient", patients.show)
    console.add_url_rule(f"{one}/series", "enrol", patients.enrol, methods=["POST"])
    console.add_url_rule("/patients/new", "new_patient", details.new)
    console.add_url_rule("/patients/new", "create_patient", details.create, methods=["POST"])
    console.add_url_rule(f"{one}/details", "details", details.edit)
    console.add_url_rule(f"{one}/details", "change_details", details.change, methods=["POST"])
    console.add_url_rule(f"{one}/course", "course", course.show)
    console.add_url_rule(f"{one}/messages", "patient_messages", messages.show)
    console.add_url_rule(f"{one}/messages", "resend", messages.resend, methods=["POST"])
    console.add_url_rule(f"{one}/looked", "looked", record.of_patient)
    console.add_url_rule(f"{one}/way-in", "invite", invitations.invite, methods=["POST"])
    console.add_url_rule(f"{series}/plans", "plans", planning.show, methods=["GET", "POST"])
    console.add_url_rule(f"{series}/trial", "trial", planning.look, methods=["POST"])
    console.add_url_rule(f"{series}/book", "book", planning.book, methods=["POST"])


def _add_moves(console: Blueprint) -> None:
    one = "/appointments/<id:appointment_id>"
    console.add_url_rule(f"{one}/move", "move", moves.show)
    console.add_url_rule(f"{one}/move", "apply_move", moves.move, methods=["POST"])
    console.add_url_rule(f"{one}/check", "check", moves.check, methods=["POST"])
    console.add_url_rule(f"{one}/thread", "thread", timeline.thread)
    console.add_url_rule(f"{one}/undo", "undo", moves.undo, methods=["POST"])


def _add_protocols(console: Blueprint) -> None:
    one, edition = "/protocols/<id:protocol_id>", "/editions/<id:version_id>"
    console.add_url_rule("/protocols", "protocols", protocols.listed)
    console.add_url_rule("/protocols/new", "outline", outline.show)
    console.add_url_rule("/protocols/new", "begin_outline", outline.begin, methods=["POST"])
    console.add_url_rule("/protocols", "adopt", protocols.adopt, methods=["POST"])
    console.add_url_rule(one, "protocol", protocols.show)
    console.add_url_rule(edition, "edition", protocols.edition)
    console.add_url_rule("/protocols/file", "bring_in", editor.bring_in, methods=["POST"])
    console.add_url_rule(f"{one}/compare", "compare", editor.compare)
    console.add_url_rule(f"{edition}/check", "check_text", editor.check, methods=["POST"])
    console.add_url_rule(f"{edition}.yaml", "export", editor.export)
    console.add_url_rule(f"{edition}/impact", "impact", impacts.show)
    console.add_url_rule(f"{edition}/impact", "look_impact", impacts.look, methods=["POST"])
    carried = f"{edition}/impact/apply"
    console.add_url_rule(carried, "carry_over", impacts.apply, methods=["POST"])
    console.add_url_rule(f"{edition}/step", "act", protocols.act, methods=["POST"])
    console.add_url_rule(f"{edition}/sign", "sign", protocols.sign, methods=["POST"])
    console.add_url_rule(f"{edition}/text", "write", protocols.write, methods=["POST"])


def _add_clinic(console: Blueprint) -> None:
    one, site = "/clinic/bookables/<id:bookable_id>", "/sites/<id:site_id>"
    console.add_url_rule("/clinic", "clinic", clinic.listed)
    console.add_url_rule(one, "bookable", clinic.show)
    console.add_url_rule(f"{one}/week", "set_week", clinic.set_week, methods=["POST"])
    console.add_url_rule(f"{one}/away", "add_absence", clinic.add_absence, methods=["POST"])
    console.add_url_rule(f"{one}/back", "remove_absence", clinic.remove_absence, methods=["POST"])
    console.add_url_rule(f"{site}/repair", "repair", repairs.preview, methods=["POST"])
    applied = "/repairs/<id:repair_id>/apply"
    console.add_url_rule(applied, "apply_repair", repairs.apply, methods=["POST"])
    console.add_url_rule("/clinic/import", "import_page", imports.show)
    console.add_url_rule("/clinic/import", "import_run", imports.run, methods=["POST"])


def _add_needs(console: Blueprint) -> None:
    alert, follow_up = "/needs/alerts/<id:alert_id>", "/needs/visits/<id:follow_up_id>"
    console.add_url_rule("/needs", "needs", needs.show)
    console.add_url_rule("/needs/untaken", "untaken", needs.untaken)
    console.add_url_rule(f"{alert}/take", "take_alert", needs.take, methods=["POST"])
    console.add_url_rule(f"{alert}/close", "close_alert", needs.close, methods=["POST"])
    paper = "/needs/paperwork/<id:paperwork_id>/filled"
    console.add_url_rule(paper, "fill_paperwork", needs.fill, methods=["POST"])
    console.add_url_rule(f"{follow_up}/look", "look_follow_up", needs.look, methods=["POST"])
    console.add_url_rule(f"{follow_up}/apply", "apply_follow_up", needs.apply, methods=["POST"])
    console.add_url_rule(f"{follow_up}/settle", "settle_follow_up", needs.settle, methods=["POST"])


def _add_reports(console: Blueprint) -> None:
    console.add_url_rule("/reports", "reports", reports.show)
    console.add_url_rule("/reports/<string:code>", "reports", reports.show)
    of_messages = {"code": "messages"}
    console.add_url_rule("/reports/messages", "message_reports", reports.show, defaults=of_messages)
    console.add_url_rule("/reports/<string:code>.csv", "sheet", reports.sheet)


def _add_waiting(console: Blueprint) -> None:
    freed, entry = "/waiting/times/<id:freed_id>", "/waiting/<id:waiting_id>"
    console.add_url_rule("/waiting", "waiting", waiting.show)
    console.add_url_rule(f"{freed}/offer", "offer_freed", waiting.offer, methods=["POST"])
    console.add_url_rule(f"{freed}/close", "close_freed", waiting.close, methods=["POST"])
    console.add_url_rule(f"{entry}/leave", "leave_waiting", waiting.leave, methods=["POST"])
    joined = "/patients/<id:patient_id>/waiting"
    console.add_url_rule(joined, "join_waiting", waiting.join, methods=["POST"])
