"""Plans and repairs that hold, of clinics of every kind, to be broken."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from server.planner.check.checking import violations
from server.planner.check.plan_file import read_plan
from server.planner.files.questions import repair_demand_of
from server.planner.files.reading import read_scenario
from server.planner.files.writing import repair_body
from server.planner.repair import repair
from tests.planner.any_scenario import AnyScenario
from tests.planner.commands import as_booked
from tests.planner.scenarios import scenario
from tests.planner.test_whole_clinic import planned

Json = Any
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = ("America/New_York", "Australia/Lord_Howe", "Europe/Berlin")
SEEDS = (0, 7, 29, 49, 90, 115, 118, 130)


@dataclass
class Case:
    """A scenario, a plan that may be broken, and its reading; `staying` may not be moved."""

    content: Json
    body: Json
    reading: str
    staying: frozenset[tuple[str, str]] = frozenset()

    def breaches(self) -> list[str]:
        """What the checker finds."""
        return violations(read_scenario(self.content), read_plan(self.body), self.reading)

    def broken(self) -> "Case":
        """A copy to break."""
        return Case(*copy.deepcopy((self.content, self.body)), self.reading, self.staying)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.content["time_zone"])

    def patient(self, name: str) -> Json:
        return next(each for each in self.content["patients"] if each["id"] == name)

    def protocol(self, patient: str) -> Json:
        named = self.patient(patient)["protocol"]
        return next(each for each in self.content["protocols"] if each["id"] == named)

    def definition(self, patient: str, code: str) -> Json:
        return next(each for each in self.protocol(patient)["visits"] if each["id"] == code)

    def series(self, patient: str) -> Json:
        return next(each for each in self.body["series"] if each["patient"] == patient)

    def visits(self) -> Iterator[tuple[str, str]]:
        """Every visit that the plan was free to place: patient and code."""
        booked = {each["patient"] for each in self.content.get("booked", [])}
        for each in self.body["series"]:
            free = self.reading == "repair" or each["patient"] not in booked
            for code in each["visits"] if free else ():
                if (each["patient"], code) not in self.staying:
                    yield each["patient"], code

    def start(self, patient: str, code: str) -> datetime:
        found = datetime.fromisoformat(self.series(patient)["visits"][code]["start"])
        return found.astimezone(self.zone)

    def moved(self, patient: str, code: str, start: datetime) -> "Case":
        """The case with one visit somewhere else."""
        other = self.broken()
        other.series(patient)["visits"][code]["start"] = start.astimezone(self.zone).isoformat()
        return other

    def parts(self, patient: str, code: str) -> list[tuple[datetime, datetime, Json]]:
        """The parts of a visit in UTC."""
        at, found = self.start(patient, code).astimezone(UTC), []
        for part in self.definition(patient, code)["parts"]:
            until = at + part["minutes"] * MINUTE
            found.append((at, until, part))
            at = until
        return found

    def present(self, patient: str, code: str) -> list[tuple[datetime, datetime]]:
        parts = self.parts(patient, code)
        return [(begin, end) for begin, end, part in parts if part.get("patient", True)]

    def left(self, patient: str, code: str) -> datetime:
        """The end edge."""
        present = self.present(patient, code)
        return present[-1][1] if present else self.parts(patient, code)[-1][1]

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M}"


@cache
def plans() -> tuple[Case, ...]:
    """Whole plans of clinics in several zones, of every kind of protocol; some with bookings."""
    contents = [scenario(patients=4, seed=n, zone=zone) for n, zone in enumerate(ZONES)]
    contents += [AnyScenario(seed).content for seed in SEEDS]
    found = []
    for content in contents:
        body = json.loads(json.dumps(planned(content, steps=0)[2]))
        if len(body["series"]) > 1:
            content["booked"] = as_booked(body)[:1]
            body = json.loads(json.dumps(planned(content, steps=0)[2]))
        found.append(Case(content, body, "plan"))
    return tuple(found)


@cache
def repairs() -> tuple[Case, ...]:
    """The same clinics with everybody booked, the first visit of the first series frozen."""
    found = []
    for case in plans():
        content = copy.deepcopy(case.content)
        if case.body["series"]:
            content["booked"] = as_booked(case.body)
            first = next(iter(content["booked"][0]["visits"]))
            content["booked"][0]["frozen"] = [first]
            asked = read_scenario(content)
            body = repair_body(asked, repair(repair_demand_of(asked), steps=0), {})
            staying = frozenset({(content["booked"][0]["patient"], first)})
            found.append(Case(content, json.loads(json.dumps(body)), "repair", staying))
    return tuple(found)
