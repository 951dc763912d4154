from datetime import date

import pytest
from flask import Flask

from server.services.clinic import bookables
from server.services.people import practitioners
from server.services.people.practitioners import Credential, NewPractitioner
from server.services.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from shared.vocabulary import BookableKind, Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague

LICENCE = Credential(title="Licence", expires_on=date(2028, 5, 31))


def test_a_therapist_can_be_claimed_as_soon_as_they_are_added(app: Flask) -> None:
    by = a_clinic()
    site_id = a_site(by)
    new = NewPractitioner(
        title="Zoë Ångström", role=Role.THERAPIST, site_id=site_id, credentials=(LICENCE,)
    )

    made = practitioners.create(by, new, now=NOW)

    row = practitioners.practitioner(by, made.id)
    assert row.bookable
    assert (row.bookable.code, row.bookable.kind) == ("zoe-angstrom", BookableKind.THERAPIST)
    assert (row.bookable.site_id, row.bookable.capacity) == (site_id, 1)
    assert [(each.title, each.expires_on) for each in row.credentials] == [
        ("Licence", date(2028, 5, 31))
    ]


def test_a_nurse_is_claimed_from_the_pool_and_so_has_no_bookable(app: Flask) -> None:
    by = a_clinic()

    row = practitioners.create(by, NewPractitioner(title="Ana", role=Role.NURSE), now=NOW)

    assert row.bookable is None
    assert bookables.bookables(by) == ([], 0)


def test_the_second_of_a_name_gets_a_code_of_their_own(app: Flask) -> None:
    by = a_clinic()
    new = NewPractitioner(title="Ana Bo", role=Role.PRESCRIBER)

    codes = [practitioners.create(by, new, now=NOW).bookable for _ in range(3)]

    assert [each.code for each in codes if each] == ["ana-bo", "ana-bo-2", "ana-bo-3"]


def test_a_name_in_another_script_still_gets_a_code(app: Flask) -> None:
    row = practitioners.create(
        a_clinic(), NewPractitioner(title="山田花子", role=Role.THERAPIST), now=NOW
    )

    assert row.bookable
    assert row.bookable.code == "practitioner"


def test_a_code_that_is_taken_is_refused_and_nobody_is_added(app: Flask) -> None:
    by = a_clinic()
    new = NewPractitioner(title="Ana", role=Role.THERAPIST, code="th-1")
    practitioners.create(by, new, now=NOW)

    with pytest.raises(Conflict):
        practitioners.create(by, new, now=NOW)

    assert practitioners.practitioners(by)[1] == 1


@pytest.mark.parametrize("role", [Role.PATIENT, Role.FRONT_DESK, Role.ADMINISTRATOR])
def test_only_those_who_treat_are_practitioners(app: Flask, role: Role) -> None:
    with pytest.raises(Invalid, match="role"):
        practitioners.create(a_clinic(), NewPractitioner(title="Ana", role=role), now=NOW)


def test_renewing_a_licence_replaces_it_and_renaming_follows_to_the_calendar(app: Flask) -> None:
    by = a_clinic()
    new = NewPractitioner(title="Ana", role=Role.THERAPIST, credentials=(LICENCE,))
    made = practitioners.create(by, new, now=NOW)
    renewed = Credential(title="Licence", expires_on=date(2030, 5, 31))

    done = practitioners.change(
        by, made.id, title="Ana Bo", credentials=[renewed], expected_version=1, now=NOW
    )

    row = practitioners.practitioner(by, made.id)
    assert [each.expires_on for each in row.credentials] == [date(2030, 5, 31)]
    assert (row.title, row.version, done.affected) == ("Ana Bo", 2, [])
    assert row.bookable
    assert row.bookable.title == "Ana Bo"


def test_a_credential_named_twice_is_refused(app: Flask) -> None:
    by = a_clinic()
    made = practitioners.create(by, NewPractitioner(title="Ana", role=Role.NURSE), now=NOW)

    with pytest.raises(Invalid, match="credentials"):
        practitioners.change(
            by, made.id, title="Ana", credentials=[LICENCE] * 2, expected_version=1, now=NOW
        )


def test_a_practitioner_that_changed_meanwhile_is_not_overwritten(app: Flask) -> None:
    by = a_clinic()
    made = practitioners.create(by, NewPractitioner(title="Ana", role=Role.NURSE), now=NOW)
    change = {"title": "Bo", "credentials": [], "expected_version": 1, "now": NOW}
    practitioners.change(by, made.id, **change)

    with pytest.raises(Stale):
        practitioners.change(by, made.id, **change)


def test_therapists_read_the_list_but_do_not_add_to_it(app: Flask) -> None:
    by = a_clinic()
    therapist = colleague(by, Role.THERAPIST)

    assert practitioners.practitioners(therapist) == ([], 0)
    with pytest.raises(NotAllowed):
        practitioners.create(therapist, NewPractitioner(title="A", role=Role.NURSE), now=NOW)


def test_someone_from_another_clinic_sees_nothing(app: Flask) -> None:
    made = practitioners.create(
        a_clinic("Larkfield"), NewPractitioner(title="Ana", role=Role.THERAPIST), now=NOW
    )
    stranger = a_clinic("Moorgate")

    assert practitioners.practitioners(stranger) == ([], 0)
    with pytest.raises(NotFound):
        practitioners.practitioner(stranger, made.id)
    with pytest.raises(NotFound):
        practitioners.change(
            stranger, made.id, title="X", credentials=[], expected_version=1, now=NOW
        )
