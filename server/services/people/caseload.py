"""Patients with how far their series have come, and one patient's whole story so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.domain import series as rules
from server.domain.protocols import VisitDefinition
from server.domain.series import Due
from server.persistence import appointments, bookables, caseload, clinics, people, protocols
from server.persistence.appointments import AppointmentRow
from server.persistence.caseload import Booked
from server.persistence.people import PatientRow
from server.persistence.series import PlannedVisitRow, SeriesRow
from server.persistence.transactions import transaction
from server.services.access import Caller, require
from server.services.people import patients
from server.services.planning import pictures
from server.services.planning.pictures import SeriesPicture
from server.services.record import audit
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, SeriesStatus

__all__ = ["Listed", "Story", "Visited", "listed", "own_bookable", "stories"]

LOST = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A patient in a list, with the series begun last, if any."""

    patient: PatientRow
    series: SeriesRow | None
    protocol: str
    booked: Booked
    zone: ZoneInfo

    @property
    def visits(self) -> int:
        """How many visits the series has, those given up left out."""
        rows = self.series.planned_visits if self.series else []
        return sum(1 for row in rows if row.status in pictures.TAKES_PART)


@dataclass(frozen=True, kw_only=True)
class Visited:
    """A planned visit with its appointment, or when it is due."""

    planned: PlannedVisitRow
    definition: VisitDefinition
    appointment: AppointmentRow | None
    """The one that counts; without one, `lost` may say what became of the last."""
    lost: AppointmentRow | None
    due: Due | None
    over: bool
    """Due, and its window has closed."""
    bookable: bool
    """Nothing is missing to book it by itself: all that it is counted from has a time."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One series from its first visit to its last."""

    row: SeriesRow
    protocol: str
    edition: int
    zone: ZoneInfo
    visits: tuple[Visited, ...]
    unpaired: tuple[str, ...]
    """Infusions with a time whose psychotherapy has none."""
    people: Mapping[str, str]
    """The titles of the site's bookables by id."""
    choices: Mapping[str, tuple[str, ...]]
    """For each kept choice whom it may fall on."""


def listed(
    by: Caller, *, name: str, page: int, page_size: int, now: datetime
) -> tuple[list[Listed], int]:
    """A page of the patients this person may see, by name, and how many there are."""
    found, total = patients.patients(by, name=name, page=page, page_size=page_size, now=now)
    latest = caseload.latest_series(by.clinic_id, [row.id for row in found])
    numbers = caseload.booked([row.id for row in latest.values()], now=now)
    zones = {site.id: ZoneInfo(site.time_zone) for site in clinics.sites(by.clinic_id)}
    titles = _titles(by.clinic_id, {row.protocol_version_id for row in latest.values()})
    return [_listed(row, latest.get(row.id), numbers, titles, zones) for row in found], total


def _listed(
    row: PatientRow,
    series: SeriesRow | None,
    numbers: Mapping[str, Booked],
    titles: Mapping[str, str],
    zones: Mapping[str, ZoneInfo],
) -> Listed:
    return Listed(
        patient=row,
        series=series,
        protocol=titles[series.protocol_version_id] if series else "",
        booked=numbers[series.id] if series else Booked(),
        zone=zones[row.site_id],
    )


def _titles(clinic_id: str, version_ids: set[str]) -> dict[str, str]:
    versions = (protocols.version_of(clinic_id, each) for each in version_ids)
    return {each.id: pictures.read_protocol(each).title for each in versions if each}


def stories(by: Caller, patient_id: str, *, now: datetime) -> tuple[PatientRow, list[Story]]:
    """A patient and all their series, the newest first; that somebody looked is on record."""
    require(by, "series.read")
    patient = patients.patient(by, patient_id, now=now)
    with transaction():
        audit.looked(by, "series.read", [patient_id], now=now)
    ids = caseload.series_of(by.clinic_id, patient_id)
    return patient, [_story(pictures.of_series(by.clinic_id, each), now) for each in ids]


def _story(picture: SeriesPicture, now: datetime) -> Story:
    happened = {code: picture.placement(code) for code in picture.live}
    due = rules.due_windows(picture.visits, happened, picture.zone)
    rows = bookables.at_site(picture.row.clinic_id, picture.site.id)
    names = {row.id: row.title for row in rows}
    lost = {
        row.visit_code: row for row in appointments.of_series(picture.row.id) if row.status in LOST
    }
    version = protocols.version_of(picture.row.clinic_id, picture.row.protocol_version_id)
    return Story(
        row=picture.row,
        protocol=picture.protocol.title,
        edition=version.number if version else 0,
        zone=picture.zone,
        visits=tuple(_visited(picture, each, due, lost, now) for each in _known(picture)),
        unpaired=rules.unpaired(picture.visits, happened),
        people=names,
        choices=_choices(picture),
    )


def _known(picture: SeriesPicture) -> list[PlannedVisitRow]:
    """The planned visits that the series' edition defines; an earlier one may have had more."""
    codes = {visit.code for visit in picture.protocol.visits}
    return [row for row in picture.row.planned_visits if row.code in codes]


def _visited(
    picture: SeriesPicture,
    planned: PlannedVisitRow,
    due: Mapping[str, Due],
    lost: Mapping[str, AppointmentRow],
    now: datetime,
) -> Visited:
    code = planned.code
    mine = due.get(code)
    open_ = planned.status == PlannedVisitStatus.ACTIVE and code not in picture.live
    goes_on = picture.row.status in (SeriesStatus.DRAFT, SeriesStatus.ACTIVE)
    return Visited(
        planned=planned,
        definition=picture.protocol.visit(code),
        appointment=picture.live.get(code),
        lost=lost.get(code) if code not in picture.live else None,
        due=mine if open_ else None,
        over=bool(open_ and mine and mine.is_over(now, picture.zone)),
        bookable=bool(open_ and goes_on and mine and not mine.waits_for),
    )


def _choices(picture: SeriesPicture) -> dict[str, tuple[str, ...]]:
    asked = picture.candidates
    return {choice.name: asked[choice.name] for choice in picture.protocol.choices if choice.kept}


def own_bookable(by: Caller) -> str | None:
    """What is claimed of whoever asks, where they treat themselves."""
    mine = people.practitioner(by.clinic_id, by.practitioner_id or "")
    return mine.bookable.id if mine and mine.bookable else None
