"""Every draft of the library reads as sentences, and numbers say how far they can be trusted."""

import pytest

from server.domain import protocol_document
from server.domain.protocol_sentences import Sentence, chapters
from server.library.loader import drafts


def said(code: str) -> dict[str, tuple[Sentence, ...]]:
    return {each.title: each.sentences for each in chapters(protocol_document.read(drafts()[code]))}


@pytest.mark.parametrize("code", sorted(drafts()))
def test_a_draft_is_read_as_whole_sentences(code: str) -> None:
    for title, sentences in said(code).items():
        assert title
        for each in sentences:
            assert each.text.endswith(".")
            assert each.text[0] == each.text[0].upper()
            assert "None" not in each.text + each.mark


def test_spacing_and_pairing_are_said_with_their_marks() -> None:
    texts = {
        each.text: each.mark for part in said("demo-ketamine-integration").values() for each in part
    }

    assert texts["Infusion takes place 6 times, 2-5 days, ideally 3 after the one before."]
    pair = "Integration: 24-72 hours, ideally 36 after the end of the infusion."
    assert texts[pair] == "invented for the demonstration"
    assert "Integration takes place once for each infusion." in texts
