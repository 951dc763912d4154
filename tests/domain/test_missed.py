from dataclasses import replace

import pytest

from server.domain.missed import Decision, Remedy, follow_up_of_missed
from server.domain.protocols import MissedRule
from tests.domain.clinic import NEW_YORK, SIX, at, placed

FIRST = {"infusion-1": placed("infusion-1", "2027-05-10 09:00")}
IN_TIME, TOO_LATE = "2027-05-13 11:15", "2027-05-16 00:00"


def missed(code, now, happened=FIRST, visits=SIX):
    return follow_up_of_missed(code, visits, happened, now=at(now), zone=NEW_YORK)


def test_an_infusion_missed_within_its_greatest_gap_keeps_its_ordinal_and_the_rest_follows():
    follow_up = missed("infusion-2", "2027-05-15 18:00")
    assert follow_up.remedy is Remedy.REPLAN
    assert follow_up.replan == ("infusion-2", "integration-2", "infusion-3")
    assert follow_up.decisions == ()


def test_an_infusion_missed_beyond_its_greatest_gap_is_for_a_prescriber_to_decide():
    follow_up = missed("infusion-2", "2027-05-16 00:00")
    assert follow_up.remedy is Remedy.PRESCRIBER_DECIDES
    assert follow_up.decisions == (Decision.RESUME, Decision.EXTEND, Decision.RESTART)
    assert follow_up.replan == ("infusion-2", "integration-2", "infusion-3")


def test_a_missed_integration_may_still_take_place_while_its_window_is_open():
    follow_up = missed("integration-1", "2027-05-13 11:15")
    assert follow_up.remedy is Remedy.REPLAN
    assert follow_up.replan[0] == "integration-1"


def test_psychotherapy_beyond_its_window_is_a_deviation_offered_with_the_next_infusion():
    follow_up = missed("integration-1", "2027-05-13 11:16")
    assert follow_up.remedy is Remedy.DEVIATION
    assert follow_up.pair_with == "infusion-2"
    assert follow_up.replan == ()


def test_the_next_infusion_to_pair_with_is_one_still_to_come():
    happened = FIRST | {"infusion-2": placed("infusion-2", "2027-05-13 09:00")}
    assert missed("integration-1", "2027-05-14 09:00", happened).pair_with == "infusion-3"


def test_after_the_last_infusion_there_is_nothing_to_pair_with():
    follow_up = missed("integration-1", "2027-05-14 09:00", visits=SIX[:2])
    assert follow_up.remedy is Remedy.DEVIATION
    assert follow_up.pair_with is None


def test_a_missed_check_in_is_recorded_and_never_paired_with_an_infusion():
    follow_up = missed("check-in-1", "2027-05-12 00:00")
    assert (follow_up.remedy, follow_up.pair_with) == (Remedy.DEVIATION, None)


def test_a_visit_that_took_place_was_not_missed():
    with pytest.raises(KeyError):
        missed("infusion-1", "2027-05-12 00:00")


def ruled(code, rule):
    return tuple(replace(each, if_missed=rule) if each.code == code else each for each in SIX)


@pytest.mark.parametrize("code", ["infusion-2", "integration-1"])
@pytest.mark.parametrize("now", [IN_TIME, TOO_LATE])
def test_where_the_protocol_says_so_a_prescriber_decides_at_once(code, now):
    visits = ruled(code, MissedRule.PRESCRIBER_DECIDES)
    assert missed(code, now, visits=visits).remedy is Remedy.PRESCRIBER_DECIDES


@pytest.mark.parametrize("rule", MissedRule)
def test_no_rule_of_a_protocol_moves_an_infusion_beyond_its_greatest_gap_by_itself(rule):
    follow_up = missed("infusion-2", TOO_LATE, visits=ruled("infusion-2", rule))
    assert follow_up.remedy is Remedy.PRESCRIBER_DECIDES


@pytest.mark.parametrize(
    ("rule", "now", "remedy"),
    [
        (MissedRule.RECORD_DEVIATION, IN_TIME, Remedy.REPLAN),
        (MissedRule.RECORD_DEVIATION, TOO_LATE, Remedy.DEVIATION),
        (MissedRule.KEEP_ORDINAL, IN_TIME, Remedy.REPLAN),
        (MissedRule.KEEP_ORDINAL, TOO_LATE, Remedy.PRESCRIBER_DECIDES),
    ],
)
def test_the_protocols_rule_for_a_missed_integration_is_kept(rule, now, remedy):
    assert missed("integration-1", now, visits=ruled("integration-1", rule)).remedy is remedy
