"""Why a plan is a good one, visit by visit, in facts and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from server.domain.calendars import ClinicCalendar
from server.domain.claims import PartTaken, taken
from server.domain.local_time import utc
from server.domain.placement import Placement, SeriesPlan, SeriesToPlace
from server.domain.protocols import VisitDefinition, Window
from server.domain.windows import day_of_window, distance, edge_at
from server.planner.cost import days_off_target, is_against_preference
from server.planner.reasons.crowd import Crowd
from shared.vocabulary import BookableKind

_ROOMS = frozenset({BookableKind.CHAIR, BookableKind.ROOM})


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One fact about a visit's time. `code` is stable; `facts` hold ids and numbers."""

    code: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Plain values only."""
        return {"code": self.code, "text": self.text, "facts": dict(self.facts)}


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitReasons:
    """All that speaks for (or against) one visit's time."""

    visit: str
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        """ "day 3 of 2-4, same therapist, chair free, nurse 2 of 3" """
        return ", ".join(each.text for each in self.reasons)

    def as_json(self) -> list[dict[str, object]]:
        """The reasons as plain values."""
        return [each.as_json() for each in self.reasons]


def reasons(
    plan: SeriesPlan,
    series: SeriesToPlace,
    calendar: ClinicCalendar,
    crowd: Crowd | None = None,
) -> list[VisitReasons]:
    """The reasons for every placement, in the plan's order. `crowd` is of this and other plans,
    where there are some. Raises KeyError for a visit that the series does not have or a choice that
    was not made."""
    witness = _Witness(plan, series, calendar, crowd or Crowd.of_plans(calendar, [plan]))
    return [
        VisitReasons(visit=each.visit, reasons=tuple(witness.reasons(each)))
        for each in plan.placements
    ]


class _Witness:
    """Looks at one plan on the clinic's calendar."""

    def __init__(
        self, plan: SeriesPlan, series: SeriesToPlace, calendar: ClinicCalendar, crowd: Crowd
    ) -> None:
        self.plan, self.series, self.calendar = plan, series, calendar
        self.visits = {visit.code: visit for visit in series.visits}
        self.times = dict(series.fixed) | {each.visit: each for each in plan.placements}
        self.crowd = crowd

    def reasons(self, placement: Placement) -> Iterator[Reason]:
        visit = self.visits[placement.visit]
        for window in visit.windows:
            if window.anchor in self.times and window.anchor != visit.code:
                yield self._window(placement, window)
        off = days_off_target(visit, placement, self.series, self.plan, self.calendar)
        if off:
            yield _target(off)
        yield from self._people(visit, placement)
        yield from self._pools(visit, placement)
        yield from self._wishes(visit, placement)

    def _window(self, placement: Placement, window: Window) -> Reason:
        anchor = self.times[window.anchor]
        edge = edge_at(self.visits[window.anchor], anchor.starts_at, window.edge)
        zone = self.calendar.zone
        facts = {
            "anchor": window.anchor,
            "edge": window.edge.value,
            "unit": window.unit.value,
            "distance": round(distance(window, placement.starts_at, edge, zone), 2),
            "opens": window.opens,
            "closes": window.closes,
        }
        text = day_of_window(window, placement.starts_at, edge, zone)
        return Reason(code="window", text=text, facts=facts)

    def _people(self, visit: VisitDefinition, placement: Placement) -> Iterator[Reason]:
        """Who was chosen: the one kept for the series, and those for this visit."""
        claimed = {claim.choice for part in visit.parts for claim in part.claims if claim.choice}
        for name in sorted(claimed & set(self.plan.choices)):
            who = self.plan.choices[name]
            facts = {"choice": name, "chosen": who, "first": who == self._first(name)}
            yield Reason(code="same", text=f"same {name}", facts=facts)
        for name, who in placement.choices.items():
            facts = {"choice": name, "chosen": who, "first": who == self._first(name)}
            yield Reason(code="chosen", text=f"{name} {self.crowd.title(who)} free", facts=facts)

    def _first(self, choice: str) -> str:
        return self.series.candidates[choice][0]

    def _pools(self, visit: VisitDefinition, placement: Placement) -> Iterator[Reason]:
        """How full the pools are that the visit draws on, at its tightest moment."""
        chosen = {**self.plan.choices, **placement.choices}
        by_pool: dict[str, list[PartTaken]] = {}
        for each in taken(visit, placement.starts_at, chosen):
            by_pool.setdefault(each.claim.bookable_id, []).append(each)
        for bookable, claims in by_pool.items():
            if bookable in chosen.values():
                continue
            watched = all(each.claim.units == 0 for each in claims)
            yield self._on_site(bookable) if watched else self._pool(bookable, claims)

    def _on_site(self, bookable: str) -> Reason:
        text = f"{self.crowd.title(bookable)} there"
        return Reason(code="on-site", text=text, facts={"bookable": bookable})

    def _pool(self, bookable: str, claims: list[PartTaken]) -> Reason:
        used, capacity = self.crowd.tightest(bookable, [each.claim for each in claims])
        title, kind = self.crowd.title(bookable), self.crowd.kind(bookable)
        free = capacity - used + max(each.claim.units for each in claims)
        facts = {"bookable": bookable, "used": used, "capacity": capacity, "free": free}
        if kind in _ROOMS:
            text = f"{kind} free" if capacity == 1 else f"{title} free: {free} of {capacity}"
            return Reason(code="free", text=text, facts=facts)
        return Reason(code="staffed", text=f"{kind} {used} of {capacity}", facts=facts)

    def _wishes(self, visit: VisitDefinition, placement: Placement) -> Iterator[Reason]:
        prefers = self.series.patient.prefers
        if prefers is not None and any(part.with_patient for part in visit.parts):
            at = placement.starts_at
            against = is_against_preference(visit, at, self.series, self.calendar)
            text = f"not in the {prefers}" if against else f"{prefers} as preferred"
            yield Reason(code="preference", text=text, facts={"met": not against})
        held = self.series.held.get(visit.code)
        if held is not None:
            moved = utc(held.starts_at) != utc(placement.starts_at)
            text = "moves" if moved else "stays where it is"
            yield Reason(code="held", text=text, facts={"moved": moved})


def _target(off: list[int]) -> Reason:
    days = sum(off)
    said = "on the wished day" if not days else f"{days} day{'s' * (days != 1)} off the wished one"
    return Reason(code="target", text=said, facts={"days_off": days})
