"""What changes between two versions of a protocol is said in words."""

import pytest

from server.domain.protocol_diff import difference
from server.domain.protocol_document import read
from server.library.loader import drafts
from tests.domain.protocol_documents import GONE, INFUSION, INTEGRATION, SESSION, changed, complete


def said(path, value, document=None):
    return difference(read(document or complete()), read(changed(path, value, document)))


@pytest.mark.parametrize("code", drafts())
def test_a_protocol_does_not_differ_from_itself(code):
    assert difference(read(drafts()[code]), read(drafts()[code])) == []


def test_a_narrower_window_is_one_sentence():
    [sentence] = said(f"{INTEGRATION}.windows[0].max", 48)

    assert sentence == (
        "Integration after each infusion: window changes from 24-72 hours to 24-48 hours "
        "after the end of the infusion."
    )


def test_a_window_counted_from_the_other_end_is_told_whole():
    [sentence] = said(f"{INTEGRATION}.windows[0].edge", "start")

    assert sentence == (
        "Integration after each infusion: window changes from 24-72 hours after the end of the "
        "infusion to 24-72 hours after the start of the infusion."
    )


WORDS = {
    "dose": ("arms[0].dose.mg_per_kg", 0.75, "Ketamine, dose: mg per kg changes from 0.5 to 0.75."),
    "no cap": ("arms[0].cap.mg", None, "Ketamine, cap: mg changes from 60 to not set."),
    "gap": (
        f"{INFUSION}.repeat.gap.max",
        5,
        "Infusion: gap changes from 2-4 days to 2-5 days after the one before.",
    ),
    "observation": (
        f"{INFUSION}.parts[2].minutes",
        90,
        "Infusion, observation: minutes changes from 60 to 90.",
    ),
    "nurses": (
        f"{INFUSION}.parts[2].claims[1].units",
        1,
        "Infusion, observation, nurses: units changes from 2 to 1.",
    ),
    "escort": ("escort.required", False, "Escort: required changes from yes to no."),
    "number": (f"{INFUSION}.repeat.times", 6, "Infusion: times changes from 3 to 6."),
    "a visit gone": (INTEGRATION, GONE, "Integration after each infusion is gone."),
    "a rule gone": ("fasting", GONE, "Fasting is gone."),
    "repeats gone": (
        f"{INFUSION}.repeat.gap",
        GONE,
        "Infusion: gap is gone (was 2-4 days after the one before).",
    ),
    "a rule on leaving": (
        "no_drive.until",
        "hours",
        "No drive: until changes from next-day to hours.",
    ),
}


@pytest.mark.parametrize(("path", "value", "sentence"), WORDS.values(), ids=WORDS)
def test_a_change_is_said_in_words(path, value, sentence):
    assert sentence in said(path, value)


def test_a_new_visit_is_said_once_and_not_entry_by_entry():
    review = {"code": "review", "title": "Review", "kind": "follow_up", "parts": [SESSION]}

    assert said("phases[0].visits[2]", review) == ["Review is new."]


def test_parts_in_another_order_are_a_change():
    parts = complete()["phases"][0]["visits"][0]["parts"]

    [sentence] = said(f"{INFUSION}.parts", [parts[0], parts[2], parts[1], parts[3]])

    assert "order of parts" in sentence


def leaves(value, path=""):
    """The path of every single value of a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def other(value):
    """Another value that may stand in the same place."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value} x" if " " in value or value[0].isupper() else None


CHANGES = [
    (path, other(value))
    for path, value in leaves(complete())
    if other(value) is not None and path != "format" and value != 0
]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_no_changed_number_text_or_yes_goes_unsaid(path, value):
    assert said(path, value)
