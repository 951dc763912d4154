"""Plans to choose from as a page shows them, and what stands in the way where there is none."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from server.console.clock import day_words, time_words
from server.console.patients.wishes import Asked
from server.services.people.caseload import Story
from server.services.planning.planning import Offer

Body = Mapping[str, Any]
ORDINALS = ("Best", "Second", "Third", "Fourth", "Fifth")
WIDTH, MARGIN = 320, 8
"""Of a plan's line, and how far its first and last mark stand from the ends."""
MOST_WEEKS = 6
"""So many Mondays at most are named below it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One visit on a plan's line: where, of its width, and what a pointer is told."""

    x: float
    kind: str
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The days that the lines of all plans share, so that they can be compared by eye."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day stands."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def weeks(self) -> Iterator[tuple[float, str]]:
        """Where Mondays stand, and their names."""
        monday = self.first + timedelta(days=-self.first.weekday() % 7)
        mondays = [monday + timedelta(days=n) for n in range(0, (self.last - monday).days + 1, 7)]
        for day in mondays[:: -(-len(mondays) // MOST_WEEKS) or 1]:
            yield self.x(day), f"{day.day} {day:%b}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One visit of a plan."""

    title: str
    kind: str
    when: str
    after: str
    """How many days after the visit before it: "3 days later"."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole plan."""

    id: str
    title: str
    summary: str
    marks: tuple[Mark, ...]
    weeks: tuple[tuple[float, str], ...]
    visits: tuple[Placed, ...]


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What stands in the way, what would help, and the wishes with which it would."""

    text: str
    helps: str
    asked: Asked | None
    changes: str
    """What would have to be otherwise, for a trial; "" where nothing that was tried would do."""
    page: tuple[str, str, str] | None
    """Where that is changed: what to press, the page, and the id of whom or what."""


def offers(offer: Offer, story: Story) -> tuple[Plan, ...]:
    """The plans, best first, on one scale."""
    return plans([(row.id, row.place, row.body) for row in offer.plans], story)


def plans(found: Iterable[tuple[str, int, Body]], story: Story) -> tuple[Plan, ...]:
    """Plans by id, rank and body."""
    known = list(found)
    days = [datetime.fromisoformat(v["starts_at"]).date() for *_, b in known for v in b["visits"]]
    if not days:
        return ()
    scale = Scale(first=min(days), last=max(days))
    return tuple(_plan(plan_id, place, body, story, scale) for plan_id, place, body in known)


def obstacles(offer: Offer, asked: Asked, story: Story) -> tuple[Obstacle, ...]:
    """What stands in the way, the smallest change first."""
    return tuple(_obstacle(each, asked, story) for each in offer.obstacles)


def choices(story: Story) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For each choice that is open whom it may fall on, as id and title."""
    for name, ids in story.choices.items():
        if name not in story.row.choices and len(ids) > 1:
            yield name, [(each, story.people.get(each, each)) for each in ids]


def _obstacle(body: Body, asked: Asked, story: Story) -> Obstacle:
    nearest = body["nearest"] or {}
    changes = nearest.get("changes", ())
    changed: Asked | None = asked if changes else None
    for change in changes:
        changed = changed.with_change(change) if changed else None
    text, _, helps = str(body["text"]).partition(" It would work ")
    return Obstacle(
        text=text,
        helps=f"It would work {helps}" if helps else "",
        asked=changed,
        changes=json.dumps(list(changes)) if changes else "",
        page=next(filter(None, (_page(each, story) for each in changes)), None),
    )


def _page(change: Body, story: Story) -> tuple[str, str, str] | None:
    """Where a change of this kind is made for good."""
    kind = str(change["kind"])
    if kind.startswith("patient-"):
        return "Change when they can come", "details", story.row.patient_id
    if "bookable" in change:
        return "Change those hours", "bookable", str(change["bookable"])
    if kind in ("window", "same-day", "not-kept"):
        return "To the protocol's edition", "edition", story.row.protocol_version_id
    return None


def _plan(plan_id: str, place: int, body: Body, story: Story, scale: Scale) -> Plan:
    visits, people = body["visits"], body["choices"].values()
    starts = [datetime.fromisoformat(each["starts_at"]) for each in visits]
    titles = {v.planned.code: (v.definition.title, v.definition.kind) for v in story.visits}
    whom = ", ".join(story.people.get(each, "") for each in people)
    return Plan(
        id=plan_id,
        title=ORDINALS[min(place, len(ORDINALS)) - 1],
        summary=_summary(starts, whom),
        marks=tuple(_marks(visits, starts, titles, scale)),
        weeks=tuple(scale.weeks()),
        visits=tuple(_placed(visits, starts, titles)),
    )


def _summary(starts: list[datetime], whom: str) -> str:
    first, last = day_words(starts[0].date()), day_words(starts[-1].date())
    span = first if first == last else f"{first} to {last}"
    return f"{span}, with {whom}" if whom else span


def _marks(
    visits: list[Body],
    starts: list[datetime],
    titles: Mapping[str, tuple[str, str]],
    scale: Scale,
) -> Iterable[Mark]:
    for each, at in zip(visits, starts, strict=True):
        title, kind = titles[each["visit"]]
        says = f"{title or each['visit']}, {time_words(at)}"
        yield Mark(x=scale.x(at.date()), kind=kind, says=says)


def _placed(
    visits: list[Body], starts: list[datetime], titles: Mapping[str, tuple[str, str]]
) -> Iterable[Placed]:
    before: date | None = None
    for each, at in zip(visits, starts, strict=True):
        title, kind = titles[each["visit"]]
        reasons = tuple(str(reason["text"]) for reason in each["reasons"])
        after = _after(before, at.date())
        yield Placed(
            title=title or each["visit"],
            kind=kind,
            when=time_words(at),
            after=after,
            reasons=reasons,
        )
        before = at.date()


def _after(before: date | None, on: date) -> str:
    if before is None:
        return ""
    days = (on - before).days
    return "same day" if days == 0 else "next day" if days == 1 else f"{days} days later"
