"""A clinic's own questionnaire is read whole, or everything wrong with it is said."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from server.domain import questionnaire_document
from server.domain.faults import ProtocolFaults
from server.library import questionnaires
from server.library.loader import parse
from tests.builders import OWN_FORM

SHIPPED = sorted(questionnaires.FOLDER.glob("*.yaml"))


def faults(document: dict[str, Any]) -> set[str]:
    with pytest.raises(ProtocolFaults) as refused:
        questionnaire_document.read(document)
    return {each.path for each in refused.value.faults}


def with_change(*path: str | int, to: object) -> dict[str, Any]:
    document: Any = deepcopy(OWN_FORM)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return document  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_with_tandem_keeps_the_rules_for_clinics(path: Path) -> None:
    document = parse(path.read_text("utf-8"))
    assert questionnaire_document.read(document) == questionnaires.questionnaires()[path.stem]


def test_a_whole_form_is_read() -> None:
    form = questionnaire_document.read(OWN_FORM)
    assert [item.id for item in form.items] == ["money", "sleep"]
    assert form.scoring is not None
    assert form.scoring.most == 2
    assert form.alerts[0].help_line


def test_the_example_of_the_docs_is_a_whole_form() -> None:
    page = (Path(__file__).parents[2] / "docs/questionnaires.md").read_text("utf-8")
    written = page.split("```yaml\n")[1].split("```")[0]
    form = questionnaire_document.read(parse(written))
    assert [item.id for item in form.items] == ["money", "sleep", "alone", "how-long"]


SCALE = {"id": "money", "kind": "scale", "text": {"en": "Money?"}}
WRONG: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "another format": (("format",), "tandem.protocol/1", "format"),
    "no licence": (("licence",), None, "licence"),
    "a licence without its words": (("licence", "text"), None, "licence.text"),
    "a licence without an evidence mark": (("licence", "evidence"), "X", "licence.evidence"),
    "no source": (("sources",), [], "sources"),
    "a language nobody speaks here": (("languages",), ["en", "tlh"], "languages"),
    "a language without words": (("languages",), ["en", "es"], "items[0].text.es"),
    "no item": (("items",), [], "items"),
    "an item twice": (("items", 1, "id"), "money", "items[1].id"),
    "an item without words": (("items", 0, "text", "en"), " ", "items[0].text.en"),
    "a choice without options": (("options",), [], "items[0].kind"),
    "an option twice": (("options", 1, "value"), 0, "options[1].value"),
    "an option in half points": (("options", 1, "value"), 0.5, "options[1].value"),
    "a scale without an end": (("items", 0), SCALE, "items[0].most"),
    "a scale upside down": (("items", 0), SCALE | {"least": 9, "most": 3}, "items[0].most"),
    "a condition on what comes later": (("items", 0, "only_if"), "sleep", "items[0].only_if"),
    "a score without its highest": (("score", "most"), None, "score.most"),
    "a score without evidence": (("score", "evidence"), None, "score.evidence"),
    "a band nobody published": (
        ("score", "bands"),
        [{"from": 1, "title": "bad"}],
        "score.bands[0].evidence",
    ),
    "an alert about no item": (("alerts", 0), {"code": "a", "at_least": 1}, "alerts[0].items"),
    "an alert about an item that is not there": (
        ("alerts", 0),
        {"code": "a", "at_least": 1, "item": "rent", "evidence": "R"},
        "alerts[0].items",
    ),
    "an alert at no threshold": (("alerts", 0, "total_at_least"), None, "alerts[0]"),
    "an alert on a score there is none of": (("score",), None, "alerts[0].total_at_least"),
    "a word that means nothing": (("itmes",), [], "itmes"),
    "a list for a record": (("licence",), [], "licence"),
    "a number for words": (("title",), 7, "title"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_by_its_place(name: str) -> None:
    path, to, named = WRONG[name]
    assert named in faults(with_change(*path, to=to))


def test_everything_wrong_is_said_at_once() -> None:
    document = with_change("licence", to=None) | {"items": [], "code": "Not A Code"}
    assert {"licence", "items", "code"} <= faults(document)
