"""Tries every way to place a small series. Slow and dumb on purpose: it shares nothing with the
planner but the clinic's own types, works in minutes and datetimes, and knows no shortcut but to
give up on what already costs too much."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product

from server.domain.calendars import Bookable, ClinicCalendar, PatientTimes
from server.domain.placement import SeriesToPlace, Weights
from server.domain.protocols import VisitDefinition, Window
from shared.vocabulary import DayPart, Edge, WindowUnit

STEP = timedelta(minutes=15)
"""Hours, claims and part lengths of the instances are multiples of this."""
STANDARD = Weights()
Try = tuple[datetime, dict[str, str]]


class BruteForce:
    """One instance. `least_cost` is None where there is no plan."""

    def __init__(self, series: SeriesToPlace, calendar: ClinicCalendar, weights: Weights) -> None:
        self.series, self.calendar, self.weights = series, calendar, weights
        self.zone = calendar.zone
        self.visits = {visit.code: visit for visit in series.visits}
        self.open = [visit for visit in series.visits if visit.code not in series.fixed]
        self.kept_names = [each.name for each in series.choices if each.kept]
        self.kept: dict[str, str] = {}
        self._configured = cache(self._configured_at)
        self._taken = cache(self._taken_at)
        self._pair_stands = cache(self._pair_stands_at)
        self.least_cost: int | None = None
        self._try_everybody()

    def _try_everybody(self) -> None:
        claimed = {c.choice for v in self.open for p in v.parts for c in p.claims if c.choice}
        names = [name for name in self.kept_names if name in claimed]
        for who in product(*(self.series.candidates.get(name, ()) for name in names)):
            self.kept = dict(zip(names, who, strict=True))
            tries = [list(self._tries(visit)) for visit in self.open]
            self._place(tries, {}, self._kept_cost())

    def _kept_cost(self) -> int:
        cost = 0
        for name, who in self.kept.items():
            if who != self.series.candidates[name][0]:
                cost += self.weights.not_first_choice
            if name in self.series.held_choices and who != self.series.held_choices[name]:
                cost += self.weights.kept_choice_changed
        return cost

    def _place(self, tries: list[list[Try]], placed: dict[str, Try], cost: int) -> None:
        """Place what is not placed yet in every way; `least_cost` becomes the least met."""
        if self.least_cost is not None and cost >= self.least_cost:
            return
        if len(placed) == len(self.open):
            cost += self._wishes(placed)
            self.least_cost = cost if self.least_cost is None else min(cost, self.least_cost)
            return
        visit = self.open[len(placed)]
        for each in tries[len(placed)]:
            placed[visit.code] = each
            if self._stands(visit, placed):
                self._place(tries, placed, cost + self._own_cost(visit, each))
            del placed[visit.code]

    # One visit by itself

    def _tries(self, visit: VisitDefinition) -> Iterator[Try]:
        names = sorted(
            {
                claim.choice
                for part in visit.parts
                for claim in part.claims
                if claim.choice and claim.choice not in self.kept_names
            }
        )
        ways = [
            dict(zip(names, who, strict=True))
            for who in product(*(self.series.candidates.get(name, ()) for name in names))
        ]
        for at in self._starts(visit):
            for way in ways:
                if self._fits({visit.code: (at, way)}):
                    yield at, way

    def _starts(self, visit: VisitDefinition) -> Iterator[datetime]:
        series = self.series
        at = datetime.combine(series.ready_on - timedelta(days=1), time(), UTC)
        end = datetime.combine(series.last_day + timedelta(days=2), time(), UTC)
        while at < end:
            if self._possible(visit, at):
                yield at
            at += STEP

    def _possible(self, visit: VisitDefinition, at: datetime) -> bool:
        series, clock = self.series, at.astimezone(self.zone)
        on = clock.date()
        if not series.ready_on <= on <= series.last_day or at < series.not_before:
            return False
        if (clock.hour * 60 + clock.minute) % self.calendar.grid_minutes:
            return False
        if visit.code == series.start_visit and series.start_by and on > series.start_by:
            return False
        last = at + timedelta(minutes=visit.minutes) - timedelta(minutes=1)
        if last.astimezone(self.zone).date() != on:
            return False
        return all(self._patient_can(at_) for at_ in self._attended(visit, at))

    def _attended(self, visit: VisitDefinition, at: datetime) -> Iterator[datetime]:
        for part in visit.parts:
            for _ in range(part.minutes // 15):
                if part.with_patient:
                    yield at
                at += STEP

    def _patient_can(self, at: datetime) -> bool:
        patient: PatientTimes = self.series.patient
        clock = at.astimezone(self.zone)
        if clock.date() in patient.away:
            return False
        if any(busy.starts_at <= at < busy.ends_at for busy in patient.busy):
            return False
        if patient.weekly is None:
            return True
        minute = clock.hour * 60 + clock.minute
        return any(
            clock.weekday() in row.days and row.opens <= minute < row.closes and row.capacity > 0
            for row in patient.weekly
        )

    def _own_cost(self, visit: VisitDefinition, placed: Try) -> int:
        at, way = placed
        series, weights = self.series, self.weights
        on = at.astimezone(self.zone).date()
        cost = 0
        if visit.code == series.start_visit:
            cost += weights.delay_day * (on - series.ready_on).days
        if series.patient.prefers is not None and any(p.with_patient for p in visit.parts):
            attended = list(self._attended(visit, at))
            middle = attended[0] + (attended[-1] + STEP - attended[0]) / 2
            late = middle.astimezone(self.zone).hour >= 13
            if late == (series.patient.prefers is DayPart.MORNING):
                cost += weights.against_preference
        held = series.held.get(visit.code)
        if held is not None:
            if (
                held.starts_at.astimezone(UTC) != at
                or any(held.choices.get(name) != who for name, who in way.items())
                or self._loses_somebody(visit)
            ):
                cost += weights.moved
            if held.starts_at.astimezone(self.zone).date() != on:
                cost += weights.moved_day
        return cost

    def _loses_somebody(self, visit: VisitDefinition) -> bool:
        """Is somebody kept from now on whom the visit did not have so far?"""
        claimed = {claim.choice for part in visit.parts for claim in part.claims}
        so_far = self.series.held_choices
        return any(
            so_far.get(name, who) != who for name, who in self.kept.items() if name in claimed
        )

    # Visits together

    def _stands(self, visit: VisitDefinition, placed: Mapping[str, Try]) -> bool:
        at = placed[visit.code][0]
        fixed = {code: each.starts_at.astimezone(UTC) for code, each in self.series.fixed.items()}
        others = fixed | {code: each[0] for code, each in placed.items() if code != visit.code}
        pairs = ((visit.code, at, code, other_at) for code, other_at in others.items())
        return all(self._pair_stands(*pair) for pair in pairs) and self._fits(placed)

    def _pair_stands_at(self, code: str, at: datetime, other_code: str, other_at: datetime) -> bool:
        visit, other = self.visits[code], self.visits[other_code]
        if not self._windows_hold(visit, at, other, other_at):
            return False
        if not self._windows_hold(other, other_at, visit, at):
            return False
        if self._apart(visit, other) and self._on(at) == self._on(other_at):
            return False
        both = set(self._attended(visit, at)) & set(self._attended(other, other_at))
        return other_code in self.series.fixed or not both

    def _on(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @staticmethod
    def _apart(one: VisitDefinition, other: VisitDefinition) -> bool:
        names, others = {one.code, one.family}, {other.code, other.family}
        return bool(names & set(other.never_same_day_as) or others & set(one.never_same_day_as))

    def _windows_hold(
        self, visit: VisitDefinition, at: datetime, anchor: VisitDefinition, anchor_at: datetime
    ) -> bool:
        return all(
            self._holds(window, at, self._edge(window, anchor, anchor_at))
            for window in visit.windows
            if window.anchor == anchor.code
        )

    def _holds(self, window: Window, at: datetime, edge: datetime) -> bool:
        if window.unit is WindowUnit.HOURS:
            away = (at - edge).total_seconds() / 3600
        else:
            away = (self._on(at) - self._on(edge)).days
        return (window.opens is None or away >= window.opens) and (
            window.closes is None or away <= window.closes
        )

    @staticmethod
    def _edge(window: Window, anchor: VisitDefinition, at: datetime) -> datetime:
        if window.edge is Edge.START:
            return at
        end = last = 0
        for part in anchor.parts:
            end += part.minutes or 0
            last = end if part.with_patient else last
        return at + timedelta(minutes=last or end)

    def _wishes(self, placed: Mapping[str, Try]) -> int:
        times = {code: each.starts_at.astimezone(UTC) for code, each in self.series.fixed.items()}
        times |= {code: each[0] for code, each in placed.items()}
        off = 0
        for code, (at, _) in placed.items():
            for window in self.visits[code].windows:
                if window.target is not None and window.anchor in times:
                    edge = self._edge(window, self.visits[window.anchor], times[window.anchor])
                    if window.unit is WindowUnit.HOURS:
                        wished = self._on(edge + timedelta(hours=window.target))
                    else:
                        wished = self._on(edge) + timedelta(days=window.target)
                    off += abs((self._on(at) - wished).days)
        return off * self.weights.off_target_day

    def _fits(self, placed: Mapping[str, Try]) -> bool:
        taken: dict[tuple[str, datetime], int] = {}
        for code, (start, way) in placed.items():
            at = start
            for part in self.visits[code].parts:
                for _ in range(part.minutes // 15):
                    for claim in part.claims:
                        who = claim.bookable or {**self.kept, **way}[claim.choice]
                        if self._configured(who, at) < 1:
                            return False
                        if claim.units:
                            taken[who, at] = taken.get((who, at), 0) + claim.units
                    at += STEP
        return all(
            units + self._taken(who, at) <= self._configured(who, at)
            for (who, at), units in taken.items()
        )

    def _taken_at(self, who: str, at: datetime) -> int:
        return sum(
            claim.units
            for claim in self.calendar.claims
            if claim.bookable_id == who and claim.starts_at <= at < claim.ends_at
        )

    def _configured_at(self, who: str, at: datetime) -> int:
        bookable: Bookable | None = self.calendar.bookables.get(who)
        clock = at.astimezone(self.zone)
        minute = clock.hour * 60 + clock.minute
        if bookable is None or (bookable.usable_until and clock.date() > bookable.usable_until):
            return 0
        units = sum(
            row.capacity
            for row in bookable.weekly
            if clock.weekday() in row.days and row.opens <= minute < row.closes
        )
        today = [each for each in bookable.exceptions if each.on == clock.date()]
        for each in [e for e in today if e.opens is None] + [
            e for e in today if e.opens is not None
        ]:
            if each.opens is None or each.opens <= minute < each.closes:
                units = each.capacity
        return units


def least_cost(
    series: SeriesToPlace, calendar: ClinicCalendar, weights: Weights = STANDARD
) -> int | None:
    """The cost of the best plan, or None where every way to place the series breaks a rule."""
    return BruteForce(series, calendar, weights).least_cost
