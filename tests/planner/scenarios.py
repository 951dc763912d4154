"""Scenario files as a clinic would write them: small, whole, and easily bent out of shape."""

import random
from typing import Any

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
Json = dict[str, Any]


def weekly(opens: str, closes: str, capacity: int = 1, days: list[str] | None = None) -> list[Json]:
    """One row of hours."""
    return [{"days": days or WEEKDAYS, "from": opens, "to": closes, "capacity": capacity}]


def window(anchor: str, unit: str, least: float | None, most: float | None, edge: str = "start"):
    return {"from": anchor, "edge": edge, "unit": unit, "min": least, "max": most}


def infusion(number: int, *windows: Json) -> Json:
    """Two and a half hours in a chair."""
    chair = {"bookable": "chairs"}
    two, there = {"bookable": "nurses", "units": 2}, {"bookable": "on-site", "units": 0}
    return {
        "id": f"infusion-{number}",
        "kind": "infusion",
        "parts": [
            {"name": "preparation", "minutes": 30, "claims": [chair, two]},
            {"name": "infusion", "minutes": 45, "claims": [chair, two, there]},
            {"name": "observation", "minutes": 60, "claims": [chair, {"bookable": "nurses"}]},
            {"name": "turnover", "minutes": 15, "patient": False, "claims": [chair]},
        ],
        "windows": list(windows),
    }


def talk(code: str, kind: str, choice: str, *windows: Json) -> Json:
    """An hour with somebody chosen."""
    part = {"name": "talk", "minutes": 60, "claims": [{"choice": choice}]}
    return {"id": code, "kind": kind, "parts": [part], "windows": list(windows)}


def three_infusions() -> Json:
    """Evaluation, and three infusions each with its integration."""
    visits = [talk("evaluation", "screening", "prescriber")]
    for n in (1, 2, 3):
        windows = [window("evaluation", "days", 1, 14)]
        if n > 1:
            before = window(f"integration-{n - 1}", "hours", 0, None, "end")
            windows = [window(f"infusion-{n - 1}", "days", 2, 5), before]
        visits.append(infusion(n, *windows))
        after = window(f"infusion-{n}", "hours", 24, 72, "end")
        visits.append(talk(f"integration-{n}", "integration", "therapist", after))
    choices = [{"name": "therapist", "kept": True}, {"name": "prescriber", "kept": False}]
    return {"id": "three", "start_visit": "infusion-1", "choices": choices, "visits": visits}


def scenario(patients: int = 3, seed: int = 1, zone: str = "America/New_York") -> Json:
    """Two chairs, three nurses, two prescribers, three therapists; clocks change on 14 March."""
    chance = random.Random(seed)
    kinds = {"chairs": ("chair", 2), "nurses": ("nurse", 3), "on-site": ("prescriber", 1)}
    bookables = [
        {"id": code, "kind": kind, "weekly": weekly("08:00", "18:00", capacity)}
        for code, (kind, capacity) in kinds.items()
    ]
    for code, kind in (("dr-a", "prescriber"), ("th-1", "therapist"), ("th-2", "therapist")):
        bookables.append({"id": code, "kind": kind, "weekly": weekly("09:00", "17:00")})
    return {
        "format": "tandem.scenario/1",
        "name": "small",
        "time_zone": zone,
        "grid_minutes": 15,
        "first_day": "2027-03-01",
        "last_day": "2027-05-14",
        "now": "2027-03-01T07:00:00-05:00",
        "weights": {
            "unplaced": 2000,
            "delay_day": 10,
            "not_first_choice": 15,
            "against_preference": 1,
        },
        "bookables": bookables,
        "protocols": [three_infusions()],
        "patients": [_patient(n, chance) for n in range(patients)],
        "booked": [],
    }


def _patient(number: int, chance: random.Random) -> Json:
    return {
        "id": f"p-{number}",
        "protocol": "three",
        "ready_on": f"2027-03-{chance.randint(2, 12):02}",
        "start_by": None,
        "priority": 1,
        "prefers": chance.choice(["morning", "afternoon", None]),
        "choices": {
            "therapist": chance.sample(["th-1", "th-2"], 2),
            "prescriber": ["dr-a"],
        },
    }
