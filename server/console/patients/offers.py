"""Plans to choose from as a page shows them, and what stands in the way where there is none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.console.clock import day_words, time_words
from server.console.patients.wishes import Asked
from server.services.caseload import Story
from server.services.planning import Offer

Body = Mapping[str, Any]
ORDINALS = ("Best", "Second", "Third", "Fourth", "Fifth")
MARGIN = 2
"""How far the first and last mark stand from the line's ends, in hundredths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One visit on a plan's line: where, in hundredths of its width."""

    x: float
    kind: str


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
    visits: tuple[Placed, ...]


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What stands in the way, what would help, and the wishes with which it would."""

    text: str
    helps: str
    asked: Asked | None


def offers(offer: Offer, story: Story) -> tuple[Plan, ...]:
    """The plans, best first."""
    return tuple(_plan(row.id, row.place, row.body, story) for row in offer.plans)


def obstacles(offer: Offer, asked: Asked) -> tuple[Obstacle, ...]:
    """What stands in the way, the smallest change first."""
    return tuple(_obstacle(each, asked) for each in offer.obstacles)


def choices(story: Story) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For each choice that is open whom it may fall on, as id and title."""
    for name, ids in story.choices.items():
        if name not in story.row.choices and len(ids) > 1:
            yield name, [(each, story.people.get(each, each)) for each in ids]


def _obstacle(body: Body, asked: Asked) -> Obstacle:
    nearest = body["nearest"] or {}
    changes = nearest.get("changes", ())
    changed: Asked | None = asked if changes else None
    for change in changes:
        changed = changed.with_change(change) if changed else None
    text, _, helps = str(body["text"]).partition(" It would work ")
    return Obstacle(text=text, helps=f"It would work {helps}" if helps else "", asked=changed)


def _plan(plan_id: str, place: int, body: Body, story: Story) -> Plan:
    visits, people = body["visits"], body["choices"].values()
    starts = [datetime.fromisoformat(each["starts_at"]) for each in visits]
    titles = {v.planned.code: (v.definition.title, v.definition.kind) for v in story.visits}
    whom = ", ".join(story.people.get(each, "") for each in people)
    return Plan(
        id=plan_id,
        title=ORDINALS[min(place, len(ORDINALS)) - 1],
        summary=_summary(starts, whom),
        marks=tuple(_marks(visits, starts, titles)),
        visits=tuple(_placed(visits, starts, titles)),
    )


def _summary(starts: list[datetime], whom: str) -> str:
    first, last = day_words(starts[0].date()), day_words(starts[-1].date())
    span = first if first == last else f"{first} to {last}"
    return f"{span}, with {whom}" if whom else span


def _marks(
    visits: list[Body], starts: list[datetime], titles: Mapping[str, tuple[str, str]]
) -> Iterable[Mark]:
    length = max((starts[-1].date() - starts[0].date()).days, 1)
    for each, at in zip(visits, starts, strict=True):
        share = (at.date() - starts[0].date()).days / length
        x = round(MARGIN + share * (100 - 2 * MARGIN), 2)
        yield Mark(x=x, kind=titles[each["visit"]][1])


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
