"""What a clinician does to a series: hold, resume, release, decide, end; each with who and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain import series as rules
from server.domain.breaches import Breach, BreachCode, Refused
from server.persistence import appointments
from server.persistence import series as rows
from server.persistence.database import db
from server.persistence.series import HoldRow, PlannedVisitRow, SeriesRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.services.access import Caller, require
from server.services.booking import bookings
from server.services.planning import pictures
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, Stale
from server.services.series import follow_ups
from server.services.series.series import within_reach
from shared.vocabulary import (
    AppointmentStatus,
    FollowUpCause,
    PlannedVisitStatus,
    SeriesStatus,
    VisitKind,
)


def hold(
    by: Caller, series_id: str, *, reason: str, release: bool, expected_version: int, now: datetime
) -> SeriesRow:
    """Stop a series for a clinical reason. With `release` its later appointments are given up,
    otherwise their times stay kept for the patient."""

    def stop(row: SeriesRow) -> None:
        row.holds.append(
            HoldRow(clinic_id=by.clinic_id, reason=reason, by_user_id=by.user_id, began_at=now)
        )
        if release:
            _give_up_later(row, "on hold", now)

    step = Step("series.hold", SeriesStatus.ON_HOLD, expected_version, stop)
    return _change(by, series_id, step, now)


def resume(by: Caller, series_id: str, *, expected_version: int, now: datetime) -> SeriesRow:
    """End the hold. What lost its time meanwhile is planned anew by `planning.propose`."""

    def go_on(row: SeriesRow) -> None:
        for each in row.holds:
            each.ended_at = each.ended_at or now
        picture = pictures.of_series(by.clinic_id, series_id)
        without = [visit.code for visit in picture.visits if visit.code not in picture.live]
        if without and appointments.of_series(series_id):
            cause = FollowUpCause.RESUMED
            follow_ups.open_for(row.clinic_id, series_id, without[0], cause, now=now)

    step = Step("series.resume", SeriesStatus.ACTIVE, expected_version, go_on)
    return _change(by, series_id, step, now)


def revoke(
    by: Caller, series_id: str, *, reason: str, expected_version: int, now: datetime
) -> SeriesRow:
    """End a series early: everything later is cancelled, nothing past is touched."""

    def stop(row: SeriesRow) -> None:
        _give_up_later(row, reason, now)
        for visit in row.planned_visits:
            if visit.status != PlannedVisitStatus.COMPLETED:
                visit.status = PlannedVisitStatus.REVOKED

    step = Step("series.end", SeriesStatus.REVOKED, expected_version, stop)
    return _change(by, series_id, step, now)


def complete(by: Caller, series_id: str, *, expected_version: int, now: datetime) -> SeriesRow:
    """Close a series once every decided visit took place; Refused names those that have not."""

    def all_done(row: SeriesRow) -> None:
        left = [v.code for v in row.planned_visits if v.status == PlannedVisitStatus.ACTIVE]
        if left:
            raise Refused([Breach(code=BreachCode.MISSING_VISIT, visit=code) for code in left])

    step = Step("series.end", SeriesStatus.COMPLETED, expected_version, all_done)
    return _change(by, series_id, step, now)


def release(
    by: Caller, series_id: str, *, visits: list[str], expected_version: int, now: datetime
) -> SeriesRow:
    """A prescriber decides that visits which waited for it (maintenance) are due."""
    require(by, "series.release")
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = _fresh(by, "series.release", series_id, expected_version)
        waiting = {v.code: v for v in row.planned_visits if v.status == PlannedVisitStatus.DRAFT}
        if unknown := [code for code in visits if code not in waiting]:
            raise Invalid.field("visits", f"{unknown[0]} does not wait for a decision")
        for code in visits:
            waiting[code].status = PlannedVisitStatus.ACTIVE
        return _touched(by, "series.release", row, now, {"visits": list(visits)})


class Decision(StrEnum):
    """What a prescriber may decide about a missed visit."""

    RESUME = "resume"
    DEVIATION = "deviation"


def decide(
    by: Caller,
    series_id: str,
    *,
    visit: str,
    decision: Decision,
    reason: str,
    expected_version: int,
    now: datetime,
) -> SeriesRow:
    """A prescriber decides about a visit that was missed and cannot be placed by the protocol.

    "resume" lifts its latest time and keeps every least gap; "deviation" gives up a visit that is
    not an infusion, and what was counted from it with it.
    """
    require(by, "series.release")
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = _fresh(by, "series.release", series_id, expected_version)
        planned = _due(row, visit)
        if decision is Decision.DEVIATION:
            _require_not_infusion(by, row, visit)
            planned.status = rules.change(
                PlannedVisitStatus(planned.status), PlannedVisitStatus.REVOKED
            )
        planned.decision, planned.decision_reason = decision, reason
        return _touched(by, "series.release", row, now, {"visit": visit, "decision": decision})


def _due(row: SeriesRow, visit: str) -> PlannedVisitRow:
    live = {each.visit_code for each in appointments.of_series(row.id) if each.live}
    for planned in row.planned_visits:
        if planned.code == visit and planned.status == PlannedVisitStatus.ACTIVE:
            if visit in live:
                raise Conflict("This visit has a booked time; cancel it first.")
            return planned
    raise Invalid.field("visit", "is not due in this series")


def _require_not_infusion(by: Caller, row: SeriesRow, visit: str) -> None:
    picture = pictures.of_series(by.clinic_id, row.id)
    if picture.visit(visit).kind is VisitKind.INFUSION:
        raise Conflict("An infusion is not given up alone: resume it, or end the series.")


@dataclass(frozen=True)
class Step:
    """A change of a series' status: which action, to what, seen at which version, with what
    effect besides."""

    action: str
    to: SeriesStatus
    expected_version: int
    effect: Callable[[SeriesRow], None]


def _change(by: Caller, series_id: str, step: Step, now: datetime) -> SeriesRow:
    require(by, step.action)
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        row = _fresh(by, step.action, series_id, step.expected_version)
        status = rules.change(SeriesStatus(row.status), step.to)
        step.effect(row)
        row.status = status
        return _touched(by, step.action, row, now, {"status": str(step.to)})


def _fresh(by: Caller, action: str, series_id: str, expected_version: int) -> SeriesRow:
    row = within_reach(by, action, series_id)
    if row.version != expected_version:
        raise Stale
    return row


def _touched(
    by: Caller, action: str, row: SeriesRow, now: datetime, facts: dict[str, object]
) -> SeriesRow:
    rows.touch(row)
    audit.changed(by, action, now=now, patient_id=row.patient_id, subject_id=row.id, facts=facts)
    db.session.flush()
    return row


def _give_up_later(row: SeriesRow, reason: str, now: datetime) -> None:
    for each in appointments.of_series(row.id):
        if each.live and each.starts_at > now and each.status != AppointmentStatus.ARRIVED:
            bookings.let_go(each, AppointmentStatus.CANCELLED, reason, now=now)
