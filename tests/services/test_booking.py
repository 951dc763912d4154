from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from server.domain.breaches import Refused
from server.domain.placement import SeriesPlan
from server.persistence import appointments
from server.persistence.database import db
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from server.services.booking import booking
from server.services.booking.appointments import Step, cancel, progress
from server.services.record import doctor
from server.services.refusals import Stale
from server.services.series import series as series_service
from server.services.series import series_changes
from shared.vocabulary import AppointmentStatus, SeriesStatus
from tests.services.a_series import NOW, ShortClinic, short_clinic


@pytest.fixture
def clinic(app: object) -> Iterator[ShortClinic]:
    """After every test the doctor must find nothing."""
    yield short_clinic()
    assert doctor.examine(now=NOW) == []


def booked(clinic: ShortClinic, plan: SeriesPlan | None = None) -> str:
    series_id = clinic.enrolled()
    plan = plan or clinic.plan()
    booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)
    return series_id


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {str(breach.code) for breach in refused.value.breaches}


def live(series_id: str) -> dict[str, appointments.AppointmentRow]:
    return {row.visit_code: row for row in appointments.of_series(series_id) if row.live}


def test_a_whole_series_is_booked_with_a_claim_for_every_part(clinic: ShortClinic) -> None:
    series_id = booked(clinic)

    rows = live(series_id)
    assert set(rows) == {"infusion-1", "session-1", "infusion-2", "session-2"}
    assert [claim.part for claim in rows["infusion-1"].claims] == ["infusion", "observation"]
    assert [claim.bookable_id for claim in rows["session-1"].claims] == [clinic.therapist_ids[0]]
    assert series_service.read(clinic.by, series_id, now=NOW).status == SeriesStatus.ACTIVE


def test_one_visit_that_breaks_a_rule_leaves_the_whole_series_unbooked(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()
    good = clinic.plan()
    late = replace(good.placements[1], starts_at=good.placements[1].starts_at + timedelta(days=3))

    plan = replace(good, placements=(good.placements[0], late, *good.placements[2:]))
    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)

    assert "outside-window" in codes(refused)
    assert live(series_id) == {}


def test_two_patients_do_not_get_the_only_chair_at_once(clinic: ShortClinic) -> None:
    booked(clinic)
    other = clinic.enrolled()

    plan = clinic.plan(therapist=1)
    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, other, plan, expected_version=None, now=NOW)

    assert codes(refused) == {"no-capacity"}
    assert live(other) == {}


def test_the_same_plan_booked_twice_is_refused_for_every_visit(clinic: ShortClinic) -> None:
    series_id = booked(clinic)

    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)

    assert codes(refused) == {"already-booked"}
    assert len(refused.value.breaches) == 4


def test_a_series_that_has_changed_since_it_was_seen_is_not_booked(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()

    with pytest.raises(Stale):
        booking.book(clinic.by, series_id, clinic.plan(), expected_version=99, now=NOW)


def test_nothing_is_booked_while_a_series_is_on_hold(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    row = series_service.read(clinic.by, series_id, now=NOW)
    series_changes.hold(
        clinic.by, series_id, reason="ill", release=True, expected_version=row.version, now=NOW
    )

    assert live(series_id) == {}
    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, series_id, clinic.plan(), expected_version=None, now=NOW)
    assert codes(refused) == {"on-hold"}


def test_what_a_hold_released_can_be_booked_by_another_patient(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    row = series_service.read(clinic.by, series_id, now=NOW)
    series_changes.hold(
        clinic.by, series_id, reason="ill", release=True, expected_version=row.version, now=NOW
    )

    assert len(live(booked(clinic))) == 4


def test_a_cancelled_appointment_frees_its_claims_and_stays_due(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    last = live(series_id)["session-2"]

    step = Step(
        to=AppointmentStatus.CANCELLED, expected_version=last.version, reason="patient asked"
    )
    cancel(clinic.by, last.id, step, now=NOW)

    assert "session-2" not in live(series_id)
    row = series_service.read(clinic.by, series_id, now=NOW)
    assert {v.code: v.status for v in row.planned_visits}["session-2"] == "active"
    again = clinic.plan().of("session-2")
    assert again is not None
    booking.book_visit(
        clinic.by,
        series_id,
        visit=again.visit,
        starts_at=again.starts_at,
        choices=again.choices,
        expected_version=row.version,
        now=NOW,
    )
    assert "session-2" in live(series_id)


def test_a_patient_is_never_called_a_no_show_before_the_visit_should_begin(
    clinic: ShortClinic,
) -> None:
    first = live(booked(clinic))["infusion-1"]
    first_id, begins = first.id, first.starts_at
    step = Step(to=AppointmentStatus.NO_SHOW, expected_version=first.version)

    with pytest.raises(Refused):
        progress(clinic.by, first_id, step, now=begins - timedelta(minutes=1))

    assert progress(clinic.by, first_id, step, now=begins).status == AppointmentStatus.NO_SHOW


def test_a_series_ends_early_and_everything_later_is_cancelled(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    row = series_service.read(clinic.by, series_id, now=NOW)

    series_changes.revoke(
        clinic.by, series_id, reason="moved away", expected_version=row.version, now=NOW
    )

    assert live(series_id) == {}


def test_a_series_is_complete_only_when_every_visit_took_place(clinic: ShortClinic) -> None:
    series_id = booked(clinic)
    row = series_service.read(clinic.by, series_id, now=NOW)

    with pytest.raises(Refused) as refused:
        series_changes.complete(clinic.by, series_id, expected_version=row.version, now=NOW)

    assert {breach.visit for breach in refused.value.breaches} >= {"infusion-1", "session-2"}


def _chair_by_hand(series_id: str) -> None:
    """Another appointment's claim of the only chair, straight into the table."""
    infusion = live(series_id)["infusion-1"]
    claim = infusion.claims[0]
    other = live(series_id)["session-2"]
    db.session.add(
        appointments.ClaimRow(
            clinic_id=claim.clinic_id,
            appointment_id=other.id,
            bookable_id=claim.bookable_id,
            part="by hand",
            starts_at=claim.starts_at + timedelta(minutes=15),
            ends_at=claim.ends_at,
            exclusive=True,
        )
    )


def _patient_by_hand(series_id: str) -> None:
    """A second place for the patient at the same time, straight into the table."""
    rows = live(series_id)
    rows["session-1"].patient_from = rows["infusion-1"].patient_from
    rows["session-1"].patient_until = rows["infusion-1"].patient_until


@pytest.mark.parametrize("by_hand", [_chair_by_hand, _patient_by_hand])
def test_the_database_itself_refuses_a_double_booking(
    clinic: ShortClinic, by_hand: Callable[[str], None]
) -> None:
    series_id = booked(clinic)

    with (
        pytest.raises(Exception, match=r"no_two_at_once|within_capacity|patient_in_one_place|over"),
        transaction(),
    ):
        by_hand(series_id)


def test_a_pool_takes_as_many_as_it_holds_and_no_more(app: object) -> None:
    clinic = short_clinic(chairs=3, therapists=5)
    for number in range(3):
        booked(clinic, clinic.plan(therapist=number))
    fourth = clinic.enrolled()

    plan = clinic.plan(therapist=3)
    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, fourth, plan, expected_version=None, now=NOW)

    assert codes(refused) == {"no-capacity"}
    assert doctor.examine(now=NOW) == []


def test_a_plan_that_names_no_therapist_is_refused_and_says_so(app: object) -> None:
    clinic = short_clinic()
    series_id = clinic.enrolled()
    plan = replace(clinic.plan(), choices={})

    with pytest.raises(Refused) as refused:
        booking.book(clinic.by, series_id, plan, expected_version=None, now=NOW)

    assert codes(refused) == {"unknown-choice"}


@pytest.mark.breaks_on_purpose
def test_the_doctor_finds_a_visit_outside_the_patients_hours(app: object) -> None:
    clinic = short_clinic()
    series_id = booked(clinic)
    patient_id = series_service.read(clinic.by, series_id, now=NOW).patient_id
    with transaction():
        db.session.get_one(PatientRow, patient_id).away = [date(2027, 3, 2).isoformat()]

    found = doctor.examine(now=NOW)

    assert {finding.code for finding in found} == {"patient-unavailable"}
