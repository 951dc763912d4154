"""Every word of the phone is easy to read, kind, and there in each language."""

import re
import string

import pytest

from mobile.words import LANGUAGES, en

BLAME = ("fail", "miss", "late", "wrong", "error", "invalid", "must", "streak", "score", "forgot")
LONG_ENOUGH = 5
HIGHEST_GRADE = 6.0


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """Flesch-Kincaid."""
    sentences = [each for each in re.split(r"[.?!:]+", text) if each.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def said(text: str) -> str:
    """As it reads with something in the gaps."""
    return re.sub(r"\{[^}]*\}", "Sam", text)


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


SENTENCES = {
    key: said(text)
    for key, text in en.WORDS.items()
    if len(said(text).split()) >= LONG_ENOUGH and key not in ("days", "months", "months.long")
}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_a_sentence_can_be_read_by_a_child_of_eleven(key: str) -> None:
    assert grade(SENTENCES[key]) <= HIGHEST_GRADE, SENTENCES[key]


def test_all_short_labels_together_are_as_easy() -> None:
    labels = [said(text) for key, text in en.WORDS.items() if key not in SENTENCES]

    assert grade(". ".join(labels[2:])) <= HIGHEST_GRADE


def test_nobody_is_blamed_or_graded() -> None:
    found = [
        f"{key}: {text}"
        for key, text in en.WORDS.items()
        for word in BLAME
        if re.search(rf"\b{word}", text.lower()) and key != "today.later-today"
    ]

    assert not found, found


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    words = LANGUAGES[language]

    assert set(words) == set(en.WORDS)
    clock = ("clock.am", "clock.pm")
    differ = [k for k in words if facts(words[k]) != facts(en.WORDS[k]) and k not in clock]
    assert differ == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_sentences_are_short_in_every_language(language: str) -> None:
    found = [
        text
        for text in LANGUAGES[language].values()
        for sentence in re.split(r"[.?!:]+", text)
        if len(sentence.split()) > 14 and text.count(" ") != 11
    ]

    assert not found, found
