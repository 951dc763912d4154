"""An answer that a clinician must see: who is on call is told, then the next, until one has
acknowledged it. It is never closed by itself, and every step is on record."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from server.persistence import check_ins as rows
from server.persistence import outbox
from server.persistence.check_ins import AlertRow, AlertStepRow, CheckInRow
from server.persistence.database import db
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services import reach
from server.services.access import ACTIONS, Caller, require
from server.services.messages import outgoing
from server.services.messages.outgoing import Subject
from server.services.people import on_call
from server.services.record import audit
from server.services.refusals import Conflict, NotFound
from shared.vocabulary import AlertStatus, ReminderKind

AGAIN = timedelta(minutes=15)
"""How soon everybody is told again where nobody is left to climb to, or nobody is on call."""
TOLD_FOR = timedelta(days=7)


def raise_alert(check_in: CheckInRow, reasons: Iterable[str], *, now: datetime) -> AlertRow:
    """Open an alert in the present transaction and tell the first on call."""
    alert = AlertRow(
        id=new_id(),
        clinic_id=check_in.clinic_id,
        patient_id=check_in.patient_id,
        check_in_id=check_in.id,
        reasons=list(reasons),
        status=AlertStatus.OPEN,
        raised_at=now,
        step=0,
    )
    db.session.add(alert)
    _step(alert, "raised", None, now)
    _tell_next(alert, now)
    return alert


def to_climb(limit: int) -> list[str]:
    """Alerts that nobody has acknowledged in time, by id; by the database's clock."""
    return rows.climbing(outbox.now(), limit)


def climb(alert_id: str) -> None:
    """Nobody acknowledged it in time: the next on call is told. By the database's clock."""
    with transaction(_lock(alert_id)):
        alert, at = rows.anywhere(alert_id), outbox.now()
        if alert is None or alert.status != AlertStatus.OPEN:
            return
        if alert.climbs_at is not None and alert.climbs_at <= at:
            _tell_next(alert, at)


def _lock(alert_id: str) -> Locks:
    return Locks(names=frozenset({f"alert:{alert_id}"}))


def _tell_next(alert: AlertRow, now: datetime) -> None:
    last = len(rows.on_call(alert.clinic_id))
    next_one = on_call.next_on_duty(alert.clinic_id, alert.step, now=now)
    told = [next_one.user_id] if next_one else on_call.everybody(alert.clinic_id, now=now)
    alert.step = next_one.place + 1 if next_one else max(alert.step, last) + 1
    wait = timedelta(minutes=next_one.within_minutes) if next_one else AGAIN
    alert.climbs_at = now + wait
    subject = Subject(clinic_id=alert.clinic_id, id=alert.id, version=alert.step)
    db.session.flush()
    outgoing.to_staff(told, subject, ReminderKind.ALERT, now=now, until=now + TOLD_FOR)
    for user_id in told:
        _step(alert, "told", user_id, now)
    if not told:
        _step(alert, "nobody-on-call", None, now)


def _step(alert: AlertRow, what: str, user_id: str | None, now: datetime) -> None:
    alert.steps.append(
        AlertStepRow(
            clinic_id=alert.clinic_id, place=len(alert.steps), at=now, what=what, user_id=user_id
        )
    )


def listed(
    by: Caller, *, status: str | None, page: int, page_size: int, now: datetime
) -> tuple[list[AlertRow], int]:
    """A page of the alerts about patients within reach; that somebody looked is on record."""
    only = reach.only_patients(by, "alerts.read")
    with transaction():
        found, total = rows.alerts(
            by.clinic_id, status=status, only_patients=only, page=page, page_size=page_size
        )
        audit.looked(by, "alerts.read", {row.patient_id for row in found}, now=now)
        return found, total


def untaken(by: Caller) -> int:
    """How many alerts within reach nobody has taken on; none for who may not read them."""
    if by.role not in ACTIONS["alerts.read"]:
        return 0
    about = rows.open_about(by.clinic_id)
    only = reach.only_patients(by, "alerts.read") if about else None
    return len(about) if only is None else sum(1 for each in about if each in only)


def acknowledge(by: Caller, alert_id: str, *, now: datetime) -> AlertRow:
    """Take it on: it climbs no further, and whoever else was to be told is not."""
    with transaction(_lock(alert_id)):
        alert = _within_reach(by, alert_id)
        if alert.status != AlertStatus.OPEN:
            raise Conflict("Somebody has acknowledged this alert already.")
        alert.status, alert.climbs_at = AlertStatus.ACKNOWLEDGED, None
        alert.acknowledged_at, alert.acknowledged_by = now, by.user_id
        outbox.stop([alert.id])
        return _on_record(by, alert, "acknowledged", now)


def close(by: Caller, alert_id: str, *, outcome: str, now: datetime) -> AlertRow:
    """Put down what was done about it. Only an acknowledged alert is closed."""
    with transaction(_lock(alert_id)):
        alert = _within_reach(by, alert_id)
        if alert.status != AlertStatus.ACKNOWLEDGED:
            raise Conflict("An alert is acknowledged before it is closed, and closed once.")
        alert.status, alert.outcome = AlertStatus.CLOSED, outcome
        alert.closed_at, alert.closed_by = now, by.user_id
        return _on_record(by, alert, "closed", now)


def _within_reach(by: Caller, alert_id: str) -> AlertRow:
    require(by, "alerts.answer")
    alert = rows.alert(by.clinic_id, alert_id)
    if alert is None:
        raise NotFound
    reach.require_patient(by, "alerts.answer", alert.patient_id)
    return alert


def _on_record(by: Caller, alert: AlertRow, what: str, now: datetime) -> AlertRow:
    _step(alert, what, by.user_id, now)
    audit.changed(
        by,
        "alerts.answer",
        now=now,
        patient_id=alert.patient_id,
        subject_id=alert.id,
        facts={"what": what},
    )
    db.session.flush()
    return alert
