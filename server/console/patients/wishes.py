"""What somebody who plans asks for, as their form says it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from server.console.days import a_day
from server.services.planning.planning import Wishes
from shared.vocabulary import DayPart

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The wishes, and the same as fields of a form."""

    wishes: Wishes

    def fields(self) -> Iterable[tuple[str, str]]:
        """Names and values that say the same when they are sent."""
        w = self.wishes
        yield from (("not_on", str(day)) for day in sorted(w.not_on_weekdays))
        for name, ids in (w.candidates or {}).items():
            yield from ((f"with-{name}", each) for each in ids)
        for name, day in (("first", w.start_on_or_after), ("start_by", w.start_by)):
            if day:
                yield name, day.isoformat()
        yield from ((n, str(v)) for n, v in (("prefers", w.prefers), ("visit", w.visit)) if v)

    def with_change(self, change: dict[str, object]) -> "Asked | None":
        """The wishes after a change that lies in them; None for one that lies elsewhere."""
        w = self.wishes
        if change["kind"] == "start-by":
            return Asked(wishes=replace(w, start_by=a_day(str(change["on"]))))
        if change["kind"] == "candidates" and isinstance(change["add"], list):
            name, had = str(change["choice"]), dict(w.candidates or {})
            had[name] = (*had.get(name, ()), *map(str, change["add"]))
            return Asked(wishes=replace(w, candidates=had))
        return None


def read(form: MultiDict[str, str], choices: Iterable[str], people: Container[str]) -> Asked:
    """What a form wishes of these choices and people; what it cannot mean is left out."""
    days = {int(each) for each in form.getlist("not_on") if each in tuple("0123456")}
    return Asked(
        wishes=Wishes(
            candidates=_candidates(form, choices, people) or None,
            start_on_or_after=a_day(form.get("first", "")),
            start_by=a_day(form.get("start_by", "")),
            not_on_weekdays=frozenset(days if len(days) < len(WEEKDAYS) else ()),
            prefers=next((p for p in DayPart if p == form.get("prefers")), None),
            visit=form.get("visit", "")[:MOST] or None,
        )
    )


def _candidates(
    form: MultiDict[str, str], choices: Iterable[str], people: Container[str]
) -> dict[str, tuple[str, ...]]:
    named = {
        name: tuple(each for each in form.getlist(f"with-{name}") if each in people)
        for name in choices
    }
    return {name: ids for name, ids in named.items() if ids}
