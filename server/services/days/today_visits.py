"""A booked visit as its patient needs to know it: when, what to do before, what will happen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from server.domain.protocols import VisitDefinition
from server.domain.treatment import DriveAgain
from server.domain.visit_definitions import Told
from server.persistence.appointments import AppointmentRow
from server.persistence.contact import ConfirmationRow
from server.persistence.rides import RideHomeRow
from server.services.booking.moves import LATEST_BY_PATIENT
from server.services.planning.pictures import SeriesPicture
from shared.vocabulary import AppointmentStatus, SeriesStatus, VisitKind

Body = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What patients have told of their appointments, by id, and the names of who treats them."""

    confirmed: Mapping[str, ConfirmationRow]
    rides: Mapping[str, RideHomeRow]
    names: Mapping[str, str]


def bodies(picture: SeriesPicture, said: Said, *, now: datetime) -> list[Body]:
    """Every booked visit of a series, in order of time."""
    defined = {visit.code: visit for visit in picture.visits}
    rows = sorted(picture.live.values(), key=lambda row: row.starts_at)
    return [_body(picture, row, said, now) for row in rows if row.visit_code in defined]


def path(picture: SeriesPicture) -> list[Body]:
    """The whole series as a path: each visit and how far it has come; those without a time last."""
    booked = {code: row.starts_at for code, row in picture.live.items()}
    last = max(booked.values(), default=picture.row.made_at)
    ordered = sorted(picture.visits, key=lambda visit: booked.get(visit.code, last))
    return [_step(picture, visit) for visit in ordered]


def _step(picture: SeriesPicture, visit: VisitDefinition) -> Body:
    row = picture.live.get(visit.code)
    done = row is not None and row.status == AppointmentStatus.FULFILLED
    state = "done" if done else "booked" if row else "due"
    return {
        **_named(picture, visit),
        "state": state,
        "appointment_id": row.id if row else None,
        "starts_at": _local(picture, row.starts_at) if row else None,
    }


def _named(picture: SeriesPicture, visit: VisitDefinition) -> Body:
    """What the visit is called, and which of how many."""
    return {
        "visit_code": visit.code,
        "kind": visit.kind,
        "title": visit.title or visit.family,
        "ordinal": visit.ordinal,
        "of": sum(each.family == visit.family for each in picture.visits),
    }


def _body(picture: SeriesPicture, row: AppointmentRow, said: Said, now: datetime) -> Body:
    visit = picture.visit(row.visit_code)
    arrives, leaves = row.patient_from or row.starts_at, row.patient_until or row.ends_at
    spoken = said.confirmed.get(row.id)
    holds = spoken is not None and spoken.schedule_version == row.schedule_version
    ride = said.rides.get(row.id)
    return {
        **_named(picture, visit),
        "id": row.id,
        "series_id": row.series_id,
        "status": row.status,
        "starts_at": _local(picture, arrives),
        "ends_at": _local(picture, leaves),
        "time_zone": row.time_zone,
        "place": picture.site.title,
        "remote": visit.remote,
        "people": [said.names[who] for who in row.choices.values() if who in said.names],
        "parts": list(_parts(picture, visit, row.starts_at)),
        "before": list(_before(picture, row, arrives)),
        "after": list(_after(picture, row, leaves)),
        "tell_before": _told(visit.tell_before),
        "tell_after": _told(visit.tell_after),
        "ride_needed": _needs_ride(picture, row),
        "ride": {"name": ride.name, "phone": ride.phone} if ride else None,
        "confirmed_at": spoken.confirmed_at if spoken and holds else None,
        "may_confirm": _awaited(row, now) and not holds,
        "may_move": _may_move(picture, row, now),
        "schedule_version": row.schedule_version,
        "version": row.version,
    }


def _local(picture: SeriesPicture, at: datetime) -> datetime:
    """On the clinic's own clock: the phone shows it as it is sent."""
    return at.astimezone(picture.zone)


def _parts(picture: SeriesPicture, visit: VisitDefinition, begins: datetime) -> Iterator[Body]:
    at = begins.astimezone(UTC)
    for part in visit.parts:
        ends = at + timedelta(minutes=part.minutes or 0)
        if part.with_patient:
            said: Iterable[datetime] = (at, ends)
            starts_at, ends_at = (_local(picture, each) for each in said)
            yield {"name": part.name, "starts_at": starts_at, "ends_at": ends_at}
        at = ends


def _before(picture: SeriesPicture, row: AppointmentRow, arrives: datetime) -> Iterator[Body]:
    """What not to eat or drink from when on, as the protocol has it."""
    fasting = picture.protocol.fasting
    if row.kind != VisitKind.INFUSION or fasting is None:
        return
    hours = {"no-food": fasting.solids_hours, "no-drinks": fasting.clear_liquids_hours}
    for code, least in hours.items():
        if least:
            from_at = arrives.astimezone(UTC) - timedelta(hours=least)
            yield {"code": code, "at": _local(picture, from_at)}


def _after(picture: SeriesPicture, row: AppointmentRow, leaves: datetime) -> Iterator[Body]:
    """Until when not to drive; `at` None is until the next day, after a night's sleep."""
    rule = picture.protocol.no_drive
    if row.kind != VisitKind.INFUSION or rule is None or rule.until is None:
        return
    if rule.until is DriveAgain.HOURS and rule.hours:
        until = leaves.astimezone(UTC) + timedelta(hours=rule.hours)
        yield {"code": "no-drive", "at": _local(picture, until)}
    else:
        yield {"code": "no-drive", "at": None}


def _told(words: Told | None) -> dict[str, str]:
    """The clinic's own words by language; nothing where it wrote none."""
    return {name: said for name, said in asdict(words).items() if said} if words else {}


def _needs_ride(picture: SeriesPicture, row: AppointmentRow) -> bool:
    escort = picture.protocol.escort
    return row.kind == VisitKind.INFUSION and escort is not None and bool(escort.required)


def _awaited(row: AppointmentRow, now: datetime) -> bool:
    booked = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
    return row.status in booked and row.starts_at > now


def _may_move(picture: SeriesPicture, row: AppointmentRow, now: datetime) -> bool:
    active = picture.row.status == SeriesStatus.ACTIVE
    return active and _awaited(row, now) and row.starts_at - now >= LATEST_BY_PATIENT
