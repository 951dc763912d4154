"""Check-ins and paperwork follow the appointments they are counted from: asked, moved, ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import reminders, windows
from server.domain.protocol_templates import AnsweredBy
from server.domain.protocols import CheckInDefinition
from server.persistence import appointments, check_ins, outbox, paperwork
from server.persistence.appointments import AppointmentRow
from server.persistence.check_ins import CheckInRow
from server.persistence.database import db
from server.persistence.paperwork import PaperworkRow
from server.persistence.types import new_id
from server.services.check_ins import questionnaires
from server.services.messages import outgoing
from server.services.planning.pictures import SeriesPicture
from shared.vocabulary import CheckInStatus, PaperworkStatus

Times = tuple[datetime, datetime, datetime]
"""Opens, due, closes."""
Live = dict[str, AppointmentRow]
Papers = dict[str, PaperworkRow]
MORNING = 7 * 60
WITHOUT_AN_END = timedelta(days=365)
"""How long a form is open that the protocol gives no end."""


def follow(picture: SeriesPicture, *, now: datetime) -> None:
    """Ask for every form of the series whose appointment is booked, at the time that follows."""
    live = {row.visit_code: row for row in appointments.of_series(picture.row.id) if row.live}
    papers = paperwork.of_series(picture.row.id)
    _follow_screens(picture, live, papers, now)
    _follow_papers(picture, live, papers, now)


def _follow_screens(picture: SeriesPicture, live: Live, papers: Papers, now: datetime) -> None:
    """What patients answer on a screen. What was answered on paper is not asked again; what was
    still to be answered on paper is asked here instead."""
    known = check_ins.of_series(picture.row.id)
    for asked, anchor, times in _wanted(picture, live, of_patients=True):
        row, paper = known.get(asked.code), papers.get(asked.code)
        if paper is not None and paper.status == PaperworkStatus.COMPLETED:
            continue
        if paper is not None and paper.is_open:
            _end(paper)
        if row is None and times[2] > now:
            row = _new(picture, asked)
            db.session.add(row)
        if row is not None and _changed(row, anchor, times):
            _set(row, anchor, times)
            db.session.flush()
            outgoing.about_check_in(row, picture.site.time_zone, now=now)


def _follow_papers(picture: SeriesPicture, live: Live, papers: Papers, now: datetime) -> None:
    """What the clinic fills in itself."""
    for asked, anchor, times in _wanted(picture, live, of_patients=False):
        row = papers.get(asked.code)
        if row is None and times[2] > now:
            row = PaperworkRow(**_named(picture, asked), instrument=asked.instrument)
            row.of_patient = asked.by is AnsweredBy.PATIENT
            db.session.add(row)
        if row is not None and _paper_changed(row, anchor, times):
            row.appointment_id, row.status = anchor.id, PaperworkStatus.REQUESTED
            row.opens_at, row.due_at, row.closes_at = times
            row.tell_at = max(row.due_at, now)
            db.session.flush()
            outbox.stop([row.id])


def _end(paper: PaperworkRow) -> None:
    paper.status = PaperworkStatus.CANCELLED
    outbox.stop([paper.id])


def call_off(appointment: AppointmentRow) -> None:
    """An appointment was given up: what was to be asked around it is not asked."""
    for row in check_ins.of_series(appointment.series_id).values():
        if row.appointment_id == appointment.id and row.asked:
            row.status = CheckInStatus.CANCELLED
            outbox.stop([row.id])
    for paper in paperwork.of_series(appointment.series_id).values():
        if paper.appointment_id == appointment.id and paper.is_open:
            _end(paper)


def _wanted(
    picture: SeriesPicture, live: Live, *, of_patients: bool
) -> Iterator[tuple[CheckInDefinition, AppointmentRow, Times]]:
    """What is asked of patients, or else what the clinic fills in: all the rest, and what patients
    answer on paper because its items may not be kept here."""
    known, protocol = questionnaires.of_clinic(picture.row.clinic_id), picture.protocol
    for asked in (*protocol.check_ins, *protocol.assessments):
        anchor = live.get(asked.window.anchor)
        on_screen = asked.by is AnsweredBy.PATIENT and asked.instrument in known
        if anchor and on_screen is of_patients:
            yield asked, anchor, _times(picture, asked, anchor)


def _times(picture: SeriesPicture, asked: CheckInDefinition, anchor: AppointmentRow) -> Times:
    visit = picture.visit(anchor.visit_code)
    edge = windows.edge_at(visit, anchor.starts_at, asked.window.edge)
    span = windows.span(asked.window, edge, picture.zone)
    opens_at = span.opens_at or _morning(span.opens_on, picture.zone) or edge
    closes_at = span.closes_at or _midnight_after(span.closes_on, picture.zone)
    closes_at = closes_at or opens_at + WITHOUT_AN_END
    target = windows.moment(asked.window, edge, picture.zone, MORNING)
    return opens_at, min(max(target or opens_at, opens_at), closes_at), closes_at


def _morning(on: date | None, zone: ZoneInfo) -> datetime | None:
    return None if on is None else reminders.clock_at(on, MORNING, zone)


def _midnight_after(on: date | None, zone: ZoneInfo) -> datetime | None:
    return None if on is None else reminders.clock_at(on + timedelta(days=1), 0, zone)


def _changed(row: CheckInRow, anchor: AppointmentRow, times: Times) -> bool:
    if row.status in (CheckInStatus.COMPLETED, CheckInStatus.FAILED):
        return False
    now = (row.opens_at, row.due_at, row.closes_at)
    return now != times or row.appointment_id != anchor.id or not row.asked


def _set(row: CheckInRow, anchor: AppointmentRow, times: Times) -> None:
    row.appointment_id = anchor.id
    row.status = CheckInStatus.REQUESTED
    row.opens_at, row.due_at, row.closes_at = times


def _new(picture: SeriesPicture, asked: CheckInDefinition) -> CheckInRow:
    return CheckInRow(**_named(picture, asked), questionnaire=asked.instrument)


def _paper_changed(row: PaperworkRow, anchor: AppointmentRow, times: Times) -> bool:
    if row.status == PaperworkStatus.COMPLETED:
        return False
    now = (row.opens_at, row.due_at, row.closes_at)
    return now != times or row.appointment_id != anchor.id or not row.is_open


def _named(picture: SeriesPicture, asked: CheckInDefinition) -> dict[str, str]:
    return {
        "id": new_id(),
        "clinic_id": picture.row.clinic_id,
        "patient_id": picture.patient.id,
        "series_id": picture.row.id,
        "code": asked.code,
        "title": asked.title or asked.code,
    }
