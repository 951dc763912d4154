from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from server.domain.calendars import WeeklyHours
from server.persistence.audit import AuditEventRow
from server.persistence.database import db
from server.services.access import Caller
from server.services.people import patients
from server.services.people.patients import PatientDetails
from server.services.refusals import Invalid, NotAllowed, NotFound, Stale
from shared.vocabulary import DayPart, Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague


def details(by: Caller, name: str = "Robin Example", **more) -> PatientDetails:
    return PatientDetails(site_id=more.pop("site_id", None) or a_site(by), full_name=name, **more)


def events() -> list[tuple[str, str | None]]:
    query = select(AuditEventRow).where(AuditEventRow.patient_id.is_not(None))
    return [(row.action, row.patient_id) for row in db.session.scalars(query)]


def test_everything_written_down_of_a_patient_is_read_back(app: Flask) -> None:
    by = a_clinic()
    given = details(
        by,
        "Zoë O’Neill-Ångström 🌱",
        language="fr",
        email="zoe@example.org",
        phone="+1 555 0100",
        contact_name="Sam",
        contact_phone="+1 555 0101",
        prefers=DayPart.MORNING,
        weekly=(WeeklyHours(days=(0, 2), opens=540, closes=1020),),
        away=frozenset({date(2027, 4, 2), date(2027, 4, 1)}),
    )

    row = patients.patient(by, patients.create(by, given, now=NOW).id, now=NOW)

    assert (row.full_name, row.language, row.prefers) == (given.full_name, "fr", "morning")
    assert (row.email, row.phone) == ("zoe@example.org", "+1 555 0100")
    assert (row.contact_name, row.contact_phone) == ("Sam", "+1 555 0101")
    assert row.weekly_hours() == given.weekly
    assert row.away == ["2027-04-01", "2027-04-02"]


def test_always_free_and_never_free_are_not_the_same(app: Flask) -> None:
    by = a_clinic()
    always = details(by)

    free = patients.create(by, always, now=NOW)
    never = patients.create(by, replace(always, weekly=()), now=NOW)

    assert free.weekly_hours() is None
    assert never.weekly_hours() == ()


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        pytest.param("zoe", ["Zoë Ångström"], id="without accents"),
        pytest.param("ANGSTROM", ["Zoë Ångström"], id="in capitals"),
        pytest.param("100%", ["100% Sure"], id="a sign that means anything in SQL"),
        pytest.param("_", [], id="another such sign"),
        pytest.param("strasse", ["Jo Straße"], id="sharp s"),
        pytest.param("", ["100% Sure", "Jo Straße", "Zoë Ångström"], id="nothing finds all"),
        pytest.param("' OR 1=1 --", [], id="an attempt at SQL"),
    ],
)
def test_a_patient_is_found_by_part_of_the_name(app: Flask, typed: str, finds: list[str]) -> None:
    by = a_clinic()
    like = details(by)
    for name in ("Zoë Ångström", "100% Sure", "Jo Straße"):
        patients.create(by, replace(like, full_name=name), now=NOW)

    found, total = patients.patients(by, name=typed, now=NOW)

    assert [row.full_name for row in found] == finds
    assert total == len(finds)


def test_the_list_comes_in_pages_and_can_be_of_one_site(app: Flask) -> None:
    by = a_clinic()
    river, hill = a_site(by, "Riverside"), a_site(by, "Hillside")
    for number in range(5):
        patients.create(by, details(by, f"R{number}", site_id=river), now=NOW)
    patients.create(by, details(by, "H", site_id=hill), now=NOW)

    found, total = patients.patients(by, site_id=river, page=2, page_size=2, now=NOW)

    assert ([row.full_name for row in found], total) == (["R2", "R3"], 5)


def test_whoever_looks_at_a_patient_is_on_record(app: Flask) -> None:
    by = a_clinic()
    row = patients.create(by, details(by), now=NOW)

    patients.patient(by, row.id, now=NOW)
    patients.patients(by, now=NOW)

    assert events() == [
        ("patients.create", row.id),
        ("patients.read", row.id),
        ("patients.list", row.id),
    ]


def test_a_changed_name_is_found_by_its_new_spelling(app: Flask) -> None:
    by = a_clinic()
    first = details(by, "Robin Example")
    row = patients.create(by, first, now=NOW)

    patients.change(
        by, row.id, replace(first, full_name="Robin Sample"), expected_version=1, now=NOW
    )

    assert patients.patients(by, name="example", now=NOW) == ([], 0)
    assert patients.patients(by, name="sample", now=NOW)[1] == 1


def test_a_patient_that_changed_meanwhile_is_not_overwritten(app: Flask) -> None:
    by = a_clinic()
    first = details(by)
    row = patients.create(by, first, now=NOW)
    patients.change(by, row.id, replace(first, phone="1"), expected_version=1, now=NOW)

    with pytest.raises(Stale):
        patients.change(by, row.id, replace(first, phone="2"), expected_version=1, now=NOW)

    assert patients.patient(by, row.id, now=NOW).phone == "1"


def test_a_site_of_another_clinic_is_no_site(app: Flask) -> None:
    theirs = a_site(a_clinic("Moorgate"))
    by = a_clinic("Larkfield")

    with pytest.raises(Invalid, match="site_id"):
        patients.create(by, details(by, site_id=theirs), now=NOW)


def test_hours_that_cannot_be_are_refused(app: Flask) -> None:
    by = a_clinic()
    backwards = (WeeklyHours(days=(0,), opens=600, closes=540),)

    with pytest.raises(Invalid, match=r"weekly\.0\.closes"):
        patients.create(by, details(by, weekly=backwards), now=NOW)

    assert patients.patients(by, now=NOW) == ([], 0)


def test_a_therapist_without_a_caseload_sees_nobody(app: Flask) -> None:
    by = a_clinic()
    row = patients.create(by, details(by), now=NOW)
    therapist = colleague(by, Role.THERAPIST, practitioner_id="0" * 32)

    assert patients.patients(therapist, now=NOW) == ([], 0)
    with pytest.raises(NotFound):
        patients.patient(therapist, row.id, now=NOW)


def test_a_patient_reads_their_own_details_and_nobody_elses(app: Flask) -> None:
    by = a_clinic()
    like = details(by)
    mine, other = (patients.create(by, like, now=NOW) for _ in range(2))
    me = colleague(by, Role.PATIENT, patient_id=mine.id)

    assert patients.patient(me, mine.id, now=NOW).id == mine.id
    with pytest.raises(NotFound):
        patients.patient(me, other.id, now=NOW)
    with pytest.raises(NotAllowed):
        patients.patients(me, now=NOW)
    with pytest.raises(NotAllowed):
        patients.change(me, mine.id, like, expected_version=1, now=NOW)


def test_someone_from_another_clinic_sees_nothing(app: Flask) -> None:
    by = a_clinic("Larkfield")
    first = details(by)
    row = patients.create(by, first, now=NOW)
    stranger = a_clinic("Moorgate")

    assert patients.patients(stranger, now=NOW) == ([], 0)
    with pytest.raises(NotFound):
        patients.patient(stranger, row.id, now=NOW)
    with pytest.raises(NotFound):
        patients.change(stranger, row.id, first, expected_version=1, now=NOW)
    assert events() == [("patients.create", row.id)]
