"""How a patient has been: what was asked, and every score against the one before treatment."""

from datetime import UTC, datetime, timedelta

import pytest

from server.persistence.appointments import AppointmentRow
from server.persistence.audit import AuditEventRow
from server.persistence.check_ins import CheckInRow, ResponseRow
from server.persistence.database import db
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.services.check_ins import symptoms
from server.services.refusals import NotAllowed, NotFound
from shared.vocabulary import AppointmentStatus, CheckInStatus, VisitKind
from tests.cast import Cast

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def asked(cast: Cast, days: int, total: int | None, *, form: str = "phq-9") -> None:
    """A check-in `days` from NOW; answered where there is a total."""
    at, pat = NOW + timedelta(days=days), cast.things["pat"]
    row = CheckInRow(
        id=new_id(),
        clinic_id=pat.clinic_id,
        patient_id=pat["patient"],
        series_id=pat["series"],
        appointment_id=pat["appointment"],
        code=f"asked-{days}",
        title=f"Day {days}",
        questionnaire=form,
        status=CheckInStatus.REQUESTED if total is None else CheckInStatus.COMPLETED,
        opens_at=at,
        due_at=at + timedelta(hours=12),
        closes_at=at + timedelta(hours=48),
    )
    if total is not None:
        row.response = ResponseRow(
            id=new_id(),
            clinic_id=pat.clinic_id,
            patient_id=pat["patient"],
            questionnaire=form,
            answers={"item-1": 3, "item-2": None},
            total=total,
            answered_at=at,
            received_at=at,
        )
    with transaction():
        db.session.add(row)


def infused(cast: Cast, days: int) -> None:
    """The patient's first visit was an infusion, so many days from NOW."""
    with transaction():
        row = db.session.get_one(AppointmentRow, cast.things["pat"]["appointment"])
        row.kind, row.status = VisitKind.INFUSION, AppointmentStatus.FULFILLED
        row.starts_at = NOW + timedelta(days=days)
        row.ends_at = row.starts_at + timedelta(hours=1)


def phq(course: symptoms.Course) -> symptoms.Curve:
    return next(each for each in course.curves if each.form.code == "phq-9")


def test_a_score_is_compared_with_the_last_one_before_the_first_infusion(cast: Cast) -> None:
    infused(cast, -20)
    for days, total in ((-30, 22), (-21, 20), (-10, 15), (-3, 21)):
        asked(cast, days, total)

    curve = phq(symptoms.course(cast.nora.caller, cast.things["pat"]["patient"], now=NOW))

    assert curve.before_treatment
    assert curve.baseline.total == 20
    assert [each.change for each in curve.points] == [None, None, -5, 1]


def test_without_a_score_before_treatment_it_is_said_and_the_first_stands_in(cast: Cast) -> None:
    infused(cast, -20)
    asked(cast, -10, 15)
    asked(cast, -3, 12)

    curve = phq(symptoms.course(cast.nora.caller, cast.things["pat"]["patient"], now=NOW))

    assert not curve.before_treatment
    assert [each.change for each in curve.points] == [None, -3]


def test_before_any_infusion_the_last_score_is_what_later_ones_are_measured_by(cast: Cast) -> None:
    asked(cast, -10, 15)

    curve = phq(symptoms.course(cast.nora.caller, cast.things["pat"]["patient"], now=NOW))

    assert (curve.baseline.total, curve.before_treatment) == (15, False)


def test_every_check_in_stands_as_it_does_now(cast: Cast) -> None:
    asked(cast, -9, None)
    asked(cast, -1, None)
    asked(cast, 0, None)
    asked(cast, 5, None)

    course = symptoms.course(cast.nora.caller, cast.things["pat"]["patient"], now=NOW)

    found = {each.row.code: each.standing for each in course.asked}
    assert found["asked--9"] == "missed"
    assert found["asked--1"] == "overdue"
    assert found["asked-0"] == "open"
    assert found["asked-5"] == "ahead"


def test_answers_are_told_in_the_words_of_the_form(cast: Cast) -> None:
    asked(cast, -3, 9)

    course = symptoms.course(cast.nora.caller, cast.things["pat"]["patient"], now=NOW)

    answered = next(each for each in course.asked if each.row.code == "asked--3")
    assert [each.said for each in answered.replies] == ["Nearly every day (3)", "skipped"]
    assert answered.replies[0].asked == "Little interest or pleasure in doing things"


def test_only_those_who_may_read_answers_do_and_it_is_on_record(cast: Cast) -> None:
    pat = cast.things["pat"]["patient"]
    symptoms.course(cast.theo.caller, pat, now=NOW)

    for who in (cast.fay, cast.ana, cast.ada):
        with pytest.raises(NotAllowed):
            symptoms.course(who.caller, pat, now=NOW)
    for who in (cast.tess, cast.quinn):
        with pytest.raises(NotFound):
            symptoms.course(who.caller, pat, now=NOW)
    seen = db.session.query(AuditEventRow).filter_by(
        action="check_ins.read", by_user_id=cast.theo.caller.user_id, patient_id=pat
    )
    assert seen.count() == 1
