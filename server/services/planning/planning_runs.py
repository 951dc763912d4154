"""Planning runs: many series planned at once by a worker, watched, stopped, compared and booked.

A run writes nothing but itself. What it found is booked only when somebody asks for it, whole, and
proved again by the booking engine; what was planned for a clinic that is otherwise never is.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from server.domain.breaches import Refused
from server.domain.placement import SeriesPlan
from server.persistence import bookables, clinics
from server.persistence import planning_runs as rows
from server.persistence.appointments import AppointmentRow
from server.persistence.bookables import BookableRow
from server.persistence.database import db
from server.persistence.last_word import guarded
from server.persistence.planning_runs import PlanningRunRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.planner.what_if import Change
from server.services.access import Caller, require
from server.services.booking import booking, bookings
from server.services.planning import pictures, planning_results
from server.services.planning.planning_wishes import Wanted, from_body, to_body
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from shared.planning_words import PlanningRunStatus, PlanningScope, WhatIf
from shared.problems import FieldFault

S = PlanningRunStatus
AT_ONCE = 5
"""So many runs of a clinic wait or run at once."""


def ask(by: Caller, site_id: str, wanted: Wanted, *, now: datetime) -> PlanningRunRow:
    """Put a run on the list of the workers. Invalid names every change that means nothing here."""
    require(by, "planning_runs.make")
    if clinics.site(by.clinic_id, site_id) is None:
        raise NotFound
    if faults := _faults(by, site_id, wanted):
        raise Invalid(faults)
    with transaction(Locks(names=frozenset({f"planning-runs:{by.clinic_id}"}))):
        if rows.under_way(by.clinic_id) >= AT_ONCE:
            raise Conflict(f"{AT_ONCE} planning runs are under way. Wait for one, or stop one.")
        row = PlanningRunRow(
            id=new_id(),
            clinic_id=by.clinic_id,
            site_id=site_id,
            asked=to_body(wanted),
            status=S.WAITING,
            made_by=by.user_id,
            made_at=now,
        )
        db.session.add(row)
        db.session.flush()
        _on_record(by, row, "asked", now)
        return row


def _faults(by: Caller, site_id: str, wanted: Wanted) -> list[FieldFault]:
    known = {row.id: row for row in bookables.at_site(by.clinic_id, site_id)}
    faults = [
        FieldFault(path=f"changes.{place}.{key}", reason=reason)
        for place, change in enumerate(wanted.changes)
        for key, reason in _wrong(change, known)
    ]
    waiting = set(rows.waiting_series(by.clinic_id, site_id))
    return faults + [
        FieldFault(path=f"series_ids.{place}", reason="has no visit that waits for a time here")
        for place, series_id in enumerate(wanted.series_ids)
        if series_id not in waiting
    ]


NEEDS: Mapping[WhatIf, tuple[str, ...]] = {
    WhatIf.CAPACITY: ("bookable_id", "capacity"),
    WhatIf.CLOSED_WEEKDAY: ("weekday",),
    WhatIf.CLOSED: ("first",),
    WhatIf.AWAY: ("bookable_id", "first"),
    WhatIf.ONE_MORE: ("bookable_id",),
}
LONGEST_DAYS = 366


def _wrong(change: Change, known: Mapping[str, BookableRow]) -> list[tuple[str, str]]:
    needs = NEEDS[change.kind]
    wrong = [(key, "must be given for this change") for key in needs if _lacks(change, key)]
    row = known.get(change.bookable_id or "")
    if "bookable_id" in needs and change.bookable_id and row is None:
        wrong.append(("bookable_id", "is nothing that can be booked at this site"))
    if change.kind is WhatIf.ONE_MORE and row is not None and row.practitioner_id is None:
        wrong.append(("bookable_id", "is no person; give it another capacity instead"))
    if change.first and change.last and not 0 <= (change.last - change.first).days < LONGEST_DAYS:
        wrong.append(("last", f"must be the first day or at most {LONGEST_DAYS - 1} days after it"))
    return wrong


def _lacks(change: Change, key: str) -> bool:
    return getattr(change, key) is None


def listed(by: Caller, *, page: int, page_size: int) -> tuple[list[PlanningRunRow], int]:
    """A page of the clinic's runs, the latest first."""
    require(by, "planning_runs.make")
    return rows.listed(by.clinic_id, page=page, page_size=page_size)


def read(by: Caller, run_id: str) -> PlanningRunRow:
    """How far a run is."""
    require(by, "planning_runs.make")
    row = rows.run(by.clinic_id, run_id)
    if row is None:
        raise NotFound
    return row


def result(by: Caller, run_id: str, *, now: datetime) -> dict[str, object]:
    """What a run found. Conflict where it has not come to its end."""
    row = read(by, run_id)
    if row.status != S.DONE or row.result is None:
        raise Conflict("This planning run has found nothing yet.")
    found = dict(row.result)
    with transaction():
        audit.looked(by, "planning_runs.make", planning_results.patients(found), now=now)
    return found


def cancel(by: Caller, run_id: str, *, now: datetime) -> PlanningRunRow:
    """Stop a run that waits or runs. Conflict for one that has ended."""
    return _step(by, run_id, (S.WAITING, S.RUNNING), S.CANCELLED, now)


def restart(by: Caller, run_id: str, *, now: datetime) -> PlanningRunRow:
    """Begin a run anew that was stopped, failed or was interrupted."""
    return _step(by, run_id, (S.CANCELLED, S.FAILED, S.INTERRUPTED), S.WAITING, now)


def _step(
    by: Caller, run_id: str, before: tuple[S, ...], after: PlanningRunStatus, now: datetime
) -> PlanningRunRow:
    require(by, "planning_runs.make")
    with transaction(_lock(run_id)):
        row = read(by, run_id)
        if row.status not in before:
            raise Conflict(f"This planning run is {row.status}.")
        row.status, row.percent = after, 0
        row.ended_at = now if after is S.CANCELLED else None
        db.session.flush()
        _on_record(by, row, str(after), now)
        return row


def _lock(run_id: str) -> Locks:
    return Locks(names=frozenset({f"planning-run:{run_id}"}))


def _on_record(by: Caller, row: PlanningRunRow, what: str, now: datetime) -> None:
    facts: dict[str, object] = {"run": row.id, "what": what}
    audit.changed(by, "planning_runs.make", now=now, subject_id=row.id, facts=facts)


@guarded
def book(by: Caller, run_id: str, *, now: datetime) -> list[AppointmentRow]:
    """Book everything that a run found a time for, or nothing. Refused, with every rule broken,
    where the clinic has moved on since. Conflict for a run that only compares."""
    require(by, "series.book")
    plans = planning_results.plans(_bookable(read(by, run_id)))
    before = {each: pictures.of_series(by.clinic_id, each) for each in plans}
    each_locks = [bookings.locks_for(before[one], plan) for one, plan in plans.items()]
    names = frozenset(name for locks in each_locks for name in locks.names)
    names |= _lock(run_id).names
    with transaction(Locks(names=names, calendar=by.clinic_id)):
        row = read(by, run_id)
        _bookable(row)
        written: list[AppointmentRow] = []
        for series_id, plan in plans.items():
            written += _booked(by, series_id, plan, now)
        row.booked_at = now
        db.session.flush()
        _on_record(by, row, "booked", now)
        return written


def _bookable(row: PlanningRunRow) -> Mapping[str, object]:
    wanted = from_body(row.asked)
    if wanted.changes or wanted.scope is not PlanningScope.WAITING:
        raise Conflict("This planning run only compares; nothing of it can be booked.")
    if row.status != S.DONE or row.result is None:
        raise Conflict("This planning run has found nothing yet.")
    if row.booked_at is not None:
        raise Conflict("This planning run is booked already.")
    return row.result


def _booked(by: Caller, series_id: str, plan: SeriesPlan, now: datetime) -> list[AppointmentRow]:
    """One series of many: what stands against it is told with the series it is about."""
    try:
        return booking.booked(by, pictures.of_series(by.clinic_id, series_id), plan, now=now)
    except Refused as refused:
        about = {"series_id": series_id}
        raise Refused([replace(b, facts={**b.facts, **about}) for b in refused.breaches]) from None
