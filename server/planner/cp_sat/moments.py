"""One visit in a model: its start, its day and its time of day, and who is with the patient."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from server.planner.axis import IntArray, TimeAxis
from server.planner.cp_sat.options import BoolArray, NoModel, VisitOptions

Cp = Any
"""A model, a variable or an expression of OR-Tools, which is imported late."""


@dataclass(frozen=True, eq=False)
class Moment:
    """The variables of one visit. `later` says for each day of odd length whether the visit is
    after it, `chosen` its staffings; `against` None where nothing is against the preference."""

    start: Cp
    day: Cp
    time: Cp
    later: dict[int, Cp]
    chosen: dict[int, Cp]
    against: Cp


class Clockwork:
    """Binds starts to days: every day is as long as the others, but for changes of the clock."""

    def __init__(self, model: Cp, axis: TimeAxis) -> None:
        self._model, self._axis = model, axis
        self._lengths = np.diff(axis.day_start)
        self._usual = int(np.bincount(self._lengths).argmax())
        self._odd = [int(day) for day in np.flatnonzero(self._lengths != self._usual)]

    def moment(self, name: str, options: VisitOptions, present: Cp) -> Moment:
        """The variables of a visit that takes place where `present` is true."""
        day, time = self._bound(name, options.starts)
        start = self._model.new_int_var_from_domain(_domain(options.starts), f"{name} start")
        later = {odd: self._later(name, day, odd) for odd in self._odd}
        shift = sum(z * (int(self._lengths[odd]) - self._usual) for odd, z in later.items())
        self._model.add(start == self._usual * day + time + shift)
        chosen = self._staffed(name, options, start, present)
        against = self._against(name, options, (start, time), present)
        return Moment(start, day, time, later, chosen, against)

    def hint(self, moment: Moment, options: VisitOptions, atom: int, present: bool) -> None:
        """Begin with the visit at this start; what is absent is against nothing."""
        day = int(self._axis.day_of[atom])
        self._model.add_hint(moment.start, atom)
        self._model.add_hint(moment.day, day)
        self._model.add_hint(moment.time, atom - int(self._axis.day_start[day]))
        for odd, later in moment.later.items():
            self._model.add_hint(later, day > odd)
        if moment.against is not None and not options.against.all():
            self._model.add_hint(moment.against, present and is_against(options, atom))

    def _bound(self, name: str, starts: IntArray) -> tuple[Cp, Cp]:
        """Day and time of day, in atoms after midnight."""
        days = self._axis.day_of[starts]
        times = starts - self._axis.day_start[days]
        shortest = int(self._lengths.min())
        if int(times.max()) >= shortest:
            raise NoModel("starts in the last hour before midnight where the clock changes")
        day = self._model.new_int_var_from_domain(_domain(np.unique(days)), f"{name} day")
        time = self._model.new_int_var_from_domain(_domain(np.unique(times)), f"{name} time")
        return day, time

    def _later(self, name: str, day: Cp, odd: int) -> Cp:
        """Is the day after one of odd length?"""
        later = self._model.new_bool_var(f"{name} after {odd}")
        self._model.add(day > odd).only_enforce_if(later)
        self._model.add(day <= odd).only_enforce_if(~later)
        return later

    def _staffed(self, name: str, options: VisitOptions, start: Cp, present: Cp) -> dict[int, Cp]:
        """Exactly one staffing where the visit takes place, and only where it has time."""
        chosen = {}
        for each in options.options:
            if len(each.starts):
                one = self._model.new_bool_var(f"{name} staffing {each.staffing}")
                chosen[each.staffing] = one
                if len(each.starts) < len(options.starts):
                    domain = _domain(each.starts)
                    self._model.add_linear_expression_in_domain(start, domain).only_enforce_if(one)
        self._model.add(sum(chosen.values()) == present)
        return chosen

    def _against(self, name: str, options: VisitOptions, at: tuple[Cp, Cp], present: Cp) -> Cp:
        """True where the visit stands against the preference; it may be true elsewhere, too."""
        if not options.against.any():
            return None
        if options.against.all():
            return present
        start, time = at
        against = self._model.new_bool_var(f"{name} against")
        days = self._axis.day_of[options.starts]
        times = options.starts - self._axis.day_start[days]
        good, bad = _split(times, options.against)
        kept = self._model.add_linear_expression_in_domain
        if set(good) & set(bad):
            kept(start, _domain(options.starts[~options.against])).only_enforce_if(
                ~against, present
            )
        else:
            kept(time, _domain(good)).only_enforce_if(~against, present)
        return against


def is_against(options: VisitOptions, atom: int) -> bool:
    """Is a start against the patient's preference?"""
    return bool(options.against[np.searchsorted(options.starts, atom)])


def _split(times: IntArray, against: BoolArray) -> tuple[IntArray, IntArray]:
    return np.unique(times[~against]), np.unique(times[against])


def _domain(values: IntArray) -> Cp:
    """The values as stretches."""
    from ortools.sat.python import cp_model

    ends = np.flatnonzero(np.diff(values) != 1)
    first = values[np.concatenate(([0], ends + 1))]
    last = values[np.concatenate((ends, [len(values) - 1]))]
    pairs = np.stack((first, last), axis=1).tolist()
    return cp_model.Domain.from_intervals(pairs)
