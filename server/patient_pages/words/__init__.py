"""Every word of the patient pages, in easy language. Reading age is kept by a test."""

from collections.abc import Mapping
from typing import Any

from server.patient_pages.words import en, es

WORDS: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "es": es.WORDS}


def visit_name(visit: Mapping[str, Any], language: str) -> str:
    """ "Infusion 3 of 6"; the kind alone where there is only one."""
    words = words_in(language)
    name = words.get(f"kind-{visit['kind']}", str(visit["title"]))
    return f"{name} {visit['ordinal']} {words['of']} {visit['of']}" if visit["of"] > 1 else name


def words_in(language: str) -> Mapping[str, str]:
    """The words of a language, or English."""
    return WORDS.get(language, WORDS["en"])


def said(texts: Mapping[str, str], language: str) -> str:
    """A form's own words in a language, or in the one it was written in."""
    return texts.get(language) or texts.get("en") or ""
