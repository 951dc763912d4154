"""Makes the exact text of a message from the catalogue: nothing but what its placeholders allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from server.notifications.channel import Message
from shared.vocabulary import MessageDetail, ReminderKind

FOLDER = Path(__file__).parent / "catalogue"
FALLBACK = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One thing to tell: its kind, the local time it speaks of, and where to read more."""

    kind: ReminderKind
    at: datetime | None = None
    url: str | None = None


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Every language's texts."""
    found = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return {each["language"]: each for each in found}


def render(
    language: str,
    detail: MessageDetail,
    notes: Iterable[Note],
    home: str,
    *,
    by_answer: bool = False,
    own: Mapping[str, str] | None = None,
) -> Message:
    """One message for all notes, however many: what is not to be told stays behind its link.
    `home` is where somebody without a link signs in; `by_answer` where a short answer is read;
    `own` are the clinic's own words, by kind."""
    words = catalogue().get(language) or catalogue()[FALLBACK]
    notes, parts = list(notes), []
    for note in notes:
        told = words["little"] if detail is MessageDetail.LITTLE else _told(words, note, own or {})
        link = words["open"].format(url=note.url) if note.url else ""
        parts.append(f"{told}\n{link or words['sign_in'].format(url=home)}")
    end = _end(words, notes) if by_answer else words["bye"]
    return Message(subject=words["subject"], text="\n\n".join([*dict.fromkeys(parts), end]))


def _end(words: Mapping[str, Any], notes: Iterable[Note]) -> str:
    """What may be answered in one word."""
    answered = {ReminderKind.CONFIRM, ReminderKind.CHANGED}
    text: str = words["answer" if any(n.kind in answered for n in notes) else "answer_stop"]
    return text


def _told(words: Mapping[str, Any], note: Note, own: Mapping[str, str]) -> str:
    text: str = own.get(note.kind) or words["kinds"][note.kind]
    if note.at is None:
        return text
    return text.format(day=_day(words, note.at), time=f"{note.at:%H:%M}")


def _day(words: Mapping[str, Any], at: datetime) -> str:
    day: str = words["day"].format(
        weekday=words["days"][at.weekday()], date=at.day, month=words["months"][at.month - 1]
    )
    return day
