"""What must not be overlooked: alerts nobody has acknowledged, check-ins nobody has answered,
visits that did not take place."""

from collections.abc import Callable, Iterable
from functools import partial

from server.jobs.send import Queue
from server.jobs.work import Work, told
from server.services.check_ins import alerts, check_ins, paperwork, questionnaire_loading
from server.services.messages import digests
from server.services.planning import planning_work
from server.services.record import audit_chain
from server.services.record.clock import now
from server.services.series import follow_ups, sweeps
from server.services.sign_ins import kept_forms
from server.services.waiting import freed_times

AT_ONCE = 100


def alerts_climb(work: Work, queue: Queue) -> None:
    """Tell the next on call of every alert that was not acknowledged in time."""
    del work, queue
    _each("climb", alerts.climb, [(one,) for one in alerts.to_climb(AT_ONCE)])


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
    _each("ready-plans", partial(follow_ups.make_plan, now=now()), follow_ups.to_plan(AT_ONCE))


def freed_times_offered(work: Work, queue: Queue) -> None:
    """Times that came free, to those who wait for one."""
    del work, queue
    _each("freed-times", partial(freed_times.look, now=now()), freed_times.to_look_at(AT_ONCE))


def paperwork_due(work: Work, queue: Queue) -> None:
    """Forms that somebody of the clinic must fill in."""
    del work, queue
    _each("paperwork", paperwork.tell, paperwork.to_tell(AT_ONCE))


def papers_to_screens(work: Work, queue: Queue) -> None:
    """What was to be answered on paper, once the clinic has loaded its items."""
    del work, queue
    waiting = questionnaire_loading.on_paper(AT_ONCE)
    _each("papers", partial(questionnaire_loading.follow, now=now()), waiting)


def planning_runs_lost(work: Work, queue: Queue) -> None:
    """Planning runs whose workers are gone."""
    del work, queue
    planning_work.lost()


def kept_forms_dropped(work: Work, queue: Queue) -> None:
    """What waited an hour for somebody who did not come back."""
    del work, queue
    kept_forms.drop_old()


def morning_mail(work: Work, queue: Queue) -> None:
    """What awaits the staff today."""
    del work, queue
    digests.write_due()


def audit_sealed(work: Work, queue: Queue) -> None:
    """What was put on record, sealed."""
    del work, queue
    while audit_chain.seal():
        pass


def _each(job: str, act: Callable[..., object], things: Iterable[tuple[str, ...]]) -> None:
    """Do it for each; one that goes wrong does not keep the others waiting."""
    for ids in things:
        try:
            act(*ids)
        except Exception as error:  # noqa: BLE001 - it is tried again at the next tick
            told(job, error)
