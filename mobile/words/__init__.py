"""What the phone says, in the patient's language."""

from collections.abc import Mapping
from datetime import date, datetime, time

from mobile.words import en, es

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "es": es.WORDS}
NAMES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""Each in its own words, for whoever reads no other."""


class Words:
    """The sentences of one language; `words("home.title")`."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._words = LANGUAGES[self.language]

    def __call__(self, key: str, **facts: object) -> str:
        """A sentence with its facts filled in."""
        return self._words[key].format(**facts)

    def known(self, key: str, otherwise: str) -> str:
        """A sentence where there is one, else the clinic's own words."""
        return self._words.get(key, otherwise)

    def of(self, texts: Mapping[str, str] | None) -> str:
        """The clinic's or a form's words in this language, or the first there are."""
        if not texts:
            return ""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()))

    def day(self, on: date) -> str:
        """ "Thu 26 Nov"."""
        weekday = self("days").split()[on.weekday()]
        month = self("months").split()[on.month - 1]
        return self("day", weekday=weekday, day=on.day, month=month)

    def month(self, first: date) -> str:
        """ "November 2026"."""
        return f"{self('months.long').split()[first.month - 1]} {first.year}"

    def clock(self, at: datetime | time) -> str:
        """The time as it was sent: the phone's own zone has no say."""
        hour = (at.hour + 11) % 12 + 1
        return self(
            "clock.am" if at.hour < 12 else "clock.pm",
            hour=hour,
            hour24=f"{at.hour:02}",
            minute=f"{at.minute:02}",
        )
