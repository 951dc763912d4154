"""What the clinic's rules say of a wished time, in words: allowed, with consequences, refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.console.clock import instant_words, time_words
from server.services.booking import breach_bodies
from server.services.booking.live_check import Answer
from server.services.refusals import Refused

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Consequence:
    """Another visit that has to move along."""

    title: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to a wish; `preview_id` names what can be applied, "" where nothing can."""

    word: str
    """allowed, consequences or refused"""
    when: str
    reasons: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    preview_id: str = ""
    nearest: datetime | None = None
    """Of a refused wish: the nearest time that would do."""
    along: bool = False
    """Whether others would move along to that time."""

    @property
    def nearest_words(self) -> str:
        """That time to be read."""
        return time_words(self.nearest) if self.nearest else ""

    @property
    def says(self) -> str:
        """All of it as text to be read out."""
        if self.word == "refused":
            return "\n".join((f"{self.when}: refused.", *self.reasons))
        if not self.consequences:
            return f"{self.when}: allowed."
        more = (f"{c.title} moves to {c.after}. {c.why}" for c in self.consequences)
        return "\n".join((f"{self.when}: allowed, with consequences.", *more))


def of(asked: Answer) -> Verdict:
    """What a live check came to."""
    if asked.refusal is not None:
        return refused(asked.refusal, asked.wished)
    assert asked.offered is not None
    return allowed(asked.offered.id, asked.offered.body, asked.visit, asked.wished)


def allowed(preview_id: str, body: Body, visit: str, wished: datetime) -> Verdict:
    """What a preview shows."""
    others = [each for each in body["visits"] if each["visit"] != visit]
    return Verdict(
        word="consequences" if others else "allowed",
        when=time_words(wished),
        consequences=tuple(_consequence(each) for each in others),
        preview_id=preview_id,
    )


def refused(refusal: Refused, wished: datetime, nearest: datetime | None = None) -> Verdict:
    """Why nothing can be applied."""
    said = [str(breach_bodies.as_json(each)["sentence"]) for each in refusal.breaches]
    return Verdict(word="refused", when=time_words(wished), reasons=tuple(said), nearest=nearest)


def _consequence(each: Body) -> Consequence:
    return Consequence(
        title=str(each["title"]),
        before=instant_words(each["previous"]),
        after=instant_words(each["starts_at"]),
        why=" ".join(str(reason["sentence"]) for reason in each["reasons"]),
    )
