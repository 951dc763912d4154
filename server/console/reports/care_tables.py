"""The figures of care as tables."""

from collections.abc import Sequence

from server.console import message_words
from server.console.reports import charts
from server.console.reports.tables import Table
from server.services.record.care_reports import Hour, Outcome, Pairing


def hours(every: Sequence[Hour]) -> Table:
    """How full the hours were."""
    there = sum(each.open_minutes for each in every)
    used = sum(each.taken_minutes for each in every)
    return Table(
        code="hours",
        title="How full the hours are",
        says=f"{_share(used, there)} of the hours that were open were taken, over the last four "
        "weeks of these days at most. Booked visits ahead count as taken.",
        columns=("Hour and kind", "Hours open", "Hours taken"),
        rows=tuple(
            (
                f"{each.hour:02}:00 {each.kind}",
                round(each.open_minutes / 60, 1),
                round(each.taken_minutes / 60, 1),
            )
            for each in every
        ),
        bars=tuple(_percent(each.taken_minutes, each.open_minutes) for each in every) or (None,),
        grid=charts.grid(
            (each.kind, f"{each.hour:02}", _percent(each.taken_minutes, each.open_minutes))
            for each in every
        ),
    )


def pairing(every: Sequence[Pairing]) -> Table:
    """Infusions and their psychotherapy."""
    infusions = sum(each.infusions for each in every)
    alone = sum(each.unpaired for each in every)
    return Table(
        code="pairing",
        title="Infusions and their psychotherapy",
        says=f"{alone} of {infusions} infusions that took place have psychotherapy without a time.",
        columns=("Protocol", "Infusions", "Without it"),
        rows=tuple((each.protocol, each.infusions, each.unpaired) for each in every),
        bars=tuple(_percent(each.unpaired, each.infusions) for each in every) or (None,),
    )


def reminders(every: Sequence[Outcome]) -> Table:
    """What became of messages."""
    sent = sum(each.done for each in every)
    failed = sum(each.failed for each in every)
    return Table(
        code="reminders",
        title="What became of messages to patients",
        says=f"{sent} were sent, {failed} were given up. Not every way tells what arrived. Those "
        "whose visit moved or was cancelled before they were due are not counted.",
        columns=("Message", "Sent", "Known to have arrived", "Too late", "Given up", "Waiting"),
        rows=tuple(
            (message_words.kind(e.of), e.done, e.confirmed, e.missed, e.failed, e.waiting)
            for e in every
        ),
        bars=tuple(_percent(each.done, _all(each)) for each in every) or (None,),
    )


def check_ins(every: Sequence[Outcome]) -> Table:
    """What became of check-ins."""
    answered = sum(each.done for each in every)
    asked = sum(_all(each) for each in every)
    return Table(
        code="check-ins",
        title="Check-ins",
        says=f"{answered} of {asked} check-ins that were due were answered.",
        columns=("Form", "Answered", "Missed", "Still open"),
        rows=tuple((each.of, each.done, each.missed, each.waiting) for each in every),
        bars=tuple(_percent(each.done, _all(each)) for each in every) or (None,),
    )


def _all(each: Outcome) -> int:
    return each.done + each.missed + each.failed + each.waiting


def _percent(part: int, whole: int) -> int | None:
    return min(100, round(100 * part / whole)) if whole else None


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "None"
