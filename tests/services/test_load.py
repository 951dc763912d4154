"""A scenario file becomes a clinic that can be worked with."""

import copy
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from server.cli import main
from server.persistence import counts
from server.persistence.appointments import AppointmentRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import PatientRow
from server.persistence.protocols import ProtocolVersionRow
from server.persistence.series import SeriesRow
from server.planner.files.entries import FileFaults
from server.planner.files.questions import demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import plan_body
from server.planner.plan import plan
from server.services.access import Caller
from server.services.booking import booking
from server.services.planning import planning
from server.services.protocols.protocol_editions import activate
from server.services.record import doctor
from server.services.refusals import Invalid
from server.services.scenario import opening
from server.services.sign_ins import sign_in
from shared.vocabulary import AppointmentStatus, Role, SeriesStatus
from tests.planner.scenarios import scenario

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
PASSWORD = "a sentence only for this test"
Json = dict[str, Any]


def half_booked() -> Json:
    """Four patients; the first two are booked as the planner would."""
    return copy.deepcopy(_half_booked())


@cache
def _half_booked() -> Json:
    content = scenario(patients=4)
    asked = read_scenario(content)
    found = plan_body(asked, plan(demand_of(asked), steps=3), {})
    series: Any = found["series"]
    content["booked"] = json.loads(json.dumps([each | {"frozen": []} for each in series[:2]]))
    return content


def loaded(content: Json, now: datetime = NOW) -> opening.Loaded:
    return opening.load(read_scenario(content), password=PASSWORD, now=now)


def faults_of(content: Json) -> list[str]:
    with pytest.raises(FileFaults) as refused:
        loaded(content)
    return refused.value.faults


def how_many(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_loaded_clinic_holds_everything_of_its_file_and_the_doctor_finds_nothing(
    app: Flask,
) -> None:
    found = loaded(half_booked())

    assert (found.bookables, found.patients, found.booked) == (6, 4, 2)
    assert doctor.examine(now=NOW) == []
    assert counts.series_by_status() == {SeriesStatus.ACTIVE: 2, SeriesStatus.DRAFT: 2}
    assert how_many(AppointmentRow) == 14
    assert how_many(OutboxMessageRow) == 0, "nobody of a file is written to"


def test_every_booked_visit_stands_at_its_own_time_with_its_own_people(app: Flask) -> None:
    content = half_booked()
    loaded(content)

    query = select(PatientRow.full_name, AppointmentRow.visit_code, AppointmentRow.starts_at)
    rows = db.session.execute(query.join(PatientRow, PatientRow.id == AppointmentRow.patient_id))
    assert sorted((who, visit, at) for who, visit, at in rows) == sorted(
        (each["patient"], visit, datetime.fromisoformat(at["start"]))
        for each in content["booked"]
        for visit, at in each["visits"].items()
    )


def test_who_waits_in_the_file_can_be_planned_and_booked(app: Flask) -> None:
    found = loaded(half_booked())
    by = Caller(user_id="somebody", clinic_id=found.clinic_id, role=Role.FRONT_DESK)
    query = select(SeriesRow).where(SeriesRow.status == SeriesStatus.DRAFT)
    series_id = db.session.scalars(query).first().id

    offer = planning.propose(by, series_id, now=NOW)
    version = db.session.get(SeriesRow, series_id).version
    booking.book_plan(by, series_id, offer.plans[0].id, expected_version=version, now=NOW)

    assert doctor.examine(now=NOW) == []
    assert how_many(AppointmentRow) == 21


def test_visits_of_the_past_are_done(app: Flask) -> None:
    content = half_booked()
    starts = [at["start"] for each in content["booked"] for at in each["visits"].values()]
    content["now"] = sorted(starts)[7]

    loaded(content, now=datetime(2027, 4, 1, tzinfo=UTC))

    done = AppointmentRow.status == AppointmentStatus.FULFILLED
    latest = db.session.scalar(select(func.max(AppointmentRow.ends_at)).where(done))
    earliest = db.session.scalar(select(func.min(AppointmentRow.ends_at)).where(~done))
    assert latest <= datetime.fromisoformat(content["now"]) < earliest


def test_a_booking_that_breaks_a_rule_is_named_and_nothing_is_loaded(app: Flask) -> None:
    content = half_booked()
    content["booked"][1]["visits"]["infusion-2"]["start"] = "2027-03-20T03:00:00-04:00"

    faults = faults_of(content)

    assert any(each.startswith("booked[1].visits.infusion-2: ") for each in faults)
    assert counts.clinics() == 0
    assert how_many(PatientRow) == 0


def test_the_same_file_is_not_loaded_twice(app: Flask) -> None:
    loaded(half_booked())

    assert faults_of(half_booked()) == ["name: there is a clinic called small already"]


def test_what_no_clinic_can_be_is_named_by_its_path(app: Flask) -> None:
    content = scenario() | {"grid_minutes": 1}
    content["bookables"][1]["weekly"][0]["capacity"] = 5000
    content["protocols"][0]["visits"][1]["parts"][0]["claims"][0]["units"] = 500

    faults = faults_of(content)

    assert list(dict.fromkeys(each.partition(":")[0] for each in faults)) == [
        "grid_minutes",
        "bookables[1]",
        "protocols[0]",
    ]


def test_names_of_any_kind_become_codes_and_stay_apart(app: Flask) -> None:
    content = json.loads(json.dumps(half_booked()).replace("th-1", "Dr. Ö").replace("th-2", "dr o"))

    loaded(content)

    assert doctor.examine(now=NOW) == []


def test_a_loaded_protocol_takes_no_new_series_before_a_prescriber_has_signed(app: Flask) -> None:
    found = loaded(half_booked())
    row = db.session.scalars(select(ProtocolVersionRow)).one()
    by = Caller(user_id="somebody", clinic_id=found.clinic_id, role=Role.PRESCRIBER)

    assert row.activated_at is None
    with pytest.raises(Invalid):
        activate(by, row.id, expected_version=row.version, now=NOW)


def test_the_administrator_of_a_loaded_clinic_signs_in(app: Flask) -> None:
    found = loaded(scenario())

    assert sign_in.sign_in(found.email, PASSWORD, now=NOW)


def test_the_command_loads_into_a_folder_and_its_doctor_finds_nothing(tmp_path: Path) -> None:
    file, data = tmp_path / "clinic.json", str(tmp_path / "data")
    file.write_text(json.dumps(half_booked()))
    run = CliRunner().invoke

    told = run(main, ["load", str(file), "--data", data])
    again = run(main, ["load", str(file), "--data", data])
    examined = run(main, ["doctor", "--data", data])

    assert told.exit_code == 0, told.output
    assert "4 patients with a series each, 2 of them booked" in told.output
    assert (again.exit_code, again.stderr) == (2, "name: there is a clinic called small already\n")
    assert (examined.exit_code, examined.output) == (0, "0 broken invariants\n")
