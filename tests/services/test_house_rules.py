"""A clinic's own habits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from server.services.clinic import house_rules
from server.services.clinic.house_rules import HouseRules
from server.services.refusals import NotAllowed, Stale
from tests.cast import Cast

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
WANTED = HouseRules(
    confirm_hours=48,
    ride_home_hours=24,
    evening=17 * 60,
    morning=6 * 60,
    noshow_after_minutes=30,
    offers_freed_times=False,
    digest_at=None,
)


def held(cast: Cast) -> HouseRules:
    row = house_rules.read(cast.nora.caller)
    return HouseRules(**{name: getattr(row, name) for name in vars(WANTED)})


def test_a_clinic_has_the_habits_it_set_and_no_other_has(cast: Cast) -> None:
    house_rules.change(cast.ana.caller, WANTED, expected_version=1, now=NOW)

    assert held(cast) == WANTED
    assert house_rules.read(cast.olga.caller).confirm_hours == 72


def test_of_two_who_saw_the_usual_habits_only_one_sets_them(cast: Cast) -> None:
    house_rules.change(cast.ana.caller, WANTED, expected_version=1, now=NOW)

    other = replace(WANTED, digest_at=480)
    with pytest.raises(Stale):
        house_rules.change(cast.ana.caller, other, expected_version=1, now=NOW)

    assert held(cast) == WANTED


def test_what_somebody_else_changed_is_not_overwritten(cast: Cast) -> None:
    house_rules.change(cast.ana.caller, WANTED, expected_version=1, now=NOW)
    seen = house_rules.read(cast.ana.caller).version
    other = replace(WANTED, digest_at=480)
    house_rules.change(cast.ana.caller, other, expected_version=seen, now=NOW)

    with pytest.raises(Stale):
        house_rules.change(cast.ana.caller, WANTED, expected_version=seen, now=NOW)

    assert held(cast) == other


def test_only_an_administrator_sets_them(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        house_rules.change(cast.theo.caller, WANTED, expected_version=1, now=NOW)
