from dataclasses import replace
from itertools import product

import pytest

from server.domain.breaches import Refused, sentence
from server.domain.series import (
    APPOINTMENT_CHANGES,
    PLANNED_VISIT_CHANGES,
    SERIES_CHANGES,
    NotAllowedChange,
    change,
    due_windows,
    followers,
    is_complete,
    overdue,
    resumed,
    unpaired,
    without,
)
from server.domain.windows import Span
from shared.vocabulary import (
    LIVE_APPOINTMENT,
    AppointmentStatus,
    PlannedVisitStatus,
    SeriesStatus,
)
from tests.domain.clinic import (
    NEW_YORK,
    SIX,
    VISITS,
    at,
    days,
    hours_after_end,
    infusion,
    placed,
    plan,
    proved,
)

FIRST = {"infusion-1": placed("infusion-1", "2027-05-10 09:00")}
TABLES = (SERIES_CHANGES, APPOINTMENT_CHANGES, PLANNED_VISIT_CHANGES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: type(next(iter(table))).__name__)
def test_every_status_says_what_may_follow_and_nothing_else_is_let_through(table):
    statuses = set(type(next(iter(table))))
    assert set(table) == statuses
    for before, after in product(statuses, repeat=2):
        if after in table[before]:
            assert change(before, after) is after
        else:
            with pytest.raises(NotAllowedChange) as refused:
                change(before, after)
            assert (refused.value.before, refused.value.after) == (before, after)


def test_a_refused_change_names_both_statuses():
    with pytest.raises(Refused) as refused:
        change(SeriesStatus.REVOKED, SeriesStatus.ACTIVE)
    (breach,) = refused.value.breaches
    assert breach.code == "not-allowed-change"
    assert sentence(breach) == "A series that is revoked cannot become active."


def test_what_was_revoked_completed_or_cancelled_stays_so():
    for table in TABLES:
        for status, allowed in table.items():
            assert (not allowed) == (status in {"revoked", "completed", "cancelled"})


def test_what_took_place_can_only_be_taken_back_to_being_under_way():
    assert APPOINTMENT_CHANGES[AppointmentStatus.FULFILLED] == {AppointmentStatus.ARRIVED}


def test_an_appointment_that_gave_up_its_claims_takes_them_back_only_if_it_took_place_after_all():
    for before, allowed in APPOINTMENT_CHANGES.items():
        if before not in LIVE_APPOINTMENT and before is not AppointmentStatus.PROPOSED:
            mended = {AppointmentStatus.FULFILLED} if before == "noshow" else set()
            assert allowed & LIVE_APPOINTMENT == mended


def test_a_series_is_complete_when_all_that_was_not_revoked_took_place():
    done, revoked = PlannedVisitStatus.COMPLETED, PlannedVisitStatus.REVOKED
    assert is_complete([done, done])
    assert is_complete([done, revoked])
    assert not is_complete([done, PlannedVisitStatus.ACTIVE])
    assert not is_complete([done, PlannedVisitStatus.ON_HOLD])


def test_a_series_is_not_complete_while_a_prescriber_has_yet_to_decide():
    assert not is_complete([PlannedVisitStatus.COMPLETED, PlannedVisitStatus.DRAFT])


def test_a_series_of_which_nothing_took_place_is_not_complete():
    assert not is_complete([])
    assert not is_complete([PlannedVisitStatus.REVOKED])


def test_all_that_hangs_on_a_moved_visit_follows_it():
    assert followers("infusion-2", SIX) == ("integration-2", "infusion-3")
    assert followers("infusion-3", SIX) == ()
    assert followers("infusion-1", SIX) == tuple(
        each.code for each in SIX if each.code != "infusion-1"
    )


def test_a_moved_infusion_and_its_integration_can_hang_on_each_other():
    mutual = (
        replace(SIX[0], windows=(days("integration-1", -3, -1),)),
        SIX[1],
    )
    assert followers("infusion-1", mutual) == ("integration-1",)


def test_an_infusion_booked_without_its_integration_is_unpaired():
    assert unpaired(SIX, {"infusion-1", "integration-1", "infusion-2"}) == ("infusion-2",)


def test_an_infusion_with_no_psychotherapy_of_its_own_is_not_unpaired():
    assert unpaired(SIX, {"infusion-3"}) == ()


def test_an_infusion_without_a_time_is_not_unpaired():
    assert unpaired(SIX, {"integration-1"}) == ()


def test_visits_are_due_from_what_took_place():
    due = due_windows(SIX, FIRST, NEW_YORK)
    assert "infusion-1" not in due
    assert due["integration-1"].span == Span(
        opens_at=at("2027-05-11 11:15"), closes_at=at("2027-05-13 11:15")
    )
    second = due["infusion-2"]
    assert (second.span.opens_on, second.span.closes_on) == (
        at("2027-05-12 00:00").date(),
        at("2027-05-15 00:00").date(),
    )
    assert second.waits_for == ("integration-1",)
    assert due["infusion-3"].waits_for == ("infusion-2", "integration-2")


def test_of_several_windows_the_narrowest_bounds_hold():
    narrow = replace(SIX[1], windows=(*SIX[1].windows, hours_after_end("infusion-1", 30, 96)))
    due = due_windows((SIX[0], narrow), FIRST, NEW_YORK)["integration-1"]
    assert due.span.opens_at == at("2027-05-11 17:15")
    assert due.span.closes_at == at("2027-05-13 11:15")


def test_the_wished_day_of_a_due_visit_is_its_windows_target():
    aimed = infusion("infusion-2", days("infusion-1", 2, 5, target=3))
    due = due_windows((SIX[0], aimed), FIRST, NEW_YORK)["infusion-2"]
    assert due.target_on == at("2027-05-13 00:00").date()


def test_after_a_hold_the_visits_whose_windows_closed_meanwhile_are_named():
    assert overdue(SIX, FIRST, now=at("2027-05-13 12:00"), zone=NEW_YORK) == (
        "integration-1",
        "check-in-1",
    )
    assert overdue(SIX, FIRST, now=at("2027-05-11 12:00"), zone=NEW_YORK) == ()


def test_a_resumed_infusion_has_no_latest_day_but_is_never_closer_than_the_least_gap():
    series = (*VISITS[:3], resumed(VISITS[3]))
    late = plan({"infusion-2": "2027-06-14 09:00"})
    assert [each.code for each in proved(late)] == ["outside-window"]
    assert proved(late, visits=series) == []
    close = plan({"infusion-2": "2027-05-11 13:00"})
    assert [each.code for each in proved(close, visits=series)] == ["outside-window"]


def test_an_integration_given_up_no_longer_holds_up_the_next_infusion():
    left = {each.code: each for each in without("integration-1", SIX)}
    assert "integration-1" not in left
    assert [window.anchor for window in left["infusion-2"].windows] == ["infusion-1"]


def test_an_infusion_is_never_given_up_without_a_prescriber():
    with pytest.raises(ValueError, match="a prescriber decides"):
        without("infusion-2", SIX)
