"""One series with everything that bears on it, read in one go for planning and booking."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.domain import claims, protocol_document
from server.domain import series as rules
from server.domain.calendars import Bookable, Busy, Claim
from server.domain.placement import Placement
from server.domain.protocols import Protocol, VisitDefinition
from server.persistence import (
    appointments,
    bookables,
    clinics,
    people,
    protocols,
    series,
    waiting,
)
from server.persistence.appointments import AppointmentRow
from server.persistence.clinics import SiteRow
from server.persistence.people import PatientRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.services.planning import calendars
from server.services.refusals import NotFound
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus

MOVABLE = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
TAKES_PART = (PlannedVisitStatus.ACTIVE, PlannedVisitStatus.COMPLETED)


class Near(NamedTuple):
    """A few bookables by id, and their claims, each with its appointment ("" where it is kept for
    somebody)."""

    bookables: Mapping[str, Bookable]
    claims: Sequence[tuple[str, Claim]]


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
    _known: dict[str, Bookable] = field(default_factory=dict, repr=False, compare=False)
    _near: dict[tuple[frozenset[str], date, date], "Near"] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def zone(self) -> ZoneInfo:
        """The site's clock."""
        return ZoneInfo(self.site.time_zone)

    @cached_property
    def bookables(self) -> Mapping[str, Bookable]:
        """All that the site has, as it was when this picture was first asked."""
        return calendars.known(self.site)

    @cached_property
    def busy(self) -> Sequence[tuple[str, Busy]]:
        """When the patient has to be somewhere, each with its appointment; read once, as above."""
        return appointments.patient_busy(self.patient.id)

    def near(self, of: frozenset[str], first: date, last: date) -> "Near":
        """Some bookables, and what is claimed of them from one local date to another; as above."""
        if (of, first, last) not in self._near:
            start = calendars.local_midnight(first, self.zone)
            end = calendars.local_midnight(last + timedelta(days=2), self.zone)
            kept = waiting.held(self.site.id, of, start=start, end=end)
            found = appointments.claims_of_each(of, start=start, end=end)
            stays = (*found, *(("", each) for each in kept))
            self._near[of, first, last] = Near(self.known(of), stays)
        return self._near[of, first, last]

    def known(self, of: Collection[str]) -> Mapping[str, Bookable]:
        """Some bookables of the site, by id; read along with all that the visits may claim."""
        if not self._known.keys() >= set(of):
            free = [each.name for each in self.protocol.choices if not each.kept]
            eligible = (who for name in free for who in self.candidates[name])
            chosen = self.row.choices.values()
            wanted = {*of, *claims.named(self.visits), *chosen, *eligible}
            self._known.update(calendars.known(self.site, wanted))
        return self._known

    @cached_property
    def candidates(self) -> Mapping[str, tuple[str, ...]]:
        """Who may be chosen: as written for the series, else everybody of that kind at the site."""
        found = {}
        for choice in self.protocol.choices:
            named = self.row.candidates.get(choice.name)
            found[choice.name] = tuple(named or bookables.practising(self.site.id, choice.kind))
        return found

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


def zone_of(site: SiteRow) -> ZoneInfo:
    """A site's clock."""
    return ZoneInfo(site.time_zone)


def touch(picture: SeriesPicture) -> None:
    """Count a change of the series: its ETag moves on."""
    series.touch(picture.row)
