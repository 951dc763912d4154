"""Puts a scenario into the database as a clinic of its own: all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.persistence import clinics, sign_ins
from server.persistence.database import db
from server.persistence.series import SeriesRow
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.planner.files.entries import FileFaults
from server.planner.files.scenario import Scenario
from server.services.scenario import editions, people, places
from server.services.scenario.codes import code
from server.services.scenario.editions import Edition
from server.services.scenario.places import Place
from server.services.sign_ins import passwords
from shared.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The new clinic, and who can sign in to it."""

    clinic_id: str
    email: str
    bookables: int
    patients: int
    booked: int

    def __str__(self) -> str:
        return (
            f"{self.bookables} bookables, {self.patients} patients with a series each, "
            f"{self.booked} of them booked"
        )


def load(scenario: Scenario, *, password: str, now: datetime) -> Loaded:
    """A clinic named as the scenario, with an administrator. Raises FileFaults naming all that the
    database cannot hold, booked visits that break a rule included; then nothing is kept."""
    faults = list(places.faults(scenario))
    read = editions.editions(scenario, faults)
    if faults:
        raise FileFaults(faults)
    hashed = passwords.hashed(password)
    with transaction(Locks(names=frozenset({"scenarios"}))):
        if clinics.titled(scenario.name):
            raise FileFaults([f"name: there is a clinic called {scenario.name} already"])
        place = places.make(scenario, now=now)
        series = _enrolled(scenario, place, read, now)
        _book(scenario, place, read, series, now)
        email = _administrator(place.site.clinic_id, scenario.name, hashed, now)
    return Loaded(
        clinic_id=place.site.clinic_id,
        email=email,
        bookables=len(place.bookables),
        patients=len(series),
        booked=len(scenario.booked),
    )


def _enrolled(
    scenario: Scenario, place: Place, read: Mapping[str, Edition], now: datetime
) -> dict[str, SeriesRow]:
    versions = editions.keep(place.site.clinic_id, read, now=now)
    return {
        each.id: people.enrol(
            place, each, read[each.protocol.id], versions[each.protocol.id], now=now
        )
        for each in scenario.patients
    }


def _book(
    scenario: Scenario,
    place: Place,
    read: Mapping[str, Edition],
    series: Mapping[str, SeriesRow],
    now: datetime,
) -> None:
    faults = []
    for n, each in enumerate(scenario.booked):
        edition = read[scenario.patient(each.patient).protocol.id]
        found = people.book(place, series[each.patient], each, edition, scenario, now=now)
        faults += [f"booked[{n}].visits.{fault}" for fault in found]
    if faults:
        raise FileFaults(faults)


def _administrator(clinic_id: str, name: str, hashed: str, now: datetime) -> str:
    wished = (f"admin@{code(name)}{n or ''}.invalid" for n in range(1000))
    email = next(each for each in wished if sign_ins.user_by_email(each) is None)
    row = UserRow(
        id=new_id(),
        clinic_id=clinic_id,
        email=email,
        password_hash=hashed,
        role=Role.ADMINISTRATOR,
        made_at=now,
    )
    db.session.add(row)
    return email
