"""What holds of every plan whatever, found wrong or right."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.domain.breaches import sentence
from server.domain.calendars import Busy, Claim, PatientTimes
from server.domain.claims import stretches, taken
from server.domain.placement import Placement, SeriesPlan
from tests.domain.clinic import (
    BOOKABLES,
    NOW,
    SERIES,
    TIMES,
    VISITS,
    at,
    calendar,
    codes,
    plan,
    proved,
)

MONDAY = at("2027-05-10 00:00").astimezone(UTC)
QUARTER = timedelta(minutes=15)

names = st.sampled_from([*(each.code for each in VISITS), "infusion-9", "", "\x00"])
anybody = st.sampled_from([*(each.id for each in BOOKABLES), "nobody", ""])
choices = st.dictionaries(st.sampled_from(["therapist", "prescriber", "room"]), anybody)
believable = st.integers(0, 5 * 96).map(lambda quarters: MONDAY + quarters * QUARTER)
whenever = believable | st.datetimes(timezones=st.none() | st.timezones() | st.just(UTC))
placements = st.builds(Placement, visit=names, starts_at=whenever, choices=choices)
any_plan = st.builds(
    SeriesPlan, placements=st.lists(placements, max_size=7).map(tuple), choices=choices
)
claims = st.lists(
    st.builds(
        lambda code, starts_at, quarters, units: Claim(
            bookable_id=code,
            starts_at=starts_at,
            ends_at=starts_at + quarters * QUARTER,
            units=units,
        ),
        anybody,
        believable,
        st.integers(0, 30),
        st.integers(0, 3),
    ),
    max_size=12,
)
times = st.fixed_dictionaries({each.code: believable for each in VISITS})
nearly_right = st.fixed_dictionaries(
    {
        code: st.integers(-6, 6).map(lambda quarters, when=when: at(when) + quarters * QUARTER)
        for code, when in TIMES.items()
    }
)


def whole(starts):
    """A plan of every visit once, at these times."""
    return plan(
        placements=tuple(replace(each, starts_at=starts[each.visit]) for each in plan().placements)
    )


def which(found):
    """Breaches without those facts that only describe them further."""
    return {
        (*each, breach.facts.get("bookable"))
        for each, breach in zip(codes(found), found, strict=True)
    }


@given(a_plan=any_plan, others=claims)
def test_any_plan_at_all_is_proved_and_every_breach_of_it_is_a_sentence(a_plan, others):
    for breach in proved(a_plan, calendar(*others)):
        assert sentence(breach).endswith(".")


@given(a_plan=any_plan, data=st.data())
def test_the_order_of_placements_changes_nothing(a_plan, data):
    shuffled = tuple(data.draw(st.permutations(a_plan.placements)))
    assert proved(replace(a_plan, placements=shuffled)) == proved(a_plan)


@given(starts=times, others=claims, data=st.data())
def test_one_claim_less_never_breaks_a_rule(starts, others, data):
    fewer = list(others)
    if fewer:
        fewer.pop(data.draw(st.integers(0, len(fewer) - 1)))
    before, after = (proved(whole(starts), calendar(*each)) for each in (others, fewer))
    assert which(after) <= which(before)


@given(starts=times, others=claims)
def test_the_order_and_zone_of_claims_change_nothing(starts, others):
    here = proved(whole(starts), calendar(*others))
    zone = calendar().zone
    there = [
        replace(
            each,
            starts_at=each.starts_at.astimezone(zone),
            ends_at=each.ends_at.astimezone(zone),
        )
        for each in reversed(others)
    ]
    assert proved(whole(starts), calendar(*there)) == here


@given(starts=times)
def test_one_appointment_of_the_patient_less_never_breaks_a_rule(starts):
    busy = Busy(starts_at=MONDAY, ends_at=MONDAY + timedelta(days=2))
    fewer = proved(whole(starts))
    assert not Counter(codes(fewer)) - Counter(
        codes(proved(whole(starts), patient=PatientTimes(busy=(busy,))))
    )


@given(starts=nearly_right)
def test_a_plan_that_stands_still_stands_with_any_of_its_visits_fixed(starts):
    a_plan = whole(starts)
    assume(proved(a_plan) == [])
    for fixed in a_plan.placements:
        rest = tuple(each for each in a_plan.placements if each is not fixed)
        assert proved(replace(a_plan, placements=rest), fixed={fixed.visit: fixed}) == []


@settings(max_examples=150)
@given(starts=times, others=claims)
def test_what_is_short_is_what_a_walk_through_the_day_finds_short(starts, others):
    found = which(proved(whole(starts), calendar(*others)))
    short = {(visit, kind, code) for visit, kind, code in found if kind in SHORTAGES}
    assert short == walked(starts, others)


SHORTAGES = {"no-capacity", "outside-hours", "nobody-on-site"}
CAPACITY = {each.id: each.weekly[0].capacity for each in BOOKABLES}
WHO = {"therapist": "th-1", "prescriber": "dr-a"}


def walked(starts, others):
    """Every quarter of an hour of every part, counted by itself; all open weekdays 8 to 18."""
    own = [
        (visit.code, each.claim)
        for visit in VISITS
        for each in taken(visit, starts[visit.code], WHO)
    ]
    found = set()
    for visit, need in own:
        moment = need.starts_at
        while moment < need.ends_at:
            load = sum(
                each.units
                for each in (*others, *(each for _, each in own))
                if each.bookable_id == need.bookable_id and each.starts_at <= moment < each.ends_at
            )
            found |= {(visit, kind, need.bookable_id) for kind in shortage(need, moment, load)}
            moment += QUARTER
    return found


def shortage(need: Claim, moment: datetime, load: int) -> set[str]:
    clock = moment.astimezone(NOW.tzinfo)
    if not (clock.weekday() < 5 and 8 <= clock.hour < 18):
        return {"outside-hours" if need.units else "nobody-on-site"}
    return {"no-capacity"} if need.units and load > CAPACITY[need.bookable_id] else set()


def test_the_walk_knows_the_same_visits_as_the_proof():
    assert {each.part.name for each in stretches(VISITS[1], MONDAY)} == {
        *("preparation", "infusion", "observation", "turnover")
    }
    assert proved(whole({each.visit: each.starts_at for each in plan().placements})) == []
    assert SERIES.visits == VISITS
