from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from server.persistence import check_ins as rows
from server.persistence.check_ins import AlertRow, CheckInRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.sign_ins import UserRow
from server.persistence.transactions import transaction
from server.services.check_ins import alerts, check_ins
from server.services.check_ins.check_ins import Answered
from server.services.clinic import house_rules
from server.services.clinic.house_rules import HouseRules
from server.services.people import on_call
from server.services.people.on_call import OnCall
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import AlertStatus, CheckInStatus, ReminderKind
from tests.cast import Cast, Person

NOW = datetime.now(UTC)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Nora and Drew are on call."""
    on_call.change(cast.ana.caller, rota_of(cast.nora, cast.drew), now=NOW)
    return cast


def rota_of(*people: Person) -> list[OnCall]:
    """Each has ten minutes more than the one before."""
    return [
        OnCall(user_id=each.caller.user_id, within_minutes=10 * n)
        for n, each in enumerate(people, start=1)
    ]


def answered(cast: Cast, **answers: int) -> AlertRow | None:
    """Pat answers; the alert that follows, if one does."""
    check_in_id = cast.things["pat"]["check_in"]
    given = Answered(answers=dict(answers), answered_at=datetime.now(UTC))
    check_ins.answer(cast.pat.caller, check_in_id, given, now=datetime.now(UTC))
    made = {cast.things["pat"]["alert"], cast.things["pat"]["acknowledged"]}
    found, _ = rows.alerts(
        cast.drew.caller.clinic_id,
        status=None,
        only_patients=[cast.things["pat"]["patient"]],
        page=1,
        page_size=50,
    )
    return next((each for each in found if each.id not in made), None)


def time_passes(alert: AlertRow) -> None:
    with transaction():
        past = datetime.now(UTC) - timedelta(hours=1)
        db.session.execute(update(AlertRow).where(AlertRow.id == alert.id).values(climbs_at=past))


def fresh(alert: AlertRow) -> AlertRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(AlertRow, alert.id)


def test_answers_that_worry_nobody_raise_nothing(cast: Cast) -> None:
    assert answered(cast, mood=7, headache=6, urges=0) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("urges", "thoughts-of-death"), ("red-flag", "red-flag"), ("headache", "side-effects-strong")],
)
def test_an_answer_that_a_clinician_must_see_is_told_to_the_first_on_call(
    cast: Cast, answer: str, reason: str
) -> None:
    value = 7 if answer == "headache" else 1
    alert = answered(cast, **{answer: value})

    assert alert is not None
    assert alert.reasons == [reason]
    assert [step.user_id for step in alert.steps if step.what == "told"] == [
        cast.nora.caller.user_id
    ]


def test_an_alert_that_nobody_takes_on_climbs_and_at_last_everybody_is_told_again(
    cast: Cast,
) -> None:
    alert = answered(cast, urges=1)
    assert alert is not None
    nora, drew = cast.nora.caller.user_id, cast.drew.caller.user_id

    for _ in range(3):
        time_passes(alert)
        assert alert.id in alerts.to_climb(10)
        alerts.climb(alert.id)

    told = [step.user_id for step in fresh(alert).steps if step.what == "told"]
    assert told[:2] == [nora, drew]
    assert sorted(str(who) for who in told[2:]) == sorted([nora, drew, nora, drew])


def test_an_alert_in_time_does_not_climb(cast: Cast) -> None:
    alert = answered(cast, urges=1)
    assert alert is not None

    alerts.climb(alert.id)

    assert len(fresh(alert).steps) == 2


def test_an_acknowledged_alert_climbs_no_more_and_is_closed_only_with_an_outcome(
    cast: Cast,
) -> None:
    alert = answered(cast, urges=1)
    assert alert is not None
    with pytest.raises(Conflict):
        alerts.close(cast.nora.caller, alert.id, outcome="Rang", now=NOW)

    alerts.acknowledge(cast.nora.caller, alert.id, now=datetime.now(UTC))
    time_passes(alert)
    alerts.climb(alert.id)

    assert fresh(alert).status == AlertStatus.ACKNOWLEDGED
    with pytest.raises(Conflict):
        alerts.acknowledge(cast.drew.caller, alert.id, now=NOW)
    alerts.close(cast.nora.caller, alert.id, outcome="Rang; safe at home", now=NOW)
    assert [step.what for step in fresh(alert).steps] == [
        "raised",
        "told",
        "acknowledged",
        "closed",
    ]


def test_without_anybody_on_call_an_alert_stays_open_and_says_so(cast: Cast) -> None:
    on_call.change(cast.ana.caller, [], now=NOW)

    alert = answered(cast, urges=1)

    assert alert is not None
    assert [step.what for step in alert.steps] == ["raised", "nobody-on-call"]
    assert alert.climbs_at is not None


def test_a_patient_or_a_stranger_cannot_be_put_on_call(cast: Cast) -> None:
    for person in (cast.pat, cast.olga):
        with pytest.raises(Invalid):
            on_call.change(
                cast.ana.caller, [OnCall(user_id=person.caller.user_id, within_minutes=10)], now=NOW
            )


def test_an_alert_about_somebody_elses_patient_is_out_of_reach(cast: Cast) -> None:
    alert = answered(cast, urges=1)
    assert alert is not None

    with pytest.raises(NotFound):
        alerts.acknowledge(cast.tess.caller, alert.id, now=NOW)


def missed(cast: Cast) -> str:
    """Pat did not answer in time, and the clock has seen it."""
    check_in_id = cast.things["pat"]["check_in"]
    with transaction():
        past = datetime.now(UTC) - timedelta(minutes=1)
        mine = update(CheckInRow).where(CheckInRow.id == check_in_id)
        db.session.execute(mine.values(closes_at=past))
    assert check_ins.miss(10) == 1
    return check_in_id


def rule(cast: Cast, **rules: object) -> None:
    """The clinic's house rules, otherwise as they are."""
    row = house_rules.read(cast.ana.caller)
    wanted = {each.name: getattr(row, each.name) for each in fields(HouseRules)} | rules
    version = row.version
    house_rules.change(cast.ana.caller, HouseRules(**wanted), expected_version=version, now=NOW)


def mailed(check_in_id: str) -> list[str]:
    found = db.session.query(OutboxMessageRow).filter_by(kind=ReminderKind.CHECK_IN_MISSED)
    return [row.user_id for row in found if row.subject_id == check_in_id]


def test_a_check_in_that_nobody_answered_is_told_to_the_first_on_duty(cast: Cast) -> None:
    nora, drew = rota_of(cast.nora, cast.drew)
    on_call.change(cast.ana.caller, [replace(nora, days=off_duty()), drew], now=NOW)

    assert mailed(missed(cast)) == [cast.drew.caller.user_id]


def test_where_the_clinic_wants_an_alert_a_missed_check_in_climbs_like_any_other(
    cast: Cast,
) -> None:
    rule(cast, after_missed_check_in="alert")
    before = set(alerts.to_climb(100))

    check_in_id = missed(cast)

    about = db.session.query(AlertRow).filter_by(check_in_id=check_in_id)
    [alert] = [each for each in about if each.reasons == ["check-in-missed"]]
    assert told(alert) == [cast.nora.caller.user_id]
    time_passes(alert)
    assert set(alerts.to_climb(100)) - before == {alert.id}
    assert mailed(check_in_id) == []


def test_where_the_clinic_wants_no_word_of_missed_check_ins_nobody_is_told(cast: Cast) -> None:
    rule(cast, after_missed_check_in="list")

    assert mailed(missed(cast)) == []


def test_a_clinic_sets_from_where_on_side_effects_must_be_seen(cast: Cast) -> None:
    rule(cast, side_effect_limit=4)

    alert = answered(cast, headache=4)

    assert alert is not None
    assert alert.reasons == ["side-effects-strong"]


def test_a_check_in_that_nobody_answered_is_put_down_but_can_still_be_answered(
    cast: Cast,
) -> None:
    check_in_id = missed(cast)

    row = db.session.get_one(CheckInRow, check_in_id)
    assert row.status == CheckInStatus.FAILED
    assert answered(cast, mood=5) is None
    db.session.expire_all()
    assert db.session.get_one(CheckInRow, check_in_id).status == CheckInStatus.COMPLETED


def off_duty() -> tuple[int, ...]:
    """A weekday that it is nowhere today."""
    return ((datetime.now(UTC) + timedelta(days=3)).weekday(),)


def test_who_is_off_duty_is_passed_over(cast: Cast) -> None:
    nora, drew = rota_of(cast.nora, cast.drew)
    on_call.change(cast.ana.caller, [replace(nora, days=off_duty()), drew], now=NOW)

    alert = answered(cast, urges=1)

    assert alert is not None
    assert told(alert) == [cast.drew.caller.user_id]


def test_whoever_can_no_longer_sign_in_is_passed_over(cast: Cast) -> None:
    """An alert that waits for somebody who has left the clinic waits for nobody."""
    with transaction():
        gone = db.session.get_one(UserRow, cast.nora.caller.user_id)
        gone.disabled_at = NOW

    alert = answered(cast, urges=1)

    assert alert is not None
    assert told(alert) == [cast.drew.caller.user_id]
    assert cast.nora.caller.user_id not in on_call.everybody(alert.clinic_id, now=NOW)


def test_after_the_last_on_duty_all_on_duty_are_told_and_nobody_else(cast: Cast) -> None:
    nora, drew = rota_of(cast.nora, cast.drew)
    on_call.change(cast.ana.caller, [nora, replace(drew, days=off_duty())], now=NOW)
    alert = answered(cast, urges=1)
    assert alert is not None

    for _ in range(2):
        time_passes(alert)
        alerts.climb(alert.id)

    assert told(fresh(alert)) == 3 * [cast.nora.caller.user_id]


def test_where_nobody_is_on_duty_everybody_on_call_is_told(cast: Cast) -> None:
    rota = [replace(each, days=off_duty()) for each in rota_of(cast.nora, cast.drew)]
    on_call.change(cast.ana.caller, rota, now=NOW)

    alert = answered(cast, urges=1)

    assert alert is not None
    assert told(alert) == [each.user_id for each in rota]


def told(alert: AlertRow) -> list[str | None]:
    return [step.user_id for step in alert.steps if step.what == "told"]
