"""A visit as the screens say it: its name, its time as it was sent, what to do before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mobile.viewmodels.phone import Document, Phone, Waiting
from mobile.words import Words

HOUR, MINUTE = 3600, 60


def at(text: str) -> datetime:
    """An instant with the clinic's offset, never brought into another."""
    return datetime.fromisoformat(text)


def name(words: Words, visit: Document) -> str:
    """ "Infusion 3 of 6"; the kind alone where there is only one."""
    what = words.known(f"kind.{visit['kind']}", visit["title"])
    if visit["of"] < 2:
        return what
    return words("of", what=what, n=visit["ordinal"], all=visit["of"])


def span(words: Words, visit: Document) -> str:
    """ "Thu 26 Nov, 10:00 am to 12:30 pm"."""
    begins, ends = at(visit["starts_at"]), at(visit["ends_at"])
    day = words.day(begins.date())
    return words("span", day=day, begins=words.clock(begins), ends=words.clock(ends))


def moment(words: Words, when: datetime) -> str:
    """ "Thu 26 Nov, 10:00 am"."""
    return words("at", day=words.day(when.date()), time=words.clock(when))


def countdown(words: Words, begins: datetime, ends: datetime, now: datetime) -> str:
    """How long it is until then, in the fewest words."""
    if begins <= now < ends:
        return words("today.now")
    left = (begins - now).total_seconds()
    days = (begins.date() - now.astimezone(begins.tzinfo).date()).days
    if days > 1:
        return words("today.in-days", n=days)
    if days == 1:
        return words("today.tomorrow")
    if left >= 2 * HOUR:
        return words("today.in-hours", n=int(left // HOUR))
    return words("today.in-hour") if left >= HOUR else _minutes(words, left)


def _minutes(words: Words, left: float) -> str:
    if left <= 0:
        return words("today.later-today")
    return words("today.in-minutes", n=max(1, int(left // MINUTE)))


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something to do or leave. `code` says what kind: "told" is as the clinic wrote it."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class VisitView:
    """One visit, whole: what the card at home and the page of a visit show."""

    id: str
    title: str
    kind: str
    on: date
    span: str
    countdown: str
    where: str
    before: tuple[Duty, ...]
    """What to leave off from when on, and the clinic's own words."""
    happens: tuple[tuple[str, str], ...]
    """When, and what."""
    after: tuple[Duty, ...]
    ride_needed: bool
    ride: str
    confirmed: str
    may_confirm: bool
    may_move: bool
    moving: str


def view(phone: Phone, visit: Document) -> VisitView:
    """The visit with what the patient has said of it since, sent or not."""
    words, now = phone.words, phone.now()
    begins, ends = at(visit["starts_at"]), at(visit["ends_at"])
    said = {each.kind: each for each in phone.waiting() if _about(each, visit)}
    return VisitView(
        id=visit["id"],
        title=name(words, visit),
        kind=visit["kind"],
        on=begins.date(),
        span=span(words, visit),
        countdown=countdown(words, begins, ends, now) if now < ends else "",
        where=_where(words, visit),
        before=(*_before(words, visit, now),) if now < begins else (),
        happens=_happens(words, visit),
        after=(*_after(words, visit),),
        ride_needed=visit["ride_needed"] and now < ends,
        ride=_ride(words, visit, said.get("ride")),
        confirmed=_confirmed(words, visit, "confirm" in said),
        may_confirm=visit["may_confirm"] and now < begins and not {"confirm", "move"} & {*said},
        may_move=visit["may_move"] and begins - now >= timedelta(days=1) and "move" not in said,
        moving=words("moved.waiting") if "move" in said else "",
    )


def _about(change: Waiting, visit: Document) -> bool:
    return bool(change.body.get("appointment_id") == visit["id"])


def _where(words: Words, visit: Document) -> str:
    place = words("video") if visit["remote"] else visit["place"]
    return " · ".join([place, *visit["people"]])


def _before(words: Words, visit: Document, now: datetime) -> Iterator[Duty]:
    """What not to do from when on ("now" once that time has come), then the clinic's own words."""
    for duty in visit["before"]:
        code, from_at = duty["code"], at(duty["at"])
        key, when = f"before.{code}", moment(words, from_at)
        yield Duty(code=code, text=words(f"{key}.now") if now >= from_at else words(key, when=when))
    yield from _told(words, visit, "tell_before")


def _after(words: Words, visit: Document) -> Iterator[Duty]:
    for duty in visit["after"]:
        code, key = duty["code"], f"after.{duty['code']}"
        if duty["at"] is None:
            yield Duty(code=code, text=words(key))
        else:
            yield Duty(code=code, text=words(f"{key}.until", when=moment(words, at(duty["at"]))))
    yield from _told(words, visit, "tell_after")


def _told(words: Words, visit: Document, name: str) -> Iterator[Duty]:
    lines = words.of(visit.get(name)).splitlines()
    return (Duty(code="told", text=line.strip()) for line in lines if line.strip())


def _happens(words: Words, visit: Document) -> tuple[tuple[str, str], ...]:
    parts = [
        (
            words.clock(at(part["starts_at"])),
            words.known(f"part.{part['name']}", part["name"].replace("-", " ").capitalize()),
        )
        for part in visit["parts"]
    ]
    end = "happens.end.remote" if visit["remote"] else "happens.end"
    return (*parts, (words.clock(at(visit["ends_at"])), words(end)))


def _ride(words: Words, visit: Document, waiting: Waiting | None) -> str:
    if waiting:
        return words("ride.set.waiting", name=waiting.body["name"])
    if visit["ride"]:
        return words("ride.set", name=visit["ride"]["name"])
    return ""


def _confirmed(words: Words, visit: Document, waiting: bool) -> str:
    if waiting:
        return words("confirmed.waiting")
    return words("confirmed") if visit["confirmed_at"] else ""
