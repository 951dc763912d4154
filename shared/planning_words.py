"""The words of planning runs, as API and database write them."""

from enum import StrEnum


class PlanningRunStatus(StrEnum):
    """How far a planning run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    """Somebody stopped it."""
    FAILED = "failed"
    """The planner gave up; the log says where."""
    INTERRUPTED = "interrupted"
    """Its worker was lost; it can be begun anew."""


class PlanningScope(StrEnum):
    """What a planning run looks for times for."""

    WAITING = "waiting"
    """Visits without a time; whatever is booked stays."""
    ALL = "all"
    """Those, and every visit booked for later, as if it were free: to compare, never to book."""


class WhatIf(StrEnum):
    """A change of the clinic to be tried out."""

    CAPACITY = "capacity"
    """A bookable holds so many, whenever it is open."""
    CLOSED_WEEKDAY = "closed-weekday"
    CLOSED = "closed"
    """The site is closed from a first to a last day."""
    AWAY = "away"
    """A bookable is not there from a first to a last day."""
    ONE_MORE = "one-more"
    """One more of the same hours, as everybody's last choice."""
