"""A rule that is not met, with its facts; refusals are built from these."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class BreachCode(StrEnum):
    """Every rule that booking proves, by the code that programs see. None is ever renamed."""

    MISSING_VISIT = "missing-visit"
    """A visit of the series has no time in the plan."""
    UNKNOWN_VISIT = "unknown-visit"
    """The plan names a visit that the series does not have."""
    VISIT_TWICE = "visit-twice"
    """The plan holds two times for one visit; its other rules are read from the earlier one."""
    VISIT_IS_FIXED = "visit-is-fixed"
    """The plan gives a time to a visit that has to stay where it is."""
    AWAITS_DECISION = "awaits-decision"
    """The plan holds a visit on which a prescriber must decide first."""
    ANCHOR_MISSING = "anchor-missing"
    """The visit is counted from another one that has no time."""
    LENGTH_NOT_SET = "length-not-set"
    """A part of the visit has no length yet."""
    NOT_AN_INSTANT = "not-an-instant"
    """The time carries no zone, or lies in an unbelievable year."""
    IN_THE_PAST = "in-the-past"
    """The visit would have begun already."""
    TOO_SOON = "too-soon"
    """The visit is before the first instant the clinic plans for."""
    OFF_GRID = "off-grid"
    """The start is not on the clinic's grid."""
    OVER_MIDNIGHT = "over-midnight"
    """The visit does not end on the clinic-local day it begins; ending at 24:00 is allowed."""
    BEFORE_READY = "before-ready"
    """The visit is before the first day on which the patient may begin."""
    AFTER_LAST_DAY = "after-last-day"
    """The visit is after the last day that is planned for."""
    AFTER_START_BY = "after-start-by"
    """The visit that starts the series is after the day by which it must have started."""
    OUTSIDE_WINDOW = "outside-window"
    """Too early or too late after (or before) the visit it is counted from."""
    SAME_DAY = "same-day"
    """Two visits that the protocol keeps on different days are on one."""
    PATIENT_DOUBLE_BOOKED = "patient-double-booked"
    """The patient would be at two appointments at once."""
    PATIENT_UNAVAILABLE = "patient-unavailable"
    """The patient said not to be able to come then."""
    UNKNOWN_CHOICE = "unknown-choice"
    """Nobody is chosen, or somebody who is not among those open to this patient."""
    KEPT_CHOICE_DIFFERS = "kept-choice-differs"
    """Somebody who should stay the same for the whole series does not."""
    UNKNOWN_BOOKABLE = "unknown-bookable"
    """The visit claims something that the clinic's calendar does not have."""
    CREDENTIAL_EXPIRED = "credential-expired"
    """A practitioner's credentials have run out by then."""
    OUTSIDE_HOURS = "outside-hours"
    """What the visit claims is closed or not at work at some moment of it."""
    NO_CAPACITY = "no-capacity"
    """What the visit claims is at work, but too much of it is taken."""
    NOBODY_ON_SITE = "nobody-on-site"
    """Somebody who must be there throughout, though not used up, is not."""
    ON_HOLD = "on-hold"
    """A clinician has put the series on hold."""
    ALREADY_BOOKED = "already-booked"
    """The series, or the visit, has its booking already."""
    STALE = "stale"
    """What was seen when deciding has changed since."""
    NOT_ALLOWED_CHANGE = "not-allowed-change"
    """A status cannot follow from the present one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """One broken rule. `code` is stable and machine-readable; `facts` hold ids, instants, dates,
    numbers - never a name or anything else about the patient.

    Instants in `facts` are aware and in the clinic's zone; `sentence` shows what each code carries.
    """

    code: str
    visit: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """Something asked for breaks rules of the clinic; nothing was written."""

    def __init__(self, breaches: list[Breach]) -> None:
        super().__init__(", ".join(sorted({breach.code for breach in breaches})))
        self.breaches = tuple(breaches)


def sentence(breach: Breach) -> str:
    """The breach in plain English, for a person who is about to put it right.

    Reads only code, visit and facts; facts that are absent become "unknown". Never raises.
    """
    words = _WORDINGS.get(breach.code, "{visit} breaks the rule {code}.")
    facts = _Facts(breach.facts) | {"code": breach.code, "visit": breach.visit or "the series"}
    if breach.code == BreachCode.OUTSIDE_WINDOW:
        facts |= _window_facts(breach.facts)
    elif breach.code == BreachCode.UNKNOWN_CHOICE and "chosen" not in breach.facts:
        words = "Nobody is chosen as {choice} for {visit}."
    elif breach.code == BreachCode.PATIENT_DOUBLE_BOOKED and "other" in breach.facts:
        words = "{visit} overlaps {other}, which lasts from {starts_at} to {ends_at}."
    elif breach.code == BreachCode.PATIENT_UNAVAILABLE and breach.facts.get("away"):
        words = "The patient is away at {at}, during {visit}."
    elif breach.code == BreachCode.OFF_GRID and "nearest_at" in breach.facts:
        words += " The nearest is {nearest_at}."
    said = words.format_map(_Facts({name: _say(name, fact) for name, fact in facts.items()}))
    return said[:1].upper() + said[1:]


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "unknown"


_WORDINGS: Mapping[str, str] = {
    BreachCode.MISSING_VISIT: "{visit} has no time in this plan.",
    BreachCode.UNKNOWN_VISIT: "{visit} is no visit of this series.",
    BreachCode.VISIT_TWICE: "{visit} has {times} times in this plan; it takes place once.",
    BreachCode.VISIT_IS_FIXED: "{visit} has to stay where it is.",
    BreachCode.AWAITS_DECISION: "A prescriber must decide on {visit} before it is planned.",
    BreachCode.ANCHOR_MISSING: "{visit} is counted from {anchor}, which has no time.",
    BreachCode.LENGTH_NOT_SET: "The protocol does not say how long {part} of {visit} takes.",
    BreachCode.NOT_AN_INSTANT: "{given} is not a time {visit} can begin: it needs a time zone "
    "and a believable year.",
    BreachCode.IN_THE_PAST: "{visit} at {starts_at} would be in the past; "
    "first allowed {first_allowed_at}.",
    BreachCode.TOO_SOON: "{visit} at {starts_at} is too soon; first allowed {first_allowed_at}.",
    BreachCode.OFF_GRID: "{visit} at {starts_at} does not begin on the clinic's "
    "{grid_minutes}-minute grid.",
    BreachCode.OVER_MIDNIGHT: "{visit} at {starts_at} would last over midnight, until {ends_at}.",
    BreachCode.BEFORE_READY: "{visit} on {on} is before the patient is ready; "
    "first allowed {first_allowed_on}.",
    BreachCode.AFTER_LAST_DAY: "{visit} on {on} is after the last day planned for, "
    "{last_allowed_on}.",
    BreachCode.AFTER_START_BY: "{visit} on {on} starts the series too late; "
    "last allowed {last_allowed_on}.",
    BreachCode.OUTSIDE_WINDOW: "{visit} is {by} too {too}: it belongs {rule}; {nearest}.",
    BreachCode.SAME_DAY: "{visit} must not be on the same day as {other}, {on}.",
    BreachCode.PATIENT_DOUBLE_BOOKED: "During {visit} the patient has another appointment, "
    "from {starts_at} to {ends_at}.",
    BreachCode.PATIENT_UNAVAILABLE: "The patient cannot come at {at}, during {visit}.",
    BreachCode.UNKNOWN_CHOICE: "{title} is not open to this patient as {choice} for {visit}.",
    BreachCode.KEPT_CHOICE_DIFFERS: "{visit} has {title} as {choice}; "
    "it must stay {kept_title} for the whole series.",
    BreachCode.UNKNOWN_BOOKABLE: "{visit} needs {bookable}, which this clinic does not have.",
    BreachCode.CREDENTIAL_EXPIRED: "The credentials of {title} end on {usable_until}, "
    "before {visit} on {on}.",
    BreachCode.OUTSIDE_HOURS: "{title} is closed or not at work at {at}, during {part} of {visit}.",
    BreachCode.NO_CAPACITY: "{title}: {taken} of {capacity} taken at {at}, and {part} of "
    "{visit} needs {needs}.",
    BreachCode.NOBODY_ON_SITE: "Nobody is there for {title} at {at}, during {part} of {visit}.",
    BreachCode.ON_HOLD: "The series is on hold; a clinician must resume it first.",
    BreachCode.ALREADY_BOOKED: "{visit} is booked already.",
    BreachCode.STALE: "{visit} has changed since you looked; look again and decide anew.",
    BreachCode.NOT_ALLOWED_CHANGE: "{what} that is {before} cannot become {after}.",
}
_VISITS = frozenset({"visit", "other", "anchor"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _say(name: str, fact: object) -> str:
    """A fact as people write it: "Fri 14 May 14:00", "infusion 3"."""
    if isinstance(fact, datetime):
        return f"{_say(name, fact.date())} {fact:%H:%M}"
    if isinstance(fact, date):
        return f"{_DAYS[fact.weekday()]} {fact.day} {_MONTHS[fact.month - 1]}"
    return str(fact).replace("-", " ") if name in _VISITS else str(fact)


def _window_facts(facts: Mapping[str, object]) -> dict[str, object]:
    early = facts.get("too") == "early"
    nearest = facts.get("nearest_at", facts.get("nearest_on", "unknown"))
    return {
        "by": length(_number(facts.get("by")) or 0, str(facts.get("unit"))),
        "rule": _rule(facts),
        "nearest": f"{'first' if early else 'last'} allowed {_say('nearest', nearest)}",
    }


def _rule(facts: Mapping[str, object]) -> str:
    """Where a window puts a visit: "24-72 hours after the end of infusion 1"."""
    opens, closes = _number(facts.get("opens")), _number(facts.get("closes"))
    anchor = _say("anchor", facts.get("anchor", "unknown"))
    edge = f"{'the end of ' if facts.get('edge') == 'end' else ''}{anchor}"
    unit = str(facts.get("unit", "days"))
    before = (
        closes is not None and closes <= 0 and (closes < 0 or (opens is not None and opens < 0))
    )
    if before:
        opens, closes = (None if bound is None else -bound for bound in (closes, opens))
    return f"{_range(opens, closes, unit)} {'before' if before else 'after'} {edge}"


def _range(opens: float | None, closes: float | None, unit: str) -> str:
    if opens is not None and closes is not None:
        between = "-" if opens >= 0 else " to "
        return f"{_plain(opens)}{between}{_plain(closes)} {unit}"
    if opens is not None:
        return f"at least {_plain(opens)} {unit}"
    return "any time" if closes is None else f"at most {_plain(closes)} {unit}"


def length(amount: float, unit: str) -> str:
    """A positive length in words: "2 days", "1 hour 15 minutes"; hours to the next minute up."""
    if unit != "hours":
        return _counted(amount, "day")
    hours, minutes = divmod(math.ceil(round(amount * 60, 6)), 60)
    said = [_counted(hours, "hour")] if hours else []
    return " ".join(said + ([_counted(minutes, "minute")] if minutes else []))


def _counted(amount: float, noun: str) -> str:
    return f"{_plain(amount)} {noun}{'' if amount == 1 else 's'}"


def _plain(amount: float) -> str:
    return f"{amount + 0.0:.10g}"


def _number(fact: object) -> float | None:
    return float(fact) if isinstance(fact, int | float) and math.isfinite(fact) else None
