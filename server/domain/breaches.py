"""A rule that is not met, with its facts; refusals are built from these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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

    Instants in `facts` are aware and in the clinic's zone. What each code carries is shown by
    `server.domain.sentences`, which reads nothing else.
    """

    code: str
    visit: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """Something asked for breaks rules of the clinic; nothing was written."""

    def __init__(self, breaches: list[Breach]) -> None:
        super().__init__(", ".join(sorted({breach.code for breach in breaches})))
        self.breaches = tuple(breaches)
