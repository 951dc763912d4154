"""Why a plan's visits lie where they do, as facts and as a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.domain import capacity, claims, windows
from server.domain.calendars import ClinicCalendar
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import VisitDefinition, Window
from server.planner.cost import is_against_preference

Facts = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One thing that speaks for a time. `text` is English; `facts` hold ids, dates and numbers."""

    code: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitReasons:
    """All that speaks for one visit's time."""

    visit: str
    reasons: tuple[Reason, ...]

    @property
    def text(self) -> str:
        """The reasons in one line: "day 3 of 2-4, chairs 1 of 4"."""
        return ", ".join(reason.text for reason in self.reasons)

    def as_json(self) -> list[Facts]:
        """The whole line first, then each reason with its facts."""
        line: Facts = {"code": "summary", "text": self.text, "facts": {}}
        each: list[Facts] = [
            {"code": r.code, "text": r.text, "facts": dict(r.facts)} for r in self.reasons
        ]
        return [line, *each] if self.reasons else []


def reasons(
    plan: SeriesPlan, series: SeriesToPlace, calendar: ClinicCalendar
) -> list[VisitReasons]:
    """For each visit of the plan, in the protocol's order."""
    at = {**series.fixed, **{each.visit: each for each in plan.placements}}
    told = _Teller(plan, series, calendar, at)
    return [
        VisitReasons(visit=visit.code, reasons=tuple(told.of(visit)))
        for visit in series.visits
        if plan.of(visit.code) is not None
    ]


@dataclass(frozen=True, slots=True)
class _Teller:
    plan: SeriesPlan
    series: SeriesToPlace
    calendar: ClinicCalendar
    at: Mapping[str, Placement]

    def of(self, visit: VisitDefinition) -> Iterator[Reason]:
        """Windows, people, capacity, preference."""
        here = self.at[visit.code]
        for window in visit.windows:
            yield from self._window(window, here.starts_at)
        yield from self._kept(visit)
        yield from self._capacity(visit, here)
        yield from self._preference(visit, here)

    def _window(self, window: Window, starts_at: datetime) -> Iterator[Reason]:
        anchor = self.at.get(window.anchor)
        defined = {each.code: each for each in self.series.visits}
        if anchor is None or (window.opens is None and window.closes is None):
            return
        edge = windows.edge_at(defined[window.anchor], anchor.starts_at, window.edge)
        amount = windows.distance(window, starts_at, edge, self.calendar.zone)
        place = windows.day_of_window(window, starts_at, edge, self.calendar.zone)
        yield Reason(
            code="window",
            text=f"{place} after {window.anchor.replace('-', ' ')}",
            facts={"anchor": window.anchor, "unit": window.unit.value, "amount": amount},
        )

    def _kept(self, visit: VisitDefinition) -> Iterator[Reason]:
        needed = {c.choice for part in visit.parts for c in part.claims if c.choice}
        for name in sorted(needed & set(self.plan.choices)):
            who = self.plan.choices[name]
            first = self.series.candidates.get(name, ())[:1] == (who,)
            text = f"same {name}" + (", the one wished for" if first else "")
            yield Reason(code="kept-choice", text=text, facts={"choice": name, "bookable": who})

    def _capacity(self, visit: VisitDefinition, here: Placement) -> Iterator[Reason]:
        made = dict(self.plan.choices) | dict(here.choices)
        seen: set[str] = set()
        for taken in claims.taken(visit, here.starts_at, made):
            who = taken.claim.bookable_id
            bookable = self.calendar.bookables.get(who)
            if bookable is None or who in seen or not taken.claim.units:
                continue
            seen.add(who)
            span = taken.claim.starts_at, taken.claim.ends_at
            most = capacity.least_capacity(bookable, *span, self.calendar.zone)
            others = [claim for claim in self.calendar.claims if claim.bookable_id == who]
            used = capacity.peak(others, *span) + taken.claim.units
            name = bookable.title or bookable.kind.value
            text = f"{name} free" if most == 1 else f"{name} {used} of {most}"
            facts: Facts = {"bookable": who, "used": used, "capacity": most}
            yield Reason(code="capacity", text=text, facts=facts)

    def _preference(self, visit: VisitDefinition, here: Placement) -> Iterator[Reason]:
        prefers = self.series.patient.prefers
        if prefers is None:
            return
        against = is_against_preference(visit, here.starts_at, self.series, self.calendar)
        text = f"not in the {prefers.value}" if against else f"in the {prefers.value}, as wished"
        yield Reason(code="preference", text=text, facts={"met": not against})
