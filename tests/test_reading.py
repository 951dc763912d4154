"""What patients read in Spanish is easy: the INFLESZ scale counts from 55 as plain to everybody."""

import re
import unicodedata

import pytest

from mobile.words import es as phone
from server.library.questionnaires import questionnaires
from server.notifications.render import catalogue
from server.patient_pages.words import es as pages
from shared.vocabulary import TO_STAFF

PLAIN = 55.0
STRONG, WEAK = "aeoáéíóú", "iu"


def syllables(word: str) -> int:
    """Vowels, where a weak one beside another does not count by itself."""
    plain = unicodedata.normalize("NFC", word.lower()).replace("ü", "u")
    plain = re.sub(r"([gq])u(?=[eiéí])", r"\1", plain)
    plain = re.sub(r"y$", "i", plain)
    groups = re.findall(r"[aeiouáéíóú]+", plain)
    return sum(max(1, sum(each in STRONG for each in group)) for group in groups) or 1


def ease(text: str) -> float:
    """Szigriszt-Pazos."""
    words = re.findall(r"[^\W\d_]+", text)
    sentences = max(1, len(re.findall(r"[.!?:;,]+(?:\s|$)", text)))
    if len(words) < 4:
        return 100
    spoken = sum(map(syllables, words))
    return 206.835 - 62.3 * spoken / len(words) - len(words) / sentences


def to_patients() -> set[str]:
    kinds = catalogue()["es"]["kinds"]
    messages = {text for kind, text in kinds.items() if kind not in TO_STAFF}
    own = {item.text["es"] for item in questionnaires()["own-next-day"].items}
    said = {key: text for key, text in phone.WORDS.items() if key != "months.long"}
    return {*said.values(), *pages.WORDS.values(), *messages, *own}


@pytest.mark.parametrize(("word", "count"), [("guerra", 2), ("día", 2), ("bien", 1), ("oír", 2)])
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("text", sorted(to_patients()))
def test_every_spanish_sentence_is_easy_to_read(text: str) -> None:
    plain = re.sub(r"{\w+}", "lunes", text)

    assert ease(plain) >= PLAIN
