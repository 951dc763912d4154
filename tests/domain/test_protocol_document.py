"""What a protocol document may say, and how it is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.faults import ProtocolFaults
from server.domain.protocol_document import read
from server.library.loader import drafts
from shared.vocabulary import BookableKind, Evidence
from tests.domain.protocol_documents import GONE, INFUSION, INTEGRATION, SESSION, changed, complete


def faults(document):
    with pytest.raises(ProtocolFaults) as refused:
        read(document)
    return {fault.path: fault.reason for fault in refused.value.faults}


def test_a_complete_document_reads_as_a_protocol_with_all_it_says():
    protocol = read(complete())

    assert protocol.start_visit == "infusion-1"
    assert protocol.arms[0].dose.mg_per_kg == 0.5
    assert protocol.choices[0].kind is BookableKind.THERAPIST
    assert protocol.visit("infusion-1").minutes == 20 + 40 + 60 + 15
    assert protocol.visit("infusion-1").parts[0].claims[1].units == 2
    assert protocol.fasting.solids_hours == 6
    assert protocol.escort.required is True


def test_an_infusion_lasts_as_long_as_its_longest_arm():
    slow = complete()["arms"][0] | {
        "code": "slow",
        "duration": {"minutes": 100, "evidence": "invented"},
    }

    protocol = read(changed("arms[1]", slow))

    assert protocol.visit("infusion-1").parts[1].minutes == 100


def test_an_infusion_has_no_length_while_one_arm_has_none():
    protocol = read(changed("arms[0].duration", {"minutes": None}))

    assert protocol.visit("infusion-1").parts[1].minutes is None


def test_a_number_without_an_evidence_mark_is_a_fault():
    path = f"{INTEGRATION}.windows[0]"

    found = faults(changed(f"{path}.evidence", GONE))

    assert set(found) == {f"{path}.min", f"{path}.max"}
    assert "without an evidence mark" in found[f"{path}.min"]


def test_each_number_of_a_record_may_have_its_own_mark():
    marks = {"min": "V", "max": "D"}
    document = changed(f"{INTEGRATION}.windows[0].evidence", marks)
    document = changed(f"{INTEGRATION}.windows[0].source", 10, document)

    provenance = read(document).visit("integration-1").windows[0].provenance

    assert provenance.mark("min") is Evidence.VERIFIED
    assert provenance.mark("max") is Evidence.DERIVED
    assert provenance.source == "10"


def test_a_verified_number_must_name_the_source_it_was_read_in():
    path = f"{INTEGRATION}.windows[0]"

    assert f"{path}.source" in faults(changed(f"{path}.evidence", "V"))


def test_every_fault_is_reported_at_once_with_its_place():
    document = changed(f"{INTEGRATION}.windows[0].min", "soon")
    document = changed("arms[0].dose.mg_per_kg", -1, document)
    document = changed("title", "", document)

    assert set(faults(document)) == {
        f"{INTEGRATION}.windows[0].min",
        "arms[0].dose.mg_per_kg",
        "title",
    }


def test_a_misspelt_key_is_refused_with_the_one_probably_meant():
    found = faults(changed(f"{INFUSION}.repeat.tmies", 3))

    assert found == {f"{INFUSION}.repeat.tmies": "is not known here; did you mean times?"}


REFUSED = {
    "another format": ("format", "tandem.protocol/9", "format"),
    "no phases": ("phases", [], "phases"),
    "phases that are no list": ("phases", {"code": "x"}, "phases"),
    "a visit without parts": (f"{INFUSION}.parts", [], f"{INFUSION}.parts"),
    "a part without minutes": (
        f"{INFUSION}.parts[0].minutes",
        GONE,
        f"{INFUSION}.parts[0].minutes",
    ),
    "a part of no length": (f"{INFUSION}.parts[0].minutes", 0, f"{INFUSION}.parts[0].minutes"),
    "half a minute": (f"{INFUSION}.parts[0].minutes", 7.5, f"{INFUSION}.parts[0].minutes"),
    "true for a number": (f"{INFUSION}.parts[0].minutes", True, f"{INFUSION}.parts[0].minutes"),
    "an endless number": ("arms[0].cap.mg", float("inf"), "arms[0].cap.mg"),
    "a number of five thousand digits": ("arms[0].cap.mg", 10**5000, "arms[0].cap.mg"),
    "a NUL byte in the title": ("title", "Ket\x00amine", "title"),
    "an overlong title": ("title", "x" * 201, "title"),
    "an overlong list": ("arms", [{}] * 61, "arms"),
    "an unknown kind of visit": (f"{INFUSION}.kind", "party", f"{INFUSION}.kind"),
    "a code with capitals": (f"{INFUSION}.code", "Infusion", f"{INFUSION}.code"),
    "a claim on nothing": (f"{INFUSION}.parts[0].claims[0]", {}, f"{INFUSION}.parts[0].claims[0]"),
    "an unknown mark": ("arms[0].cap.evidence", "proven", "arms[0].cap.evidence"),
    "a mark for another key": ("arms[0].cap.evidence", {"ml": "V"}, "arms[0].cap.evidence"),
    "a source that is not listed": ("arms[0].cap.source", 99, "arms[0].cap.source"),
    "a start visit there is not": ("start_visit", "infusion-9", "start_visit"),
    "a claim on an unknown choice": (
        f"{INTEGRATION}.parts[0].claims[0].choice",
        "shaman",
        f"{INTEGRATION}.parts[0].claims[0].choice",
    ),
    "a window from an unknown visit": (
        f"{INTEGRATION}.windows[0].from",
        "infusoin",
        f"{INTEGRATION}.windows[0].from",
    ),
    "a window from a repeat there is not": (
        f"{INTEGRATION}.windows[0].which",
        4,
        f"{INTEGRATION}.windows[0].which",
    ),
    "a visit counted from itself": (
        f"{INTEGRATION}.windows[0].from",
        "integration",
        f"{INTEGRATION}.windows[0].from",
    ),
    "for each of an unknown visit": (f"{INTEGRATION}.for_each", "x", f"{INTEGRATION}.for_each"),
    "two visits of one code": (f"{INTEGRATION}.code", "infusion", f"{INTEGRATION}.code"),
    "a gate before an unknown visit": ("gates[0].before", "x", "gates[0].before"),
    "endless repeats that nobody decides": (
        f"{INFUSION}.repeat.times",
        None,
        f"{INFUSION}.repeat.times",
    ),
}


@pytest.mark.parametrize(("path", "value", "place"), REFUSED.values(), ids=REFUSED)
def test_a_document_is_refused_where_it_is_wrong(path, value, place):
    assert place in faults(changed(path, value))


def test_a_visit_may_not_take_the_code_of_another_ones_repeat():
    lone = {"code": "infusion-2", "title": "X", "kind": "therapy", "parts": [SESSION]}

    assert f"{INFUSION}.code" in faults(changed("phases[0].visits[2]", lone))


def test_a_lone_visit_must_say_which_of_several_infusions_it_is_counted_from():
    document = changed(f"{INTEGRATION}.for_each", GONE)

    assert f"{INTEGRATION}.windows[0].which" in faults(document)


def test_a_flood_of_faults_is_cut_short():
    wrong = changed("arms", [{"a": 1, "b": 2, "c": 3}] * 60)

    assert len(faults(wrong)) <= 200


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**400, max_value=10**401),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\x00", "infusion", "V", "days", "x" * 5000, "as-arms", "next"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "phases", "visits", "windows", "min", "evidence", "\x00", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


def places(value, path=()):
    """Every place of a document, the inner ones first."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in list(inner):
        yield from places(each, (*path, key))
        yield (*path, key)


DOCUMENTS = [complete(), *drafts().values()]


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_is_sent_is_a_protocol_or_refused_with_faults(document):
    with pytest.raises(ProtocolFaults):
        read(document)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_protocol_with_anything_anywhere_is_read_or_refused_with_faults(data):
    document = json.loads(json.dumps(data.draw(st.sampled_from(DOCUMENTS))))
    place = data.draw(st.sampled_from(list(places(document))))
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = data.draw(JSON)

    with suppress(ProtocolFaults):
        assert read(document).visits


def test_a_document_nested_a_hundred_thousand_deep_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]

    assert "phases[0]" in faults(complete(phases=deep))
    while deep:  # taken apart by hand: Python itself would recurse
        deep = deep[0]
