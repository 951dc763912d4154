from datetime import date

import pytest
from flask import Flask

from server.services.clinic import clinics
from server.services.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from shared.vocabulary import Role
from tests.services.a_clinic import NOW, a_clinic, a_site, colleague

NEW_YEAR = date(2028, 1, 1)


def test_a_site_keeps_its_name_zone_and_grid(app: Flask) -> None:
    by = a_clinic()
    made = clinics.create_site(
        by, title="Riverside", time_zone="Australia/Lord_Howe", grid_minutes=10, now=NOW
    )

    row = clinics.site(by, made.id)

    assert (row.title, row.time_zone, row.grid_minutes) == ("Riverside", "Australia/Lord_Howe", 10)
    assert [each.id for each in clinics.sites(by)] == [made.id]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "EST5", "../etc/passwd", "America/new_york", "localtime", "\0"]
)
def test_a_zone_that_no_atlas_knows_is_refused(app: Flask, zone: str) -> None:
    by = a_clinic()

    with pytest.raises(Invalid) as refusal:
        clinics.create_site(by, title="Riverside", time_zone=zone, grid_minutes=15, now=NOW)

    assert [each.path for each in refusal.value.faults] == ["time_zone"]
    assert clinics.sites(by) == []


@pytest.mark.parametrize("minutes", [0, -5, 7, 60, 1440])
def test_a_grid_other_than_the_five_is_refused(app: Flask, minutes: int) -> None:
    with pytest.raises(Invalid, match="grid_minutes"):
        clinics.create_site(
            a_clinic(), title="Riverside", time_zone="UTC", grid_minutes=minutes, now=NOW
        )


def test_two_sites_of_a_clinic_cannot_bear_one_name(app: Flask) -> None:
    by = a_clinic()
    a_site(by, "Riverside")

    with pytest.raises(Conflict):
        a_site(by, "Riverside")


def test_two_clinics_may_each_have_a_site_of_one_name(app: Flask) -> None:
    a_site(a_clinic("Larkfield"), "Riverside")
    a_site(a_clinic("Moorgate"), "Riverside")


def test_a_site_that_changed_meanwhile_is_not_overwritten(app: Flask) -> None:
    by = a_clinic()
    site_id = a_site(by)
    facts = {"time_zone": "UTC", "grid_minutes": 15, "now": NOW}
    changed = clinics.change_site(by, site_id, title="Hillside", expected_version=1, **facts)

    with pytest.raises(Stale):
        clinics.change_site(by, site_id, title="Lakeside", expected_version=1, **facts)

    assert (changed.title, changed.version) == ("Hillside", 2)
    assert clinics.site(by, site_id).title == "Hillside"


def test_a_holiday_closes_a_site_once_and_counts_as_a_change_of_it(app: Flask) -> None:
    by = a_clinic()
    site_id = a_site(by)

    done = clinics.add_holiday(
        by, site_id, on=NEW_YEAR, title="New Year", expected_version=1, now=NOW
    )

    assert done.site.version == 2
    assert done.affected == []
    assert [each.on for each in clinics.holidays(by, site_id)] == [NEW_YEAR]
    with pytest.raises(Conflict):
        clinics.add_holiday(by, site_id, on=NEW_YEAR, title="Again", expected_version=2, now=NOW)


def test_a_holiday_taken_back_is_gone(app: Flask) -> None:
    by = a_clinic()
    site_id = a_site(by)
    done = clinics.add_holiday(
        by, site_id, on=NEW_YEAR, title="New Year", expected_version=1, now=NOW
    )
    assert done.holiday

    clinics.remove_holiday(by, site_id, done.holiday.id, expected_version=2, now=NOW)

    assert clinics.holidays(by, site_id) == []
    with pytest.raises(NotFound):
        clinics.remove_holiday(by, site_id, done.holiday.id, expected_version=3, now=NOW)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_changes_the_clinic(app: Flask, role: Role) -> None:
    by = a_clinic()
    site_id = a_site(by)
    other = colleague(by, role)

    with pytest.raises(NotAllowed):
        a_site(other, "Hillside")
    with pytest.raises(NotAllowed):
        clinics.add_holiday(other, site_id, on=NEW_YEAR, title="", expected_version=1, now=NOW)


def test_someone_from_another_clinic_sees_nothing(app: Flask) -> None:
    site_id = a_site(a_clinic("Larkfield"))
    stranger = a_clinic("Moorgate")

    assert clinics.sites(stranger) == []
    with pytest.raises(NotFound):
        clinics.site(stranger, site_id)
    with pytest.raises(NotFound):
        clinics.holidays(stranger, site_id)
    with pytest.raises(NotFound):
        clinics.add_holiday(stranger, site_id, on=NEW_YEAR, title="", expected_version=1, now=NOW)
    with pytest.raises(NotFound):
        clinics.change_site(
            stranger,
            site_id,
            title="Ours",
            time_zone="UTC",
            grid_minutes=15,
            expected_version=1,
            now=NOW,
        )
