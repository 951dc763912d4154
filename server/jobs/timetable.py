"""Every job of the clock and how often it runs, on one screen."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from server.jobs import send, watch
from server.jobs.send import Queue
from server.jobs.work import Work, told
from server.services.record import clock


@dataclass(frozen=True)
class Job:
    """One line of the timetable. A run that comes late or twice does no harm: the truth about what
    is due is in the tables."""

    name: str
    every_seconds: int
    run: Callable[[Work, Queue], None]


TIMETABLE = (
    Job("send", 5, send.sweep),
    Job("climb", 15, watch.alerts_climb),
    Job("missed-check-ins", 60, watch.check_ins_missed),
    Job("missed-visits", 60, watch.visits_missed),
    Job("paperwork", 60, watch.paperwork_due),
    Job("papers-to-screens", 60, watch.papers_to_screens),
    Job("lost-plans", 15, watch.planning_runs_lost),
    Job("kept-forms", 600, watch.kept_forms_dropped),
    Job("morning-mail", 60, watch.morning_mail),
    Job("audit-seals", 15, watch.audit_sealed),
    Job("closed-windows", 600, watch.windows_closed),
    Job("freed-times", 15, watch.freed_times_offered),
    Job("ready-plans", 15, watch.plans_ready),
)


class Every(BaseTrigger):
    """So long after the last run. APScheduler's own interval counts up every run that a jump of the
    machine's clock has left out, which for a jump of years takes all its memory."""

    def __init__(self, seconds: int) -> None:
        self.gap = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Always later than now."""
        del previous
        return now + self.gap


def scheduler(work: Work, queue: Queue) -> BackgroundScheduler:
    """A scheduler with every job, not yet started. Intervals only, in UTC, nothing stored."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a run left out does no harm
    made = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in TIMETABLE:
        made.add_job(
            tick,
            Every(job.every_seconds),
            args=(job, work, queue),
            id=job.name,
            next_run_time=datetime.now(UTC),
        )
    return made


def again(scheduler: BackgroundScheduler) -> None:
    """Every job now: the machine's clock was set back, and nothing would run until it had caught
    up."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


def tick(job: Job, work: Work, queue: Queue) -> None:
    """Run one job once. Whatever goes wrong, the clock goes on."""
    try:
        with work.context():
            job.run(work, queue)
            clock.ticked(job.name)
    except Exception as error:  # noqa: BLE001 - a database that is away comes back
        told(job.name, error)
