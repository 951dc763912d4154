from datetime import date

import pytest
from flask import Flask

from server.domain.calendars import WeeklyHours
from server.services.access import Caller
from server.services.clinic import availability, bookables, imports
from server.services.clinic.imported import Outcome
from server.services.people import patients, practitioners
from server.services.refusals import Invalid, NotAllowed
from shared.vocabulary import BookableKind, Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague

PEOPLE = """kind,name,site,email,phone,prefers,code,credential,credential_expires_on
patient,Zoë Ångström,Riverside,ZOE@example.org,'+1 555 0100,morning,,,
patient,Robin Example,riverside,,,,,,
Therapist,Ana Bo,,,,,th-1,Licence,2028-05-31
nurse,Sam Lee,Riverside,,,,,,
"""


def run(by: Caller, text: str, *, dry_run: bool = False) -> Outcome:
    return imports.people(by, text, dry_run=dry_run, now=NOW)


def headcount(by: Caller) -> tuple[int, int]:
    return patients.patients(by, now=NOW)[1], practitioners.practitioners(by)[1]


@pytest.fixture
def by(app: Flask) -> Caller:
    found = a_clinic()
    a_site(found, "Riverside")
    return found


def test_a_table_of_people_is_added_whole(by: Caller) -> None:
    done = run(by, PEOPLE)

    assert (done.rows, done.added) == (4, {"patient": 2, "therapist": 1, "nurse": 1})
    robin, zoe = patients.patients(by, now=NOW)[0]
    assert (zoe.email, zoe.phone, zoe.prefers) == ("zoe@example.org", "+1 555 0100", "morning")
    assert (robin.language, robin.email, robin.weekly) == ("en", "", None)
    ana = practitioners.practitioners(by)[0][0]
    assert ana.bookable
    assert (ana.bookable.code, ana.bookable.site_id) == ("th-1", None)
    assert [each.expires_on for each in ana.credentials] == [date(2028, 5, 31)]


def test_a_dry_run_says_what_would_happen_and_adds_nobody(by: Caller) -> None:
    looked = run(by, PEOPLE, dry_run=True)

    assert looked.added == {"patient": 2, "therapist": 1, "nurse": 1}
    assert headcount(by) == (0, 0)
    assert run(by, PEOPLE).added == looked.added


def test_one_bad_row_among_many_and_nobody_is_added(by: Caller) -> None:
    bad = PEOPLE + "patient,Kim,Nowhere,,,,,,\n"

    with pytest.raises(Invalid) as refusal:
        run(by, bad)

    assert [(each.path, each.reason) for each in refusal.value.faults] == [
        ("csv.6.site", "there is no site of that name")
    ]
    assert headcount(by) == (0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("robot,Kim,Riverside,,,,,,", "kind", id="nobody's kind"),
        pytest.param("patient,,Riverside,,,,,,", "name", id="no name"),
        pytest.param(f"patient,{'x' * 201},Riverside,,,,,,", "name", id="too long a name"),
        pytest.param("patient,K\x07im,Riverside,,,,,,", "name", id="a bell in a name"),
        pytest.param("patient,Kim,,,,,,,", "site", id="a patient without a site"),
        pytest.param("nurse,Kim,Nowhere,,,,,,", "site", id="an unknown site"),
        pytest.param("patient,Kim,Riverside,not an address,,,,,", "email", id="a bad address"),
        pytest.param("patient,Kim,Riverside,,,noon,,,", "prefers", id="another time of day"),
        pytest.param("patient,Kim,Riverside,,,,th-9,,", "code", id="a patient with a code"),
        pytest.param("nurse,Kim,,a@b.org,,,,,", "email", id="a nurse with an address"),
        pytest.param("therapist,Kim,,,,,TH 9,,", "code", id="a code with a space"),
        pytest.param("therapist,Kim,,,,,,L,31.12.2028", "credential_expires_on", id="a bad date"),
        pytest.param("therapist,Kim,,,,,,L,2028-02-30", "credential_expires_on", id="no such date"),
    ],
)
def test_a_bad_cell_is_named_by_its_row_and_column(by: Caller, row: str, column: str) -> None:
    done = run(by, PEOPLE + row, dry_run=True)

    assert [(each.row, each.column) for each in done.faults] == [(6, column)]


def test_the_same_person_twice_in_a_table_is_named_with_both_rows(by: Caller) -> None:
    done = run(by, PEOPLE + "patient,robin  EXAMPLE,Riverside,,,,,,\n", dry_run=True)

    assert [(each.row, each.reason) for each in done.faults] == [
        (6, "the same person is in row 3 already")
    ]


def test_two_patients_of_one_name_differ_by_how_they_are_reached(by: Caller) -> None:
    other = "patient,Robin Example,Riverside,other@example.org,,,,,\n"

    assert run(by, PEOPLE + other).added["patient"] == 3


def test_the_same_table_again_adds_nobody_twice(by: Caller) -> None:
    run(by, PEOPLE)

    with pytest.raises(Invalid) as refusal:
        run(by, PEOPLE)

    assert len(refusal.value.faults) == 4
    assert headcount(by) == (2, 2)


def test_a_code_that_is_taken_is_named(by: Caller) -> None:
    done = run(by, PEOPLE + "prescriber,Kim,,,,,th-1,,\n", dry_run=True)

    assert [each.row for each in done.faults] == [6]
    assert "th-1" in done.faults[0].reason


def test_a_table_that_cannot_be_read_is_a_fault_like_any_other(by: Caller) -> None:
    looked = run(by, "name\nKim", dry_run=True)

    assert [(each.row, each.column) for each in looked.faults] == [(1, "kind")]
    with pytest.raises(Invalid, match=r"csv\.1\.kind"):
        run(by, "name\nKim")


HOURS = """bookable;site;days;opens;closes;capacity
chairs;Riverside;mon-fri;08:00;18:00;2
chairs;Riverside;sat, sun;10:00;14:00;
"""


@pytest.fixture
def chairs(by: Caller) -> str:
    site_id = a_site(by, "Hillside")
    for site, code in ((site_id, "chairs"), (site_id, "room-1")):
        _bookable(by, site, code)
    return _bookable(by, a_site(by, "Lakeside"), "chairs")


def _bookable(by: Caller, site_id: str, code: str) -> str:
    return bookables.create(
        by,
        kind=BookableKind.CHAIR,
        code=code,
        title=code,
        site_id=site_id,
        capacity=2,
        now=NOW,
    ).id


def test_hours_in_a_table_replace_those_of_each_bookable_named(by: Caller, chairs: str) -> None:
    availability.set_weekly(
        by,
        chairs,
        [WeeklyHours(days=(0,), opens=0, closes=60)],
        expected_version=1,
        now=NOW,
    )

    imports.availability(by, HOURS.replace("Riverside", "Lakeside"), dry_run=False, now=NOW)

    row = bookables.bookable(by, chairs)
    assert [each.to_domain() for each in row.weekly] == [
        WeeklyHours(days=(0, 1, 2, 3, 4), opens=480, closes=1080, capacity=2),
        WeeklyHours(days=(5, 6), opens=600, closes=840),
    ]
    assert row.version == 3


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("sofa;Lakeside;mon;08:00;18:00;1", "bookable", id="an unknown code"),
        pytest.param("chairs;;mon;08:00;18:00;1", "bookable", id="a code of two sites"),
        pytest.param("chairs;Mars;mon;08:00;18:00;1", "site", id="an unknown site"),
        pytest.param("chairs;Lakeside;funday;08:00;18:00;1", "days", id="no weekday"),
        pytest.param("chairs;Lakeside;fri-mon;08:00;18:00;1", "days", id="backwards"),
        pytest.param("chairs;Lakeside;;08:00;18:00;1", "days", id="never"),
        pytest.param("chairs;Lakeside;mon;8;18:00;1", "opens", id="no time"),
        pytest.param("chairs;Lakeside;mon;08:00;25:00;1", "closes", id="after midnight"),
        pytest.param("chairs;Lakeside;mon;08:00;08:00;1", "closes", id="no length"),
        pytest.param("chairs;Lakeside;mon;08:00;18:00;3", "capacity", id="more than there are"),
        pytest.param("chairs;Lakeside;mon;08:00;18:00;two", "capacity", id="no number"),
        pytest.param("chairs;Lakeside;mon;08:00;18:00;٣", "capacity", id="another digit"),
    ],
)
def test_bad_hours_are_named_and_no_hours_change(
    by: Caller, chairs: str, row: str, column: str
) -> None:
    good = "room-1;Hillside;mon-fri;08:00;18:00;1\n"
    table = "bookable;site;days;opens;closes;capacity\n" + good + row

    with pytest.raises(Invalid) as refusal:
        imports.availability(by, table, dry_run=False, now=NOW)

    assert [each.path for each in refusal.value.faults] == [f"csv.3.{column}"]
    assert all(not row.weekly for row in bookables.bookables(by)[0])


def test_the_same_hours_twice_are_named(by: Caller, chairs: str) -> None:
    twice = HOURS.replace("Riverside", "Lakeside") + "chairs;Lakeside;sun sat;10:00;14:00;1\n"

    done = imports.availability(by, twice, dry_run=True, now=NOW)

    assert [(each.row, each.reason) for each in done.faults] == [(4, "the same as row 3")]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_imports(by: Caller, role: Role) -> None:
    with pytest.raises(NotAllowed):
        run(colleague(by, role), PEOPLE, dry_run=True)


def test_someone_from_another_clinic_sees_nothing(by: Caller, chairs: str) -> None:
    stranger = a_clinic("Moorgate")

    done = imports.availability(stranger, HOURS.replace("Riverside", ""), dry_run=True, now=NOW)

    assert {each.reason for each in done.faults} == {"there is nothing of that code"}
    assert {each.column for each in run(stranger, PEOPLE, dry_run=True).faults} == {"site"}
