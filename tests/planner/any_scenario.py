"""Scenario files of every kind the format allows, drawn from a seed: odd hours, zones in which the
clock changes, visits bound to each other in any way, staff chosen or named, patients away."""

from datetime import date, timedelta
from random import Random
from typing import Any

Json = dict[str, Any]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PLACES = (
    ("America/New_York", "2027-03-08", "-05:00"),
    ("Europe/Berlin", "2027-10-25", "+02:00"),
    ("Australia/Lord_Howe", "2027-03-29", "+11:00"),
    ("Asia/Kathmandu", "2027-05-03", "+05:45"),
    ("UTC", "2028-02-21", "+00:00"),
)


class AnyScenario:
    """One file; `content` is what stands in it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        zone, first, offset = self.random.choice(PLACES)
        self.first = date.fromisoformat(first)
        self.grid = self.random.choice((5, 15, 15, 30, 60))
        bookables = [self._bookable(n) for n in range(self._up_to(2, 6))]
        self.ids = [each["id"] for each in bookables]
        protocols = [self._protocol(n) for n in range(self._up_to(1, 2))]
        self.content: Json = {
            "format": "tandem.scenario/1",
            "name": f"any-{seed}",
            "time_zone": zone,
            "grid_minutes": self.grid,
            "first_day": first,
            "last_day": self._day(10, 30),
            "now": f"{first}T{self._up_to(0, 10):02}:10:00{offset}",
            "weights": self._weights(),
            "bookables": bookables,
            "protocols": protocols,
            "patients": [self._patient(n, protocols) for n in range(self._up_to(1, 8))],
            "booked": [],
        }

    def _up_to(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def _maybe(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def _day(self, least: int, most: int) -> str:
        return str(self.first + timedelta(days=self._up_to(least, most)))

    def _weights(self) -> Json:
        choices = {
            "unplaced": (0, 5, 2000),
            "delay_day": (0, 10),
            "not_first_choice": (0, 15),
            "against_preference": (0, 1),
        }
        return {name: self.random.choice(values) for name, values in choices.items()}

    def _hours(self, *, capacities: bool) -> list[Json]:
        rows = []
        for _ in range(self.random.choice((1, 1, 2))):
            opens = self._up_to(0, 20)
            closes = self._up_to(opens + 2, 24)
            row: Json = {
                "days": self.random.sample(WEEK, self._up_to(3, 7)),
                "from": f"{opens:02}:{self.random.choice(('00', '30', '05'))}",
                "to": f"{closes:02}:00",
            }
            rows.append(row | ({"capacity": self._up_to(1, 3)} if capacities else {}))
        return rows

    def _bookable(self, number: int) -> Json:
        exceptions = []
        for _ in range(self._up_to(0, 3)):
            part = {"from": "08:00", "to": "12:30"} if self._maybe() else {}
            exceptions.append({"day": self._day(0, 20), "capacity": self._up_to(0, 2), **part})
        kind = self.random.choice(("chair", "room", "therapist", "pharmacy"))
        hours = self._hours(capacities=True)
        return {"id": f"b{number}", "kind": kind, "weekly": hours, "exceptions": exceptions}

    def _protocol(self, number: int) -> Json:
        choices = [{"name": f"c{n}", "kept": self._maybe()} for n in range(self._up_to(0, 3))]
        visits = self._up_to(1, 7)
        return {
            "id": f"protocol-{number}",
            "start_visit": f"v{self.random.randrange(visits)}",
            "choices": choices,
            "visits": [self._visit(n, visits, choices) for n in range(visits)],
        }

    def _visit(self, number: int, visits: int, choices: list[Json]) -> Json:
        anchors = [
            self.random.randrange(visits) for _ in range(self.random.choice((0, 1, 1, 2, 3)))
        ]
        return {
            "id": f"v{number}",
            "kind": "whatever",
            "parts": [self._part(n, choices) for n in range(self._up_to(1, 3))],
            "windows": [self._window(anchor) for anchor in anchors if anchor != number],
        }

    def _part(self, number: int, choices: list[Json]) -> Json:
        return {
            "name": f"part-{number}",
            "minutes": self.grid * self._up_to(1, max(1, 90 // self.grid)),
            "patient": self._maybe(0.8),
            "claims": [self._claim(choices) for _ in range(self._up_to(0, 2))],
        }

    def _claim(self, choices: list[Json]) -> Json:
        if choices and self._maybe():
            return {"choice": self.random.choice(choices)["name"], "units": self._up_to(0, 1)}
        units = self.random.choice((0, 1, 1, 2))
        return {"bookable": self.random.choice(self.ids), "units": units}

    def _window(self, anchor: int) -> Json:
        unit = self.random.choice(("days", "hours"))
        least: float | None = self.random.choice((None, self._up_to(-4, 3)))
        most: float | None = self.random.choice(
            (None, (-2 if least is None else least) + self._up_to(0, 6))
        )
        if unit == "hours":
            least = None if least is None else 24 * least + self.random.choice((0, 0.5))
            most = None if most is None else 24 * most + 12
        edge = self.random.choice(("start", "end"))
        return {"from": f"v{anchor}", "edge": edge, "unit": unit, "min": least, "max": most}

    def _patient(self, number: int, protocols: list[Json]) -> Json:
        protocol = self.random.choice(protocols)
        found: Json = {
            "id": f"p{number}",
            "protocol": protocol["id"],
            "ready_on": self._day(-1, 12),
            "start_by": None if self._maybe(0.7) else self._day(2, 16),
            "priority": self._up_to(0, 3),
            "prefers": self.random.choice((None, "morning", "afternoon")),
            "choices": {each["name"]: self._eligible() for each in protocol["choices"]},
            "away": [self._day(0, 20) for _ in range(self._up_to(0, 2))],
        }
        return found | ({"weekly": self._hours(capacities=False)} if self._maybe() else {})

    def _eligible(self) -> list[str]:
        found: list[str] = self.random.sample(self.ids, self._up_to(1, min(3, len(self.ids))))
        return found
