"""What must not be overlooked: alerts nobody has acknowledged, check-ins nobody has answered."""

from server.jobs.send import Queue
from server.jobs.work import Work
from server.services import alerts, check_ins

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
