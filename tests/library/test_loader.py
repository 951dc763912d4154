"""How YAML becomes a document, and what is refused on the way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.faults import ProtocolFaults
from server.library.loader import drafts, parse


def refused(text):
    with pytest.raises(ProtocolFaults) as caught:
        parse(text)
    return caught.value.faults[0].reason


def test_a_key_written_twice_in_one_record_is_refused_with_its_line():
    assert refused("min: 24\nmax: 72\nmin: 48\n") == "line 3, column 1: min is written twice"


def test_the_same_key_in_two_records_is_fine():
    assert parse("a: {min: 1}\nb: {min: 2}") == {"a": {"min": 1}, "b": {"min": 2}}


def test_only_decimal_numbers_true_false_and_null_are_more_than_text():
    text = "[010, 2026-01-01, yes, on, 12:30, 1_000, 0x1f, true, null, 7, 0.5, -3, ~]"

    assert parse(f"a: {text}")["a"] == [
        *("010", "2026-01-01", "yes", "on", "12:30", "1_000", "0x1f"),
        *(True, None, 7, 0.5, -3, None),
    ]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_that_json_writes_is_a_number(number):
    assert parse(json.dumps({"a": number}))["a"] == number


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x",
        "a: !!python/object:os.system {}",
        "a: !private 1",
        "- a\n- b",
        "",
        "just words",
        "a: 1\n---\nb: 2",
        "a: [1, 2",
        "a: \x00",
        "a: \ud800",
        "1: one",
        "{[a]: 1}",
        "a: " + "[" * 40 + "]" * 40,
        "a: " + "[" * 100_000,
        "a: " + "9" * 5000,
        "a" * 300_001,
        "<<: {a: 1}\n<<: {b: 2}",
    ],
)
def test_what_hides_mistakes_or_harm_is_refused(text):
    assert refused(text)


@given(st.text(max_size=60))
def test_any_text_is_a_document_or_refused(text):
    try:
        assert isinstance(parse(text), dict)
    except ProtocolFaults as caught:
        assert caught.faults  # noqa: PT017 - both outcomes are right


def test_a_document_handed_out_is_the_callers_own():
    drafts()["feder-2021"]["title"] = "Mine"

    assert drafts()["feder-2021"]["title"] != "Mine"
