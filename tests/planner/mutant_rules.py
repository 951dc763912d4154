"""Plans and repairs, each broken by one rule in many ways: off by a minute at the edge of a window,
an hour closed for the last minute of a visit. Every function yields the case broken once more by
the rule that it is named after.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from tests.planner.mutants import DAY, MINUTE, Case

MIDNIGHT = datetime.min.time()
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def grid(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        for off in (MINUTE, -MINUTE, timedelta(seconds=1), timedelta(milliseconds=1)):
            yield case.moved(patient, code, case.start(patient, code) + off)


def days(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        start = case.start(patient, code)
        for on in (case.content["first_day"], case.content["last_day"]):
            day = datetime.fromisoformat(on).date()
            off = -1 if on == case.content["first_day"] else 1
            there = datetime.combine(day + off * DAY, start.time(), case.zone)
            yield case.moved(patient, code, there)


def now(case: Case) -> Iterator[Case]:
    at = datetime.fromisoformat(case.content["now"]).astimezone(case.zone)
    minutes = at.hour * 60 + at.minute
    before = at - (minutes % case.content["grid_minutes"] or case.content["grid_minutes"]) * MINUTE
    for patient, code in case.visits():
        yield case.moved(patient, code, before)


def ready_on(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        other = case.broken()
        other.patient(patient)["ready_on"] = str(case.start(patient, code).date() + DAY)
        yield other


def start_by(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        if code == case.protocol(patient)["start_visit"]:
            for days_before in (1, 2, 30):
                other, on = case.broken(), case.start(patient, code).date()
                other.patient(patient)["start_by"] = str(on - days_before * DAY)
                yield other


def one_day(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        length = case.parts(patient, code)[-1][1] - case.parts(patient, code)[0][0]
        midnight = datetime.combine(case.start(patient, code).date() + DAY, MIDNIGHT, case.zone)
        if length > case.content["grid_minutes"] * MINUTE:
            yield case.moved(patient, code, midnight - case.content["grid_minutes"] * MINUTE)


def patient_hours(case: Case) -> Iterator[Case]:
    """Away that day; coming a minute too late, leaving a minute too early."""
    for patient, code in case.visits():
        for begin, end in case.present(patient, code)[:1]:
            away, late, early = case.broken(), case.broken(), case.broken()
            away.patient(patient)["away"] = [str(begin.astimezone(case.zone).date())]
            late.patient(patient)["weekly"] = [
                {"days": WEEK, "from": case.clock(begin + MINUTE), "to": "24:00"}
            ]
            hours = {"days": WEEK, "from": "00:00", "to": case.clock(end - MINUTE)}
            early.patient(patient)["weekly"] = [hours]
            yield from (away, late, *([early] if hours["to"] > "00:00" else []))


def window(case: Case) -> Iterator[Case]:
    """Every window narrowed until the visit is a minute, or a day, too early or too late."""
    for patient, code in case.visits():
        for number, each in enumerate(case.definition(patient, code)["windows"]):
            anchor = each["from"]
            edge = case.start(patient, anchor)
            edge = edge if each["edge"] == "start" else case.left(patient, anchor)
            start, least = case.start(patient, code), 1.0
            if each["unit"] == "hours":
                apart, least = (
                    (start.astimezone(UTC) - edge.astimezone(UTC)) / (60 * MINUTE),
                    1 / 60,
                )
            else:
                apart = (start.date() - edge.astimezone(case.zone).date()).days
            for low, high in ((apart + least, None), (None, apart - least)):
                other = case.broken()
                narrowed = other.definition(patient, code)["windows"][number]
                narrowed |= {"min": low, "max": high}
                yield other


def overlap(case: Case) -> Iterator[Case]:
    """Begun while another visit's last minute runs."""
    for patient, code in case.visits():
        for other in case.series(patient)["visits"]:
            there = case.present(patient, other)
            mine = case.parts(patient, code)[0][2].get("patient", True)
            if other != code and there and mine:
                yield case.moved(patient, code, there[0][0])
                yield case.moved(patient, code, there[-1][1] - MINUTE)


def capacity(case: Case) -> Iterator[Case]:
    """Too few for the first or for the last minute of a part."""
    for patient, code in case.visits():
        chosen = dict(case.series(patient)["choices"])
        chosen |= case.series(patient)["visits"][code].get("choices", {})
        for begin, end, part in case.parts(patient, code):
            for claim in part["claims"]:
                who = claim.get("bookable") or chosen[claim["choice"]]
                for at in (begin, end - MINUTE):
                    yield _short(case, who, at, max(0, claim.get("units", 1) - 1))


def _short(case: Case, who: str, at: datetime, left: int) -> Case:
    other = case.broken()
    one = next(each for each in other.content["bookables"] if each["id"] == who)
    local = at.astimezone(case.zone)
    until = "24:00" if case.clock(at) == "23:59" else case.clock(at + MINUTE)
    less = {"day": str(local.date()), "from": case.clock(at), "to": until, "capacity": left}
    one["exceptions"] = [*one.get("exceptions", []), less]
    return other


def choice(case: Case) -> Iterator[Case]:
    """Somebody who may not be chosen, nobody, or one choice too many."""
    for patient, code in case.visits():
        series, visit = case.series(patient), case.series(patient)["visits"][code]
        for where in (series, visit):
            if where is visit or case.reading == "plan":
                other = case.broken()
                here = other.series(patient)
                box = here if where is series else here["visits"][code]
                box.setdefault("choices", {})["driver"] = "somebody"
                yield other
        for name in visit.get("choices", {}):
            nobody, ghost = case.broken(), case.broken()
            del nobody.series(patient)["visits"][code]["choices"][name]
            ghost.series(patient)["visits"][code]["choices"][name] = "nobody"
            yield from (nobody, ghost)


def missing(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        other = case.broken()
        del other.series(patient)["visits"][code]
        yield other


def unknown(case: Case) -> Iterator[Case]:
    for patient, code in case.visits():
        other = case.broken()
        visits = other.series(patient)["visits"]
        visits[f"{code} again"] = visits[code]
        yield other


def cost(case: Case) -> Iterator[Case]:
    """Every sum one too high and one too low."""
    for part in (*case.body["cost_parts"], None):
        for off in (1, -1):
            other = case.broken()
            if part is None:
                other.body["cost"] += off
            else:
                other.body["cost_parts"][part] += off
            yield other


def bound(case: Case) -> Iterator[Case]:
    for above in (1, 0.5, 10**6):
        other = case.broken()
        other.body["lower_bound"] = other.body["cost"] + above
        yield other


def listed(case: Case) -> Iterator[Case]:
    """Left out of the file, there twice, placed and unplaced at once."""
    for number, each in enumerate(case.body["series"]):
        gone, twice, both = case.broken(), case.broken(), case.broken()
        del gone.body["series"][number]
        twice.body["series"].append(each)
        both.body["unplaced"].append({"patient": each["patient"], "reasons": []})
        yield from (gone, twice, both)


def scenario_name(case: Case) -> Iterator[Case]:
    for name in ("another", case.body["scenario"] + " "):
        other = case.broken()
        other.body["scenario"] = name
        yield other


def stranger(case: Case) -> Iterator[Case]:
    """Somebody whom the scenario does not know."""
    for where in ("series", "unplaced"):
        other = case.broken()
        one = {"patient": "nobody", "choices": {}, "visits": {}, "reasons": []}
        other.body[where].append(one)
        yield other


def booked(case: Case) -> Iterator[Case]:
    """In a plan: a booked visit moved by a second or a week, left out, staffed anew, or the series
    lost. In a repair: somebody placed who was not booked."""
    for each in case.content.get("booked", []):
        if case.reading == "repair":
            other = case.broken()
            other.content["booked"].remove(each)
            yield other
            continue
        lost = case.broken()
        lost.body["series"].remove(case.series(each["patient"]))
        lost.body["unplaced"].append({"patient": each["patient"], "reasons": []})
        yield lost
        for code in each["visits"]:
            yield from _touched(case, each["patient"], code)


def frozen(case: Case) -> Iterator[Case]:
    for patient, code in case.staying:
        yield from _touched(case, patient, code)


def _touched(case: Case, patient: str, code: str) -> Iterator[Case]:
    for off in (timedelta(seconds=1), timedelta(seconds=-1), 7 * DAY):
        yield case.moved(patient, code, case.start(patient, code) + off)
    gone, anew = case.broken(), case.broken()
    del gone.series(patient)["visits"][code]
    anew.series(patient)["visits"][code].setdefault("choices", {})["driver"] = "somebody"
    yield from (gone, anew)


ALWAYS: dict[str, Callable[[Case], Iterator[Case]]] = {
    "grid": grid,
    "days": days,
    "now": now,
    "ready-on": ready_on,
    "start-by": start_by,
    "one-day": one_day,
    "patient-hours": patient_hours,
    "window": window,
    "overlap": overlap,
    "capacity": capacity,
    "choice": choice,
    "missing": missing,
    "unknown": unknown,
    "cost": cost,
    "bound": bound,
    "listed": listed,
    "scenario": scenario_name,
    "nobody unknown": stranger,
    "booked": booked,
}
REPAIRS = {**ALWAYS, "frozen": frozen}
