"""Who is asked first when an answer needs somebody, who next, at which hours, and after how many
minutes."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.ids import an_id
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt
from server.console.setup import tabs
from server.services.access import ACTIONS
from server.services.people import on_call
from server.services.people.on_call import OnCall
from server.services.refusals import Invalid

SPARE = 2
MOST = 20
USUAL_MINUTES = 15
EVERY_DAY = "0123456"
DAYS = (
    (EVERY_DAY, "every day"),
    ("01234", "Monday to Friday"),
    ("56", "Saturday and Sunday"),
    ("0", "Mondays"),
    ("1", "Tuesdays"),
    ("2", "Wednesdays"),
    ("3", "Thursdays"),
    ("4", "Fridays"),
    ("5", "Saturdays"),
    ("6", "Sundays"),
)
NOBODY = ("", USUAL_MINUTES, EVERY_DAY, "00:00", "24:00")


def show(outcome: Outcome | None = None) -> Any:
    """The rota as it is, with room for more."""
    by = caller()
    may = by.role in ACTIONS["on_call.change"]
    people = [(row.id, f"{row.email}, {row.role}") for row in on_call.who_may(by)]
    names = dict(people)
    rows = [_shown(each) for each in on_call.rota(by)]
    return staff_page(
        "setup/on_call.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="on_call",
        tabs=tabs.of(by),
        may=may,
        people=[("", "nobody"), *people],
        days=_with_others(rows),
        names=names,
        rota=rows,
        rows=[*rows, *[NOBODY] * SPARE],
        outcome=outcome,
        done="Saved. It holds for the next answer that needs somebody." if _done(outcome) else "",
    )


def _shown(each: Any) -> tuple[str, int, str, str, str]:
    days = "".join(map(str, each.days))
    return each.user_id, each.within_minutes, days, _clock(each.opens), _clock(each.closes)


def _with_others(rows: list[tuple[str, int, str, str, str]]) -> list[tuple[str, str]]:
    """All days to choose from, with those that stand there although nobody can choose them here."""
    known = dict(DAYS)
    names = [name[:3] for _, name in DAYS[3:]]
    others = {row[2] for row in rows if row[2] not in known}
    return [*DAYS, *((days, ", ".join(names[int(n)] for n in days)) for days in sorted(others))]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _done(outcome: Outcome | None) -> bool:
    return outcome is None and "done" in request.args


def change() -> Any:
    """Keep the rota as it was sent; rows without a person are left out."""
    by = poster()
    outcome = attempt(lambda: on_call.change(by, _rota(), now=utc_now()))
    return redirect(url_for("console.on_call", done=1), 303) if outcome.done else show(outcome)


def _rota() -> list[OnCall]:
    columns = ("who", "minutes", "days", "opens", "closes")
    sent = zip(*(request.form.getlist(name)[:MOST] for name in columns), strict=False)
    found = [_on_call(*each) for each in sent if each[0]]
    if len(set(found)) < len(found):
        raise Invalid.field("who", "The same person at the same hours may stand there once.")
    return found


def _on_call(who: str, minutes: str, days: str, opens: str, closes: str) -> OnCall:
    if not days or set(days) - set(EVERY_DAY) or len(set(days)) < len(days):
        raise Invalid.field("days", "Choose the days.")
    return OnCall(
        user_id=an_id(who),
        within_minutes=_minutes(minutes),
        days=tuple(sorted(map(int, days))),
        opens=_time("opens", opens, 0, 1439),
        closes=_time("closes", closes, 1, 1440),
    )


def _time(name: str, given: str, least: int, most: int) -> int:
    hours, _, minutes = given.strip().partition(":")
    if all(part.isascii() and part.isdigit() and len(part) == 2 for part in (hours, minutes)):
        found = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and least <= found <= most:
            return found
    raise Invalid.field(name, "A time such as 08:00; 24:00 is the end of the day.")


def _minutes(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= 1440):
        raise Invalid.field("minutes", "From 1 to 1440 minutes.")
    return int(given)
