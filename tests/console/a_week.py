"""A site's week with all that a week can hold, told relative to a Monday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.persistence.appointments import AppointmentRow, ClaimRow
from server.persistence.bookables import AvailabilityExceptionRow, AvailabilityRow, BookableRow
from server.persistence.clinics import HolidayRow, SiteRow
from server.persistence.database import db
from server.persistence.series import SeriesRow
from server.persistence.types import new_id
from shared.vocabulary import BookableKind, Role
from tests import builders

ZONE = ZoneInfo("America/New_York")
MONDAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 3, 15, tzinfo=UTC)
"""Wednesday morning in New York."""
WEEKDAYS = [0, 1, 2, 3, 4]
PARTS = (("preparation", 0, 20, 2), ("infusion", 20, 60, 2), ("observation", 60, 135, 1))
"""What an infusion takes of the nurses: part, from minute, to minute, units."""


def at(day: int, clock: str) -> datetime:
    """A clock time of the n-th day of the week."""
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock), ZONE)


class House:
    """A clinic's site with four chairs, nurses, a therapist away on Tuesday, and Friday closed."""

    def __init__(self, clinic_id: str, title: str = "Harbour") -> None:
        self.site = builders.added(
            SiteRow(id=new_id(), clinic_id=clinic_id, title=title, time_zone=ZONE.key)
        )
        self.version = builders.make_version(clinic_id)
        self.chairs = self._opened("Infusion chairs", BookableKind.CHAIR, 4)
        self.nurses = self._opened("Nurses", BookableKind.NURSE, 6)
        self.on_site = self._opened("Prescriber on site", BookableKind.PRESCRIBER, 1)
        _, self.theo = builders.make_practitioner(self.site, "Theo Bookish", Role.THERAPIST)
        self._hours(self.theo, 1)
        self.theo.exceptions = [AvailabilityExceptionRow(on=MONDAY + timedelta(days=1))]
        builders.added(
            HolidayRow(
                clinic_id=clinic_id,
                site_id=self.site.id,
                on=MONDAY + timedelta(days=4),
                title="Founders' day",
            )
        )

    def _opened(self, title: str, kind: BookableKind, capacity: int) -> BookableRow:
        row = builders.make_pool(self.site, title, kind, capacity)
        self._hours(row, capacity)
        return row

    def _hours(self, row: BookableRow, capacity: int) -> None:
        row.weekly = [AvailabilityRow(days=WEEKDAYS, opens=480, closes=1080, capacity=capacity)]
        db.session.flush()

    def series(self, name: str) -> SeriesRow:
        return builders.make_series(builders.make_patient(self.site, name), self.version, self.theo)

    def infusion(self, name: str, starts_at: datetime, *, status: str = "booked") -> AppointmentRow:
        """Chair and nurses in four parts, the prescriber on site for two of them."""
        row = self._appointment(self.series(name), "infusion", starts_at, 150, status)
        for part, begins, ends, units in PARTS:
            _claim(row, self.chairs, part, (begins, ends), 1)
            _claim(row, self.nurses, part, (begins, ends), units)
        _claim(row, self.chairs, "turnover", (135, 150), 1)
        for part, begins, ends, _ in PARTS[1:]:
            _claim(row, self.on_site, part, (begins, ends), 0)
        return builders.added(row)

    def preparation(self, name: str, starts_at: datetime) -> AppointmentRow:
        row = self._appointment(self.series(name), "preparation", starts_at, 60, "booked")
        _claim(row, self.theo, "session", (0, 60), 1)
        return builders.added(row)

    def _appointment(
        self, series: SeriesRow, code: str, starts_at: datetime, minutes: int, status: str
    ) -> AppointmentRow:
        planned = next(each for each in series.planned_visits if each.code == code)
        return AppointmentRow(
            id=new_id(),
            clinic_id=series.clinic_id,
            site_id=self.site.id,
            patient_id=series.patient_id,
            series_id=series.id,
            planned_visit_id=planned.id,
            visit_code=code,
            kind=code,
            status=status,
            starts_at=starts_at,
            ends_at=_after(starts_at, minutes),
            wall_time=starts_at.strftime("%Y-%m-%d %H:%M"),
            time_zone=ZONE.key,
            choices={},
            made_at=builders.MADE_AT,
        )


def _claim(
    row: AppointmentRow, bookable: BookableRow, part: str, minutes: tuple[int, int], units: int
) -> None:
    row.claims.append(
        ClaimRow(
            clinic_id=row.clinic_id,
            bookable_id=bookable.id,
            part=part,
            starts_at=_after(row.starts_at, minutes[0]),
            ends_at=_after(row.starts_at, minutes[1]),
            units=units,
            exclusive=bookable.capacity == 1 and units > 0,
        )
    )


def _after(starts_at: datetime, minutes: int) -> datetime:
    return starts_at.astimezone(UTC) + timedelta(minutes=minutes)


def tell(house: House) -> House:
    """Monday full at ten, one patient there, one gone; Wednesday one with the therapist."""
    house.infusion("Ash Example", at(0, "09:00"), status="fulfilled")
    for name in ("Birch Example", "Cedar Example", "Dill Example"):
        house.infusion(name, at(0, "10:00") if name < "D" else at(0, "13:00"))
    house.infusion("Elder Example", at(2, "09:30"), status="arrived")
    house.preparation("Fern Example", at(2, "14:00"))
    return house
