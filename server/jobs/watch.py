"""What must not be overlooked: alerts nobody has acknowledged, check-ins nobody has answered,
visits that did not take place."""

from server.jobs.send import Queue
from server.jobs.work import Work
from server.services import alerts, check_ins, follow_ups, sweeps
from server.services.clock import now

AT_ONCE = 100


def alerts_climb(work: Work, queue: Queue) -> None:
    """Tell the next on call of every alert that was not acknowledged in time."""
    del work, queue
    for alert_id in alerts.to_climb(AT_ONCE):
        alerts.climb(alert_id)


def check_ins_missed(work: Work, queue: Queue) -> None:
    """Put down the check-ins whose time is over."""
    del work, queue
    while check_ins.miss(AT_ONCE) == AT_ONCE:
        pass


def visits_missed(work: Work, queue: Queue) -> None:
    """Visits that did not take place: on somebody's list, with what is over taken off it."""
    del work, queue
    sweeps.unsaid()
    sweeps.settled()


def windows_closed(work: Work, queue: Queue) -> None:
    """Visits whose window has closed without them."""
    del work, queue
    sweeps.closed_windows()


def plans_ready(work: Work, queue: Queue) -> None:
    """A plan for the rest of the series beside every follow-up."""
    del work, queue
    for clinic_id, follow_up_id in follow_ups.to_plan(AT_ONCE):
        follow_ups.make_plan(clinic_id, follow_up_id, now=now())
