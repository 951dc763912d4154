"""What patients read is easy to read, and says nothing that blames or promises."""

import re
from collections.abc import Iterator

import pytest

from server.library.questionnaires import questionnaires
from server.notifications.render import catalogue
from server.patient_pages.words import WORDS
from shared.vocabulary import TO_STAFF

BLAME = ("failed", "missed", "must not", "forgot", "late", "cure", "heal", "will help")
TREATMENT = ("ketamine", "infusion", "therap", "ptsd", "trauma", "psych", "clinic")
HARDEST = 6.0


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and len(groups) > 1 and not word.lower().endswith("le")
    return max(1, len(groups) - silent)


def grade(text: str) -> float:
    """Flesch-Kincaid."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    if len(words) < 4:
        return 0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59


def to_patients() -> Iterator[str]:
    yield from WORDS["en"].values()
    words = catalogue()["en"]
    yield from (text for kind, text in words["kinds"].items() if kind not in TO_STAFF)
    yield from (words[each] for each in ("little", "bye", "answer", "answer_stop"))
    own = questionnaires()["own-next-day"]
    yield from (item.text["en"] for item in own.items)


@pytest.mark.parametrize("text", sorted(set(to_patients())))
def test_every_sentence_is_easy_to_read(text: str) -> None:
    plain = text.replace("{day}", "Monday").replace("{time}", "ten").replace("{url}", "it")

    assert grade(plain) <= HARDEST


@pytest.mark.parametrize("text", sorted(set(to_patients())))
def test_no_sentence_blames_or_promises(text: str) -> None:
    found = [word for word in BLAME if re.search(rf"\b{word}\b", text.lower())]

    assert not found


def test_no_message_says_what_it_is_about() -> None:
    for words in catalogue().values():
        for text in (*words["kinds"].values(), words["subject"], words["little"], words["bye"]):
            assert not [word for word in TREATMENT if word in text.lower()]


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["es"].keys()
    english, spanish = catalogue()["en"], catalogue()["es"]
    assert english.keys() == spanish.keys()
    assert english["kinds"].keys() == spanish["kinds"].keys()
    holes = re.compile(r"{\w+}")
    for kind, text in english["kinds"].items():
        assert set(holes.findall(text)) == set(holes.findall(spanish["kinds"][kind]))
