"""One series with everything that bears on it, read in one go for planning and booking."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from server.domain import claims, horizon, protocol_document
from server.domain import series as rules
from server.domain.calendars import Bookable, Claim, ClinicCalendar, PatientTimes
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import Protocol, VisitDefinition
from server.persistence import appointments, bookables, clinics, people, protocols, series
from server.persistence.appointments import AppointmentRow
from server.persistence.clinics import SiteRow
from server.persistence.people import PatientRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.services.planning import calendars
from server.services.refusals import NotFound
from shared.vocabulary import AppointmentStatus, DayPart, PlannedVisitStatus

START_WITHIN_DAYS = 56
"""How long after being ready a series is looked for where no `start_by` is given."""

MOVABLE = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
TAKES_PART = (PlannedVisitStatus.ACTIVE, PlannedVisitStatus.COMPLETED)


@dataclass(frozen=True, kw_only=True)
class SeriesPicture:
    """A series, its patient, site and protocol, and its live appointments by visit code."""

    row: SeriesRow
    patient: PatientRow
    site: SiteRow
    protocol: Protocol
    visits: tuple[VisitDefinition, ...]
    """Bound to the site's bookables; only those that take part (no undecided, no revoked)."""
    live: Mapping[str, AppointmentRow]

    @property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.site.time_zone)

    @cached_property
    def bookables(self) -> Mapping[str, Bookable]:
        """All that the site has, as it was when this picture was first asked."""
        return calendars.known(self.site)

    def visit(self, code: str) -> VisitDefinition:
        """One visit's definition. NotFound where the series has none of that code."""
        for visit in self.visits:
            if visit.code == code:
                return visit
        raise NotFound

    def movable(self, now: datetime) -> set[str]:
        """The codes of visits booked for later, which may still be moved."""
        return {
            code
            for code, row in self.live.items()
            if AppointmentStatus(row.status) in MOVABLE and row.starts_at > now
        }

    def placement(self, code: str) -> Placement:
        """Where a booked visit stands now; `choices` without the kept ones."""
        row, kept = self.live[code], self.kept_names()
        choices = {name: who for name, who in row.choices.items() if name not in kept}
        return Placement(visit=code, starts_at=row.starts_at.astimezone(self.zone), choices=choices)

    def kept_names(self) -> set[str]:
        """The names of choices kept for the whole series."""
        return {choice.name for choice in self.protocol.choices if choice.kept}


def read_protocol(version: ProtocolVersionRow) -> Protocol:
    """The protocol of a version; read once and kept, since editions that count never change."""
    return _read(version.id, version.version, _Document(version.document))


@dataclass(frozen=True, eq=False)
class _Document:
    """Carries a document past the cache: the key is the version's id and count."""

    content: Mapping[str, object]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _read(_version_id: str, _edition: int, document: _Document) -> Protocol:
    return protocol_document.read(document.content)


def of_series(clinic_id: str, series_id: str) -> SeriesPicture:
    """The whole picture of one series of this clinic. NotFound where there is none."""
    row = series.series(clinic_id, series_id)
    if row is None:
        raise NotFound
    version = protocols.version_of(clinic_id, row.protocol_version_id)
    patient, site = people.patient(clinic_id, row.patient_id), clinics.site(clinic_id, row.site_id)
    if version is None or patient is None or site is None:
        raise NotFound  # cannot be: foreign keys hold them
    protocol = read_protocol(version)
    visits = decided(protocol, row.planned_visits)
    live = {each.visit_code: each for each in appointments.of_series(row.id) if each.live}
    return SeriesPicture(
        row=row,
        patient=patient,
        site=site,
        protocol=protocol,
        visits=calendars.bound(visits, site),
        live=live,
    )


def decided(protocol: Protocol, planned: Iterable[PlannedVisitRow]) -> Iterable[VisitDefinition]:
    """The visits that take part, as a prescriber's decisions leave them."""
    rows = {each.code: each for each in planned if each.status in TAKES_PART}
    for visit in protocol.visits:
        if visit.code in rows:
            decided = replace(visit, awaits_decision=False)  # released, or it would not take part
            yield rules.resumed(decided) if rows[visit.code].decision == "resume" else decided


@dataclass(frozen=True, kw_only=True)
class Question:
    """What planner and booking are asked: the series to place, and the calendar around it."""

    series: SeriesToPlace
    calendar: ClinicCalendar


def question(
    picture: SeriesPicture,
    *,
    now: datetime,
    free: Collection[str],
    pinned: Mapping[str, Placement] | None = None,
    strict: bool = False,
    proving: SeriesPlan | None = None,
) -> Question:
    """Ask for times of the visits in `free`, all others booked standing where they are.

    `pinned` visits are taken to stand at the times given instead of their booked ones. Visits
    neither booked nor pinned nor free take no part: what is counted from them is not asked for,
    unless `strict`, where a visit may not be booked before the one it is counted from.
    `proving` reads of the calendar only what bears on that plan, which must be of the free visits.
    """
    pinned = pinned or {}
    series = to_place(picture, now=now, free=free, pinned=pinned, strict=strict)
    days = series.ready_on, series.last_day
    loose = _loose(picture, {*free, *pinned})
    return Question(series=series, calendar=_calendar(picture, days, loose, pinned, proving))


def _loose(picture: SeriesPicture, codes: Collection[str]) -> list[str]:
    """Ids of the appointments that are taken out of the calendar."""
    return [row.id for code, row in picture.live.items() if code in codes]


def to_place(
    picture: SeriesPicture,
    *,
    now: datetime,
    free: Collection[str],
    pinned: Mapping[str, Placement],
    strict: bool = False,
) -> SeriesToPlace:
    """The series half of a question; see there."""
    standing = {code: picture.placement(code) for code in picture.live}
    fixed = {code: each for code, each in standing.items() if code not in free} | dict(pinned)
    held = {code: each for code, each in standing.items() if code in free}
    first = max(picture.row.ready_on, now.astimezone(picture.zone).date())
    last = _last_day(picture, first, fixed)
    return SeriesToPlace(
        visits=_taking_part(picture, {*free, *fixed}, strict=strict),
        start_visit=picture.protocol.start_visit,
        choices=picture.protocol.choices,
        candidates=candidates(picture),
        patient=_times(picture, _loose(picture, {*free, *pinned}), pinned),
        ready_on=first,
        last_day=last,
        start_by=picture.row.start_by,
        not_before=now,
        fixed=fixed,
        held=held,
        held_choices=picture.row.choices,
    )


def _calendar(
    picture: SeriesPicture,
    days: tuple[date, date],
    loose: list[str],
    pinned: Mapping[str, Placement],
    proving: SeriesPlan | None,
) -> ClinicCalendar:
    first, last = days
    eligible = (who for each in candidates(picture).values() for who in each)
    of = {*claims.named(picture.visits), *eligible, *picture.row.choices.values()}
    if proving is not None:
        of = set(_claimed(picture, proving))
        on = [each.starts_at.astimezone(picture.zone).date() for each in proving.placements]
        first, last = min(on, default=first), max(on, default=last)
    return calendars.of_site(
        picture.site,
        start=calendars.local_midnight(first, picture.zone),
        end=calendars.local_midnight(last + timedelta(days=2), picture.zone),
        of=of,
        without=loose,
        besides=_claims(picture, pinned),
        there=picture.bookables,
    )


def _claimed(picture: SeriesPicture, plan: SeriesPlan) -> Iterator[str]:
    """The bookables that a plan claims."""
    for each in plan.placements:
        chosen = dict(plan.choices) | dict(each.choices)
        visit = picture.visit(each.visit)
        yield from (claim.bookable_id for claim in claims.touched(visit, each.starts_at, chosen))


def _taking_part(
    picture: SeriesPicture, codes: set[str], *, strict: bool
) -> tuple[VisitDefinition, ...]:
    anchors = {visit.code for visit in picture.visits} if strict else codes
    return tuple(
        replace(visit, windows=tuple(w for w in visit.windows if w.anchor in anchors))
        for visit in picture.visits
        if visit.code in codes
    )


def _last_day(picture: SeriesPicture, first: date, fixed: Mapping[str, Placement]) -> date:
    start_by = picture.row.start_by or first + timedelta(days=START_WITHIN_DAYS)
    latest = max([start_by, first, *(p.starts_at.date() for p in fixed.values())])
    reach = horizon.days_after(picture.visits)
    return latest + timedelta(days=reach)


def candidates(picture: SeriesPicture) -> dict[str, tuple[str, ...]]:
    """Who may be chosen: as written for the series, else everybody of that kind at the site."""
    found = {}
    for choice in picture.protocol.choices:
        named = picture.row.candidates.get(choice.name)
        found[choice.name] = tuple(named or bookables.practising(picture.site.id, choice.kind))
    return found


def _times(
    picture: SeriesPicture, loose: list[str], pinned: Mapping[str, Placement]
) -> PatientTimes:
    busy = appointments.patient_busy(picture.patient.id, without=loose)
    for code, placement in pinned.items():
        if there := claims.with_patient(picture.visit(code), placement.starts_at):
            busy.append(there)
    prefers = picture.patient.prefers
    return PatientTimes(
        weekly=picture.patient.weekly_hours(),
        away=frozenset(date.fromisoformat(day) for day in picture.patient.away),
        prefers=DayPart(prefers) if prefers else None,
        busy=tuple(busy),
    )


def _claims(picture: SeriesPicture, pinned: Mapping[str, Placement]) -> list[Claim]:
    return [
        taken.claim
        for code, placement in pinned.items()
        for taken in claims.taken(
            picture.visit(code),
            placement.starts_at,
            dict(picture.row.choices) | dict(placement.choices),
        )
    ]


def zone_of(site: SiteRow) -> ZoneInfo:
    """A site's clock."""
    return ZoneInfo(site.time_zone)


def touch(picture: SeriesPicture) -> None:
    """Count a change of the series: its ETag moves on."""
    series.touch(picture.row)


def restricted(asked: Question, candidates: Mapping[str, tuple[str, ...]]) -> Question:
    """The same question with the choice narrowed to some candidates."""
    narrowed = dict(asked.series.candidates) | dict(candidates)
    return replace(asked, series=replace(asked.series, candidates=narrowed))
