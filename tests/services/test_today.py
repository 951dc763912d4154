"""A patient and their clinic from the phone's side: confirm, ride home, other times, all in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from server.domain.breaches import Refused
from server.persistence import appointments
from server.persistence.appointments import AppointmentRow
from server.services.access import Caller
from server.services.booking import booking, confirmations, moves, offers
from server.services.booking.moves import Wish
from server.services.clinic import help_lines
from server.services.clinic.help_lines import HelpLine
from server.services.days import sync
from server.services.record import doctor
from server.services.refusals import Conflict, NotAllowed, NotFound, Stale
from shared.vocabulary import Role
from tests.services.a_series import NOW, ZONE, ShortClinic, short_clinic


@dataclass
class Story:
    """A patient whose whole series is booked."""

    clinic: ShortClinic
    patient: Caller
    series_id: str

    def row(self, visit: str) -> AppointmentRow:
        rows = appointments.of_series(self.series_id)
        return next(row for row in rows if row.live and row.visit_code == visit)

    def visit(self, code: str, now: datetime = NOW) -> dict[str, object]:
        document = sync.today(self.patient, now=now)
        return next(each for each in document["appointments"] if each["visit_code"] == code)


def caller(clinic: ShortClinic, patient_id: str) -> Caller:
    return Caller(
        user_id="p" * 32, clinic_id=clinic.by.clinic_id, role=Role.PATIENT, patient_id=patient_id
    )


@pytest.fixture
def story(app: Flask) -> Iterator[Story]:
    clinic = short_clinic()
    patient_id = clinic.patient()
    series_id = clinic.enrolled(patient_id=patient_id)
    booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)
    return Story(clinic, caller(clinic, patient_id), series_id)


def test_the_phone_is_told_everything_at_once_on_the_clinics_own_clock(story: Story) -> None:
    document = sync.today(story.patient, now=NOW)

    visits = document["appointments"]
    assert [each["visit_code"] for each in visits] == [
        "infusion-1",
        "session-1",
        "infusion-2",
        "session-2",
    ]
    assert (visits[2]["ordinal"], visits[2]["of"]) == (2, 2)
    assert visits[0]["starts_at"].isoformat() == "2027-03-02T09:00:00-05:00"
    assert [part["name"] for part in visits[0]["parts"]] == ["infusion", "observation"]
    assert [step["state"] for step in document["series"]["path"]] == ["booked"] * 4
    assert document["help_line"].phone == "988"


def test_only_a_patient_has_a_today(story: Story) -> None:
    with pytest.raises(NotAllowed):
        sync.today(story.clinic.by, now=NOW)


def test_a_confirmation_holds_for_the_time_that_was_confirmed(story: Story) -> None:
    row = story.row("infusion-1")
    confirmations.confirm(story.patient, row.id, schedule_version=1, now=NOW)
    assert story.visit("infusion-1")["confirmed_at"] == NOW

    later = NOW + timedelta(hours=1)
    again = confirmations.confirm(story.patient, row.id, schedule_version=1, now=later)
    assert again.confirmed_at == NOW

    wish = Wish(starts_at=row.starts_at + timedelta(hours=1), choices={})
    shown = moves.preview(story.clinic.by, row.id, wish, now=NOW)
    moves.apply(story.clinic.by, row.id, shown.id, expected_version=row.version, now=NOW)
    assert story.visit("infusion-1")["confirmed_at"] is None
    with pytest.raises(Stale):
        confirmations.confirm(story.patient, row.id, schedule_version=1, now=later)


def test_what_is_another_patients_cannot_be_confirmed(story: Story) -> None:
    stranger = caller(story.clinic, story.clinic.patient())

    with pytest.raises(NotFound):
        confirmations.confirm(stranger, story.row("infusion-1").id, schedule_version=1, now=NOW)


def test_whoever_takes_a_patient_home_is_remembered_for_the_next_time(story: Story) -> None:
    row = story.row("infusion-1")
    confirmations.name_ride(story.patient, row.id, name="Sam", phone="555 0100", now=NOW)
    confirmations.name_ride(story.patient, row.id, name="Kim", phone="555 0101", now=NOW)

    document = sync.today(story.patient, now=NOW)
    assert document["appointments"][0]["ride"] == {"name": "Kim", "phone": "555 0101"}
    assert document["last_ride"] == {"name": "Kim", "phone": "555 0101"}


def test_three_times_are_offered_and_one_is_taken(story: Story) -> None:
    row = story.row("session-2")
    made = offers.make(story.patient, row.id, now=NOW)

    assert len(made.rows) == 3
    chosen = made.rows[0]
    written = moves.apply(story.patient, row.id, chosen.id, expected_version=made.version, now=NOW)
    assert [each.starts_at.astimezone(ZONE).isoformat() for each in written] == [
        each["starts_at"] for each in chosen.body["visits"]
    ]
    assert doctor.examine(now=NOW) == []


def test_times_that_nothing_else_must_follow_are_offered_first(story: Story) -> None:
    made = offers.make(story.patient, story.row("session-1").id, now=NOW)

    assert [len(each.body["visits"]) for each in made.rows] == [1, 1, 1]


def test_what_is_about_to_happen_is_moved_by_the_clinic_alone(story: Story) -> None:
    row = story.row("infusion-1")
    soon = row.starts_at - timedelta(hours=23)

    assert story.visit("infusion-1", soon)["may_move"] is False
    with pytest.raises(Conflict, match="call the clinic"):
        offers.make(story.patient, row.id, now=soon)


def test_a_visit_that_was_given_up_is_not_confirmed(story: Story) -> None:
    from server.services.booking.appointments import Step, cancel
    from shared.vocabulary import AppointmentStatus

    row = story.row("session-2")
    step = Step(to=AppointmentStatus.CANCELLED, expected_version=row.version, reason="Ill")
    cancel(story.clinic.by, row.id, step, now=NOW)

    with pytest.raises(Refused):
        confirmations.confirm(story.patient, row.id, schedule_version=1, now=NOW)


def test_a_clinic_names_its_own_help_line(story: Story) -> None:
    admin = Caller(user_id="a" * 32, clinic_id=story.clinic.by.clinic_id, role=Role.ADMINISTRATOR)
    wanted = HelpLine(title="Night line", phone="555 0199", clinic_phone="555 0100")
    help_lines.change(admin, wanted, now=NOW)

    assert sync.today(story.patient, now=NOW)["help_line"] == wanted
