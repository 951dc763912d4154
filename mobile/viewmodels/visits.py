"""A visit as the screens say it: its name, its time as it was sent, what to do before it."""

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
class VisitView:
    """One visit, whole: what the card at home and the page of a visit show."""

    id: str
    title: str
    kind: str
    on: date
    span: str
    countdown: str
    where: str
    before: tuple[str, ...]
    happens: tuple[str, ...]
    after: tuple[str, ...]
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
        before=tuple(_before(words, duty, now) for duty in visit["before"] if now < begins),
        happens=_happens(words, visit),
        after=tuple(_after(words, duty) for duty in visit["after"]),
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


def _before(words: Words, duty: Document, now: datetime) -> str:
    """What not to do from when on; "now" once that time has come."""
    from_at = at(duty["at"])
    if now >= from_at:
        return words(f"before.{duty['code']}.now")
    return words(f"before.{duty['code']}", when=moment(words, from_at))


def _after(words: Words, duty: Document) -> str:
    if duty["at"] is None:
        return words(f"after.{duty['code']}")
    return words(f"after.{duty['code']}.until", when=moment(words, at(duty["at"])))


def _happens(words: Words, visit: Document) -> tuple[str, ...]:
    parts = [
        words(
            "happens.part",
            from_=words.clock(at(part["starts_at"])),
            what=words.known(f"part.{part['name']}", part["name"].capitalize()),
        )
        for part in visit["parts"]
    ]
    end = "happens.end.remote" if visit["remote"] else "happens.end"
    return (*parts, words(end, from_=words.clock(at(visit["ends_at"]))))


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
