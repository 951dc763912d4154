"""The protocols that ship with Tandem."""

import json

import pytest

from server.domain.protocol_document import read
from server.library.loader import drafts
from shared.vocabulary import Edge, Evidence, WindowUnit

DRAFTS = drafts()
WINDOW = (Edge.END, WindowUnit.HOURS, 24, 72)


@pytest.mark.parametrize("code", DRAFTS)
def test_every_shipped_draft_can_be_read_and_goes_by_its_own_code(code):
    assert read(DRAFTS[code]).code == code


@pytest.mark.parametrize("code", DRAFTS)
def test_a_draft_is_the_same_protocol_after_a_journey_through_json(code):
    assert read(json.loads(json.dumps(DRAFTS[code]))) == read(DRAFTS[code])


def test_in_the_shiroma_trial_each_of_three_infusions_is_followed_by_a_session_in_24_to_72_hours():
    protocol = read(DRAFTS["shiroma-pe-rct"])

    for number in (1, 2, 3):
        window = protocol.visit(f"paired-session-{number}").windows[0]
        assert window.anchor == f"infusion-{number}"
        assert (window.edge, window.unit, window.opens, window.closes) == WINDOW
        assert window.provenance.mark("min") is Evidence.VERIFIED


def test_the_demonstration_says_everywhere_that_it_is_invented():
    document = DRAFTS["demo-ketamine-integration"]

    assert "not for patients" in str(document["title"])
    assert "not for patients" in str(document["description"])
    assert document["demonstration"] is True
