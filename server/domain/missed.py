"""What the clinic does about a visit that did not take place.

It rests on clinical/protocols.md section 3: no trial of intravenous ketamine publishes a rule
(null), so the software keeps the protocol's own bounds and leaves what lies beyond them to a
prescriber; psychotherapy outside its window is a recorded deviation (as in NCT04560660).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.placement import Placement
from server.domain.protocols import MissedRule, VisitDefinition
from server.domain.series import PAIRED_KINDS, Due, due_windows, followers
from shared.vocabulary import VisitKind


class Remedy(StrEnum):
    """What the clinic does about a missed visit."""

    REPLAN = "replan"
    """Its window is open: book it again under its ordinal, and after it all that hangs on it."""
    PRESCRIBER_DECIDES = "prescriber-decides"
    """An infusion beyond its greatest gap: resume, extend or restart."""
    DEVIATION = "deviation"
    """Its window has closed: recorded as a deviation, never shifted silently."""


class Decision(StrEnum):
    """What a prescriber may decide on an infusion missed beyond its greatest gap."""

    RESUME = "resume"
    EXTEND = "extend"
    RESTART = "restart"


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What follows a missed visit. `replan` are the visits that need (other) times, in protocol
    order; `decisions` what a prescriber may choose; `pair_with` the next infusion that missed
    psychotherapy may be paired with, if somebody agrees."""

    visit: str
    remedy: Remedy
    due: Due
    replan: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    pair_with: str | None = None


def follow_up_of_missed(
    missed: str,
    visits: Sequence[VisitDefinition],
    happened: Mapping[str, Placement],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> FollowUp:
    """What to do about a visit that did not take place; `happened` are those that did.

    Within its window a visit keeps its ordinal and later visits follow it at their own minimum
    gaps, so two infusions never come closer than the protocol allows; only where the protocol
    says so does a prescriber decide at once. Beyond its window a prescriber decides on an
    infusion, and on what the protocol would not give up; the rest is recorded as a deviation.
    Raises KeyError for a visit the series does not have or that took place.
    """
    due = due_windows(visits, happened, zone)[missed]
    visit = next(each for each in visits if each.code == missed)
    remedy = _remedy(visit, over=due.is_over(now, zone))
    if remedy is Remedy.DEVIATION:
        paired = visit.kind in PAIRED_KINDS
        pair_with = _next_infusion(visit, visits, happened) if paired else None
        return FollowUp(visit=missed, remedy=remedy, due=due, pair_with=pair_with)
    later = tuple(code for code in followers(missed, visits) if code not in happened)
    decisions = tuple(Decision) if remedy is Remedy.PRESCRIBER_DECIDES else ()
    return FollowUp(
        visit=missed, remedy=remedy, due=due, replan=(missed, *later), decisions=decisions
    )


def _remedy(visit: VisitDefinition, *, over: bool) -> Remedy:
    if visit.if_missed is MissedRule.PRESCRIBER_DECIDES:
        return Remedy.PRESCRIBER_DECIDES
    if not over:
        return Remedy.REPLAN
    keeps = visit.kind is VisitKind.INFUSION or visit.if_missed is MissedRule.KEEP_ORDINAL
    return Remedy.PRESCRIBER_DECIDES if keeps else Remedy.DEVIATION


def _next_infusion(
    visit: VisitDefinition, visits: Sequence[VisitDefinition], happened: Mapping[str, Placement]
) -> str | None:
    """The first infusion to come after those the visit was paired with."""
    infusions = [each.code for each in visits if each.kind is VisitKind.INFUSION]
    paired = [infusions.index(w.anchor) for w in visit.windows if w.anchor in infusions]
    if not paired:
        return None
    to_come = infusions[max(paired) + 1 :]
    return next((code for code in to_come if code not in happened), None)
