"""Writes a protocol's repeats out: "infusion, six times" becomes infusion-1 to infusion-6."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from server.domain.protocol_templates import (
    OPEN_ENDED_TIMES,
    CheckInTemplate,
    Phase,
    PhaseStart,
    VisitTemplate,
    Which,
    WindowTemplate,
)
from server.domain.protocols import CheckInDefinition
from server.domain.visit_definitions import VisitDefinition, Window
from shared.vocabulary import WindowUnit


@dataclass(frozen=True)
class Repeats:
    """How often each visit of a protocol takes place, by its code as written."""

    templates: Mapping[str, VisitTemplate]

    def times(self, code: str) -> int:
        """How often a visit takes place; 0 for an unknown one."""
        template = self.templates.get(code)
        if template is None:
            return 0
        if template.for_each is not None:
            leader = self.templates.get(template.for_each)
            return 0 if leader is None or leader.for_each else self.times(leader.code)
        return (template.repeat.times or OPEN_ENDED_TIMES) if template.repeat else 1

    def numbered(self, code: str) -> bool:
        """Do the repeats carry numbers? A visit that takes place once keeps its bare code."""
        template = self.templates[code]
        leader = self.templates.get(template.for_each or "")
        return bool(template.repeat or (leader and leader.repeat))

    def code(self, family: str, ordinal: int) -> str:
        """The code of one repeat: "infusion-3", or the bare code."""
        return f"{family}-{ordinal}" if self.numbered(family) else family

    def ordinal(self, window: WindowTemplate, ordinal: int) -> int | None:
        """Which repeat of the anchor a window of repeat `ordinal` is counted from, if there is
        one: the last repeat has no next."""
        which, times = window.which or Which.SAME, self.times(window.anchor)
        if not self.numbered(window.anchor):
            return 1
        wanted = (
            {
                Which.SAME: ordinal,
                Which.NEXT: ordinal + 1,
                Which.PREVIOUS: ordinal - 1,
                Which.FIRST: 1,
                Which.LAST: times,
            }.get(which, which)
            if isinstance(which, Which)
            else which
        )
        return wanted if isinstance(wanted, int) and 1 <= wanted <= times else None


def repeats(phases: Sequence[Phase]) -> Repeats:
    """The repeats of all phases together."""
    return Repeats({visit.code: visit for phase in phases for visit in phase.visits})


def written_out(phases: Sequence[Phase]) -> tuple[VisitDefinition, ...]:
    """Every visit of the protocol, phase by phase, each visit's repeats in order."""
    known = repeats(phases)
    return tuple(
        _visit(template, ordinal, phase, known)
        for phase in phases
        for template in phase.visits
        for ordinal in range(1, known.times(template.code) + 1)
    )


def _visit(template: VisitTemplate, ordinal: int, phase: Phase, known: Repeats) -> VisitDefinition:
    return VisitDefinition(
        code=known.code(template.code, ordinal),
        family=template.code,
        ordinal=ordinal,
        title=f"{template.title} {ordinal}" if known.numbered(template.code) else template.title,
        kind=template.kind,
        phase=phase.code,
        parts=template.parts,
        windows=tuple(_windows(template, ordinal, known)),
        never_same_day_as=template.never_same_day_as,
        remote=template.remote,
        awaits_decision=phase.begins is PhaseStart.ON_DECISION,
        if_missed=template.if_missed,
        tell_before=template.tell_before,
        tell_after=template.tell_after,
    )


def _windows(template: VisitTemplate, ordinal: int, known: Repeats) -> Iterator[Window]:
    gap = template.repeat.gap if template.repeat else None
    if ordinal > 1 and template.repeat:
        yield _gap(gap, known.code(template.code, ordinal - 1))
    last = known.times(template.code)
    for window in template.windows:
        anchor = known.ordinal(window, ordinal)
        if anchor is None or not _concerns(window, ordinal, last):
            continue
        code = known.code(window.anchor, anchor)
        if code != known.code(template.code, ordinal):
            yield _window_before(window, code, template) if window.before else _window(window, code)
    for family in template.same_day_as:
        here = WindowTemplate(anchor=family, unit=WindowUnit.DAYS, opens=0, target=0, closes=0)
        if (anchor := known.ordinal(here, ordinal)) is not None:
            yield _window(here, known.code(family, anchor))


def _concerns(window: WindowTemplate, ordinal: int, last: int) -> bool:
    ordinals = {Which.FIRST: 1, Which.LAST: last}
    return not window.only or ordinal in {
        ordinals[each] if isinstance(each, Which) else each for each in window.only
    }


def _gap(gap: WindowTemplate | None, previous: str) -> Window:
    """The window after the repeat before. Without a minimum in days repeats still stand on
    different days, and without one in hours still in their order."""
    if gap is None:
        return Window(anchor=previous, unit=WindowUnit.DAYS, opens=1)
    least = 1.0 if gap.unit is WindowUnit.DAYS else 0.0
    return _window(gap, previous, opens=least if gap.opens is None else gap.opens)


def _window(template: WindowTemplate, anchor: str, *, opens: float | None = None) -> Window:
    return Window(
        anchor=anchor,
        edge=template.edge,
        unit=template.unit,
        opens=template.opens if opens is None else opens,
        target=template.target,
        closes=template.closes,
        provenance=template.provenance,
    )


def _window_before(template: WindowTemplate, anchor: str, visit: VisitTemplate) -> Window:
    """The visit is over before its anchor begins: so it starts its own length earlier."""
    ends, with_patient = 0, 0
    for part in visit.parts:
        ends += part.minutes or 0
        with_patient = ends if part.with_patient else with_patient
    hours = (template.opens or 0) + (with_patient or ends) / 60
    by = hours if template.unit is WindowUnit.HOURS else template.opens or 0
    return Window(
        anchor=anchor, unit=template.unit, closes=0.0 - by, provenance=template.provenance
    )


def written_out_check_ins(
    templates: Sequence[CheckInTemplate], phases: Sequence[Phase]
) -> tuple[CheckInDefinition, ...]:
    """Every check-in, one for each visit it follows and each of its own repeats."""
    known = repeats(phases)
    return tuple(found for each in templates for found in _check_ins(each, known))


def _check_ins(template: CheckInTemplate, known: Repeats) -> Iterator[CheckInDefinition]:
    windows = list(_check_in_windows(template, known))
    for ordinal, window in enumerate(windows, start=1):
        several = len(windows) > 1
        yield CheckInDefinition(
            code=f"{template.code}-{ordinal}" if several else template.code,
            family=template.code,
            ordinal=ordinal,
            title=f"{template.title} {ordinal}" if several else template.title,
            instrument=template.instrument,
            by=template.by,
            window=window,
        )


def _check_in_windows(template: CheckInTemplate, known: Repeats) -> Iterator[Window]:
    each = template.window.which is Which.EACH
    anchors = range(1, known.times(template.window.anchor) + 1) if each else [None]
    again = template.repeat
    for anchor in anchors:
        ordinal = known.ordinal(template.window, 1) if anchor is None else anchor
        if ordinal is not None:
            code = known.code(template.window.anchor, ordinal)
            for time in range(again.times if again else 1):
                yield _later(
                    _window(template.window, code), again.every_days * time if again else 0
                )


def _later(window: Window, days: float) -> Window:
    by = days if window.unit is WindowUnit.DAYS else days * 24
    opens, target, closes = (
        None if bound is None else bound + by
        for bound in (window.opens, window.target, window.closes)
    )
    return replace(window, opens=opens, target=target, closes=closes)
