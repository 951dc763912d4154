"""The page that explains the protocol format does not lie."""

import re
from pathlib import Path

from server.domain.calendars import WeeklyHours
from server.domain.protocol_document import read
from server.domain.protocol_safety import may_activate
from server.library.loader import drafts, parse

PAGE = (Path(__file__).parents[2] / "docs" / "protocol-format.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WEEKDAYS = (WeeklyHours(days=(0, 1, 2, 3, 4), opens=8 * 60, closes=18 * 60),)


def test_the_worked_example_is_a_protocol_that_may_be_activated():
    assert may_activate(parse(EXAMPLES[0]), WEEKDAYS) == []


def test_the_worked_example_is_planned_as_the_page_says():
    protocol = read(parse(EXAMPLES[0]))

    assert [visit.code for visit in protocol.visits] == [
        *("infusion-1", "infusion-2", "talk-1", "talk-2")
    ]
    assert protocol.visit("infusion-1").minutes == 20 + 40 + 60 + 15
    assert [window.anchor for window in protocol.visit("talk-1").windows] == [
        *("infusion-1", "infusion-2")
    ]


def test_every_other_example_can_be_parsed():
    assert all(parse(example) for example in EXAMPLES[1:])


def keys(value):
    """Every key used anywhere in a document."""
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_the_table_of_keys_names_every_key_that_the_drafts_use():
    table = set(re.findall(r"`([a-z_]+)`", PAGE[PAGE.index("## Every key") :]))

    marks_and_window = {"evidence", "source", "note", "from", "which", "edge", "unit"}
    assert set(keys(list(drafts().values()))) - table - marks_and_window == set()
