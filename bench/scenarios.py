"""Made-up clinics of any size and load, as scenario files: to try the clinic-wide planner on.

Series of 19 visits: evaluation, preparation, six infusions two to five days apart, an integration
24 to 72 hours after each and before the next, three check-ins, and a booster with its integration.
`load` is how much of chairs and therapists the series need while they run.
"""

import json
import math
from datetime import date, timedelta
from random import Random
from typing import Any

FIRST = date(2027, 1, 4)
REFERRAL_DAYS = 56
LAST = FIRST + timedelta(days=146)
CLINIC_WEEKS = 14
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
HOLIDAYS = ("2027-01-18", "2027-02-15")
CHAIR_HOURS, THERAPIST_HOURS = 7 * 2.5, 9.5
Json = dict[str, Any]


def scenario(
    patients: int,
    load: float,
    seed: int,
    grid: int = 15,
    *,
    referral_days: int = REFERRAL_DAYS,
    weeks: int = CLINIC_WEEKS,
) -> Json:
    """A whole tandem.scenario/1 file; `weeks` are those over which the load is reckoned."""
    random = Random(seed)
    open_hours = weeks * 50
    chairs = max(1, math.ceil(patients * CHAIR_HOURS / load / open_hours))
    therapists = max(2, math.ceil(patients * THERAPIST_HOURS / load / (weeks * 32)))
    doctors = max(1, math.ceil(patients / 60))
    return {
        "format": "tandem.scenario/1",
        "name": f"n{patients}-load{load}-seed{seed}",
        "time_zone": "America/New_York",
        "grid_minutes": grid,
        "first_day": str(FIRST),
        "last_day": str(LAST + timedelta(days=referral_days - REFERRAL_DAYS)),
        "now": f"{FIRST}T07:00:00-05:00",
        "weights": {
            "unplaced": 2000,
            "delay_day": 10,
            "not_first_choice": 15,
            "against_preference": 1,
        },
        "bookables": _bookables(random, (chairs, therapists, doctors), weeks),
        "protocols": [six_and_a_booster()],
        "patients": [
            _patient(n, random, (therapists, doctors), referral_days) for n in range(patients)
        ],
        "booked": [],
    }


def _bookables(random: Random, counts: tuple[int, int, int], weeks: int) -> list[Json]:
    chairs, therapists, doctors = counts
    found = [
        _bookable("chairs", "chair", "08:00", "18:00", chairs),
        _bookable("nurses", "nurse", "08:00", "18:00", max(2, math.ceil(1.5 * chairs))),
        _bookable("on-site", "prescriber", "08:00", "17:30", 1),
    ]
    found += [_bookable(f"dr-{n}", "prescriber", "09:00", "17:00", 1) for n in range(doctors)]
    for n in range(therapists):
        opens = random.choice((8, 9, 10))
        days = sorted(random.sample(WEEKDAYS, 4), key=WEEKDAYS.index)
        hours = f"{opens:02}:00", f"{opens + 8:02}:00"
        found.append(_bookable(f"th-{n}", "therapist", *hours, 1))
        found[-1]["weekly"][0]["days"] = days
        week = FIRST + timedelta(days=7 * random.randrange(weeks))
        found[-1]["exceptions"] += [
            {"day": str(week + timedelta(days=d)), "capacity": 0} for d in range(5)
        ]
    return found


def _bookable(code: str, kind: str, opens: str, closes: str, capacity: int) -> Json:
    row = {"days": WEEKDAYS, "from": opens, "to": closes, "capacity": capacity}
    closed = [{"day": day, "capacity": 0} for day in HOLIDAYS]
    return {"id": code, "kind": kind, "weekly": [row], "exceptions": closed}


def _window(anchor: str, edge: str, unit: str, least: float, most: float | None) -> Json:
    return {"from": anchor, "edge": edge, "unit": unit, "min": least, "max": most}


def _talk(code: str, kind: str, minutes: int, choice: str, *windows: Json) -> Json:
    part = {"name": "session", "minutes": minutes, "claims": [{"choice": choice}]}
    return {"id": code, "kind": kind, "parts": [part], "windows": list(windows)}


def _infusion(code: str, *windows: Json) -> Json:
    chair, nurse = {"bookable": "chairs"}, {"bookable": "nurses"}
    two, there = {"bookable": "nurses", "units": 2}, {"bookable": "on-site", "units": 0}
    return {
        "id": code,
        "kind": "infusion",
        "parts": [
            {"name": "preparation", "minutes": 30, "claims": [chair, nurse]},
            {"name": "infusion", "minutes": 45, "claims": [chair, two, there]},
            {"name": "observation", "minutes": 60, "claims": [chair, nurse]},
            {"name": "turnover", "minutes": 15, "patient": False, "claims": [chair]},
        ],
        "windows": list(windows),
    }


def six_and_a_booster() -> Json:
    """The protocol of 19 visits."""
    visits = [
        _talk("evaluation", "screening", 30, "prescriber"),
        _talk(
            "preparation",
            "preparation",
            60,
            "therapist",
            _window("evaluation", "start", "days", 1, 10),
        ),
    ]
    for n in range(1, 7):
        if n == 1:
            windows = [_window("preparation", "start", "days", 1, 7)]
        else:
            windows = [
                _window(f"infusion-{n - 1}", "start", "days", 2, 5),
                _window(f"integration-{n - 1}", "end", "hours", 0, None),
            ]
        visits.append(_infusion(f"infusion-{n}", *windows))
        after = _window(f"infusion-{n}", "end", "hours", 24, 72)
        visits.append(_talk(f"integration-{n}", "integration", 60, "therapist", after))
    for n, days in enumerate((7, 14, 21), start=1):
        when = _window("infusion-6", "start", "days", days, days + 4)
        visits.append(_talk(f"check-in-{n}", "follow-up", 30, "therapist", when))
    visits.append(_infusion("booster", _window("infusion-6", "start", "days", 26, 32)))
    after = _window("booster", "end", "hours", 24, 72)
    visits.append(_talk("booster-integration", "integration", 60, "therapist", after))
    choices = [{"name": "therapist", "kept": True}, {"name": "prescriber", "kept": False}]
    return {"id": "six", "start_visit": "infusion-1", "choices": choices, "visits": visits}


def _patient(number: int, random: Random, counts: tuple[int, int], referral_days: int) -> Json:
    therapists, doctors = counts
    ready = FIRST + timedelta(days=random.randrange(referral_days))
    urgent = random.random() < 0.1
    eligible = random.sample(range(therapists), min(therapists, random.randint(1, 3)))
    free_days = sorted(random.sample(WEEKDAYS, random.choice((4, 5, 5))), key=WEEKDAYS.index)
    hours = random.choice(
        (("08:00", "18:00"), ("08:00", "18:00"), ("08:00", "14:00"), ("11:00", "18:00"))
    )
    return {
        "id": f"p-{number:04}",
        "protocol": "six",
        "ready_on": str(ready),
        "start_by": str(ready + timedelta(days=21)) if urgent else None,
        "priority": 3 if urgent else 1,
        "prefers": random.choice(("morning", "afternoon", None)),
        "choices": {
            "therapist": [f"th-{n}" for n in eligible],
            "prescriber": [f"dr-{n}" for n in random.sample(range(doctors), doctors)],
        },
        "weekly": [{"days": free_days, "from": hours[0], "to": hours[1]}],
        "away": [str(ready + timedelta(days=random.randrange(60)))] if number % 3 == 0 else [],
    }


def network(patients: int, load: float, seed: int, sites: int = 3) -> Json:
    """Several sites, each with chairs, staff, protocol and patients of its own, in one file."""
    sizes = [patients // sites + (n < patients % sites) for n in range(sites)]
    each = [scenario(size, load, seed + n) for n, size in enumerate(sizes)]
    whole = each[0] | {"name": f"n{patients}-load{load}-seed{seed}-sites{sites}"}
    for key in ("bookables", "protocols", "patients"):
        whole[key] = [one for n, part in enumerate(each) for one in _at_site(part, n)[key]]
    return whole


def _at_site(content: Json, number: int) -> Json:
    """The same clinic with every name marked by its site."""
    names = {one["id"] for key in ("bookables", "protocols", "patients") for one in content[key]}
    text = json.dumps(content)
    for name in names - {"prescriber", "chair", "nurse"}:
        text = text.replace(f'"{name}"', f'"{name}-site-{number}"')
    found: Json = json.loads(text)
    return found
