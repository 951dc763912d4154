"""What a form on a page sends, as answers: an untouched question is a skipped one."""

from collections.abc import Mapping

from server.services.check_ins.check_ins import Answer, Questionnaire
from shared.vocabulary import ItemKind


def answers_from(form: Questionnaire, sent: Mapping[str, str]) -> dict[str, Answer]:
    """Answers by item. What is no number where one is wanted stays text, and so is refused."""
    return {item.id: _answer(item.kind, sent.get(item.id, "")) for item in form.items}


def _answer(kind: ItemKind, text: str) -> Answer:
    text = text.strip()
    if not text:
        return None
    if kind is ItemKind.TEXT:
        return text
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text
