"""A new edition: what it would do to running series is shown, and exactly that is done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server.domain.breaches import Refused
from server.persistence import appointments
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.impacts import ImpactRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import SeriesRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from server.persistence.waiting import WaitingRow
from server.services.booking import booking
from server.services.people import caseload
from server.services.protocols import migrations, protocol_impact
from server.services.record import doctor
from server.services.refusals import Conflict, NotAllowed, NotFound, Stale
from server.services.series import series_changes
from server.services.waiting import waiting_list
from server.services.waiting.waiting_list import Wanted
from shared.vocabulary import AppointmentStatus, PlannedVisitStatus, Role, SeriesStatus
from tests.services.a_series import NOW, ShortClinic, document, short_clinic
from tests.services.test_repairs import away


@pytest.fixture
def clinic(app: Flask) -> ShortClinic:
    del app
    return short_clinic(chairs=2)


def book(clinic: ShortClinic, **at: Any) -> str:
    series_id = clinic.enrolled()
    booking.book(clinic.by, series_id, clinic.plan(**at), expected_version=None, now=NOW)
    return series_id


def edition(clinic: ShortClinic, changed: dict[str, Any], *, active: bool = True) -> str:
    """The next edition of the clinic's protocol."""
    with transaction():
        first = db.session.get_one(ProtocolVersionRow, clinic.version_id)
        row = ProtocolVersionRow(
            id=new_id(),
            clinic_id=clinic.by.clinic_id,
            protocol_id=first.protocol_id,
            number=2,
            status="published" if active else "draft",
            document=changed,
            signatures=[],
            made_at=NOW,
            published_at=NOW if active else None,
            activated_at=NOW if active else None,
        )
        db.session.add(row)
        if active:
            first.activated_at = None
    return row.id


def changed(**more: Any) -> dict[str, Any]:
    """The short protocol with its infusion or session written otherwise."""
    found: Any = document(more.get("infusions", 2))
    infusion, session = found["phases"][0]["visits"]
    if "gap" in more:
        infusion["repeat"]["gap"] |= more["gap"]
    if "hours" in more:
        session["windows"][0] |= more["hours"]
    if "minutes" in more:
        session["parts"][0]["minutes"] = more["minutes"]
    if "units" in more:
        infusion["parts"][0]["claims"][0] |= {"units": more["units"], "evidence": "invented"}
    return found


def shown(clinic: ShortClinic, version_id: str, **more: Any) -> ImpactRow:
    return protocol_impact.preview(clinic.by, version_id, now=NOW, seconds=0.3, **more)


def live(series_id: str) -> dict[str, AppointmentRow]:
    db.session.expire_all()
    return {row.visit_code: row for row in appointments.of_series(series_id) if row.live}


def times(series_id: str) -> dict[str, datetime]:
    return {code: row.starts_at for code, row in live(series_id).items()}


def pinned(series_id: str) -> str:
    db.session.expire_all()
    return db.session.get_one(SeriesRow, series_id).protocol_version_id


def test_where_the_booked_times_hold_nothing_moves_and_the_series_goes_over(
    clinic: ShortClinic,
) -> None:
    series_id = book(clinic)
    before = times(series_id)
    version_id = edition(clinic, changed(gap={"min": 1}))

    found = shown(clinic, version_id)
    assert found.body["counts"] == {
        "series": 1,
        "moved": 0,
        "added": 0,
        "cancelled": 0,
        "unresolved": 0,
    }
    assert pinned(series_id) == clinic.version_id
    migrations.apply(clinic.by, found.id, now=NOW)

    assert pinned(series_id) == version_id
    assert times(series_id) == before
    assert {row.schedule_version for row in live(series_id).values()} == {1}
    assert doctor.examine(now=NOW) == []


def test_what_no_longer_fits_moves_as_shown(clinic: ShortClinic) -> None:
    """Sessions were 48 hours after their infusion; now they are due within 30."""
    series_id = book(clinic)
    version_id = edition(clinic, changed(hours={"min": 12, "max": 30}))

    found = shown(clinic, version_id)
    assert found.body["counts"]["moved"] == 2
    assert "2 booked visits would move" in found.body["summary"][1]
    told = {each["visit"]: each["starts_at"] for each in found.body["series"][0]["visits"]}
    migrations.apply(clinic.by, found.id, now=NOW)

    assert times(series_id) == {code: datetime.fromisoformat(at) for code, at in told.items()}
    assert doctor.examine(now=NOW) == []


def test_a_visit_that_is_new_is_booked_and_one_that_is_gone_is_cancelled(
    clinic: ShortClinic,
) -> None:
    more, fewer = book(clinic), book(clinic, hour=14)
    added = edition(clinic, changed(infusions=3))

    found = shown(clinic, added, only=[more])
    assert found.body["counts"]["added"] == 2
    migrations.apply(clinic.by, found.id, now=NOW)

    assert set(times(more)) == {
        f"{kind}-{n}" for kind in ("infusion", "session") for n in (1, 2, 3)
    }
    assert pinned(fewer) == clinic.version_id
    with transaction():
        back = db.session.get_one(ProtocolVersionRow, clinic.version_id)
        back.activated_at = NOW
    again = shown(clinic, clinic.version_id)
    assert again.body["counts"]["cancelled"] == 2
    migrations.apply(clinic.by, again.id, now=NOW)
    assert set(times(more)) == set(times(fewer))
    row = db.session.get_one(SeriesRow, more)
    given_up = {each.code for each in row.planned_visits if each.status == "revoked"}
    assert given_up == {"infusion-3", "session-3"}
    assert doctor.examine(now=NOW) == []
    _, stories = caseload.stories(clinic.by, row.patient_id, now=NOW)
    assert [each.planned.code for each in stories[0].visits if each.appointment]


def test_nobody_waits_for_a_visit_that_is_gone(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    row = db.session.get_one(SeriesRow, series_id)
    wanted = Wanted(series_id=series_id, visit_code="infusion-2")
    entry = waiting_list.join(clinic.by, row.patient_id, wanted, now=NOW)
    version_id = edition(clinic, changed(infusions=1))

    migrations.apply(clinic.by, shown(clinic, version_id).id, now=NOW)

    assert set(times(series_id)) == {"infusion-1", "session-1"}
    assert db.session.get_one(WaitingRow, entry.id).ended_at == NOW
    assert doctor.examine(now=NOW) == []


def test_a_longer_visit_holds_its_people_longer(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    version_id = edition(clinic, changed(minutes=90))

    migrations.apply(clinic.by, shown(clinic, version_id).id, now=NOW)

    session = live(series_id)["session-1"]
    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert max(claim.ends_at for claim in session.claims) == session.ends_at
    assert doctor.examine(now=NOW) == []


def test_a_visit_that_needs_more_claims_more_at_its_old_time(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    before = times(series_id)
    version_id = edition(clinic, changed(units=2))

    migrations.apply(clinic.by, shown(clinic, version_id).id, now=NOW)

    assert times(series_id) == before
    infusion = live(series_id)["infusion-1"]
    assert [claim.units for claim in infusion.claims if claim.part == "infusion"] == [2]
    assert infusion.schedule_version == 1
    assert doctor.examine(now=NOW) == []


def test_a_series_for_which_there_are_no_times_is_named_and_stays(clinic: ShortClinic) -> None:
    one, other = book(clinic), book(clinic, hour=14)
    version_id = edition(clinic, changed(units=3))

    found = shown(clinic, version_id)

    assert {each["series_id"] for each in found.body["unresolved"]} == {one, other}
    assert found.body["unresolved"][0]["reasons"]
    assert "2 series cannot be carried over." in found.body["summary"]
    migrations.apply(clinic.by, found.id, now=NOW)
    assert pinned(one) == clinic.version_id


def test_what_took_place_is_never_without_its_definition(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    with transaction():
        row = live(series_id)["infusion-2"]
        row.status = AppointmentStatus.FULFILLED
    version_id = edition(clinic, changed(infusions=1))

    found = shown(clinic, version_id)

    why = found.body["unresolved"][0]["reasons"][0]["text"]
    assert why == "infusion-2 took place, and the new edition has no such visit."


def test_a_new_visit_whose_time_is_over_is_left_out(clinic: ShortClinic) -> None:
    """Everything was booked long ago; a visit before it all comes too late for this patient."""
    series_id = book(clinic)
    early = changed()
    early["phases"][0]["visits"].append(
        {
            "code": "talk",
            "title": "Talk",
            "kind": "preparation",
            "parts": [
                {
                    "name": "talk",
                    "minutes": 30,
                    "claims": [{"choice": "therapist"}],
                    "evidence": "invented",
                }
            ],
            "windows": [
                {
                    "from": "infusion",
                    "which": "first",
                    "edge": "start",
                    "unit": "hours",
                    "min": -72,
                    "max": -60,
                    "evidence": "invented",
                }
            ],
        }
    )
    version_id = edition(clinic, early)

    found = shown(clinic, version_id)
    assert found.body["series"][0]["late"] == ["talk"]
    migrations.apply(clinic.by, found.id, now=NOW)

    row = db.session.get_one(SeriesRow, series_id)
    status = {each.code: each.status for each in row.planned_visits}
    assert status["talk"] == PlannedVisitStatus.REVOKED
    assert doctor.examine(now=NOW) == []


def test_a_series_not_planned_yet_goes_over_with_its_visits(clinic: ShortClinic) -> None:
    series_id = clinic.enrolled()
    version_id = edition(clinic, changed(infusions=3))

    migrations.apply(clinic.by, shown(clinic, version_id).id, now=NOW)

    row = db.session.get_one(SeriesRow, series_id)
    assert (row.status, len(row.planned_visits)) == (SeriesStatus.DRAFT, 6)
    assert pinned(series_id) == version_id


def test_a_series_on_hold_stays_and_says_so(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    row = db.session.get_one(SeriesRow, series_id)
    hold = {"reason": "Fever", "release": False, "expected_version": row.version}
    series_changes.hold(clinic.by, series_id, **hold, now=NOW)

    found = shown(clinic, edition(clinic, changed()))

    assert "on hold" in found.body["unresolved"][0]["reasons"][0]["text"]


def test_a_draft_is_looked_at_before_it_is_published_but_takes_nobody_over(
    clinic: ShortClinic,
) -> None:
    book(clinic)
    found = shown(clinic, edition(clinic, changed(hours={"min": 12, "max": 30}), active=False))

    assert found.body["counts"]["moved"] == 2
    with pytest.raises(Conflict, match="activate it first"):
        migrations.apply(clinic.by, found.id, now=NOW)


def test_what_has_changed_since_stops_all_of_it(clinic: ShortClinic) -> None:
    one, other = book(clinic), book(clinic, hour=14)
    found = shown(clinic, edition(clinic, changed(gap={"min": 1})))
    with transaction():
        db.session.get_one(SeriesRow, other).start_by = date(2027, 9, 9)

    with pytest.raises(Stale):
        migrations.apply(clinic.by, found.id, now=NOW)

    assert pinned(one) == clinic.version_id


@pytest.mark.breaks_on_purpose
def test_a_therapist_away_since_stops_all_of_it(clinic: ShortClinic) -> None:
    series_id = book(clinic)
    before = times(series_id)
    found = shown(clinic, edition(clinic, changed(hours={"min": 12, "max": 30})))
    session = next(v for v in found.body["series"][0]["visits"] if v["visit"] == "session-1")
    away(clinic.therapist_ids[0], datetime.fromisoformat(session["starts_at"]).date())

    with pytest.raises(Refused):
        migrations.apply(clinic.by, found.id, now=NOW)

    assert times(series_id) == before
    assert pinned(series_id) == clinic.version_id


def test_it_is_applied_once_and_within_the_hour(clinic: ShortClinic) -> None:
    book(clinic)
    version_id = edition(clinic, changed(gap={"min": 1}))
    late = shown(clinic, version_id)
    with pytest.raises(Refused):
        migrations.apply(clinic.by, late.id, now=NOW + timedelta(hours=2))
    migrations.apply(clinic.by, late.id, now=NOW)

    with pytest.raises(Refused):
        migrations.apply(clinic.by, late.id, now=NOW)


def test_only_those_who_publish_may(clinic: ShortClinic) -> None:
    version_id = edition(clinic, changed())
    found = shown(clinic, version_id)
    other = short_clinic()

    for role in (Role.THERAPIST, Role.NURSE, Role.FRONT_DESK, Role.AUDITOR, Role.PATIENT):
        by = clinic.by.__class__(user_id=new_id(), clinic_id=clinic.by.clinic_id, role=role)
        with pytest.raises(NotAllowed):
            protocol_impact.preview(by, version_id, now=NOW)
        with pytest.raises(NotAllowed):
            migrations.apply(by, found.id, now=NOW)
    with pytest.raises(NotFound):
        protocol_impact.preview(other.by, version_id, now=NOW)
    with pytest.raises(NotFound):
        migrations.apply(other.by, found.id, now=NOW)
