"""A form as it is asked: items, how each is answered, and what its licence demands to be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.vocabulary import Evidence, ItemKind

Words = Mapping[str, str]
"""The same words by language."""
LONGEST_NOTE = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One answer to choose, and the number that stands for it."""

    value: int
    text: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One question. A scale runs from `least` to `most`; `only_if` names a yes-no item that must
    have been answered with yes; `stem` says whether the form's stem stands before it."""

    id: str
    kind: ItemKind
    text: Words
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 1
    ends: Mapping[str, tuple[str, ...]] | None = None
    only_if: str | None = None
    scored: bool = True
    stem: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Items that belong together, by their place from 1; for a provisional finding `needed` of
    them must be endorsed."""

    code: str
    first: int
    last: int
    needed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """What a total from `least` on is called in the published literature."""

    least: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A published threshold of change, in points."""

    points: int
    means: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Scoring:
    """The sum of all scored items, at most `most`. No bands where none are published. Up to
    `fillable` items that were skipped count as the mean of the others, where a source says so."""

    most: int
    clusters: tuple[Cluster, ...] = ()
    endorsed_from: int | None = None
    bands: tuple[Band, ...] = ()
    changes: tuple[Change, ...] = ()
    fillable: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRule:
    """An answer that a clinician must see the same day: one of `items` at `at_least`, the total at
    `total_at_least`, or a rise of `rise_at_least` points over the last total."""

    code: str
    items: tuple[str, ...] = ()
    at_least: int | None = None
    total_at_least: int | None = None
    rise_at_least: int | None = None
    help_line: bool = False
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Questionnaire:
    """A form. `notice` must be shown with it, unaltered."""

    code: str
    title: str
    languages: tuple[str, ...]
    notice: str
    terms: str
    sources: tuple[str, ...]
    look_back: Words
    intro: Words
    stem: Words
    items: tuple[Item, ...]
    scoring: Scoring | None = None
    alerts: tuple[AlertRule, ...] = ()

    def item(self, item_id: str) -> Item | None:
        """One item by its id."""
        return next((each for each in self.items if each.id == item_id), None)


def read(document: Mapping[str, Any]) -> Questionnaire:
    """A shipped document as a form. KeyError where it lacks something: shipped ones never do."""
    shared = tuple(map(_option, document.get("options", ())))
    licence = document["licence"]
    return Questionnaire(
        code=document["code"],
        title=document["title"],
        languages=tuple(document["languages"]),
        notice=licence["text"].strip(),
        terms=licence["terms"],
        sources=tuple(document["sources"]),
        look_back=document["look_back"],
        intro=document["intro"],
        stem=document["stem"],
        items=tuple(_item(each, shared) for each in document["items"]),
        scoring=_scoring(document["score"]) if "score" in document else None,
        alerts=tuple(map(_alert, document["alerts"])),
    )


def _item(written: Mapping[str, Any], shared: tuple[Option, ...]) -> Item:
    kind = ItemKind(written["kind"])
    ends = written.get("ends")
    own = tuple(map(_option, written.get("options", ()))) or shared
    return Item(
        id=written["id"],
        kind=kind,
        text=written["text"],
        options=own if kind is ItemKind.CHOICE else (),
        least=written.get("least", 0),
        most=_most(written, kind, own),
        ends={language: tuple(words) for language, words in ends.items()} if ends else None,
        only_if=written.get("only_if"),
        scored=written.get("scored", True) and kind is not ItemKind.TEXT,
        stem=written.get("stem", True),
    )


def _most(written: Mapping[str, Any], kind: ItemKind, options: Iterable[Option]) -> int:
    if kind is ItemKind.CHOICE:
        return max(each.value for each in options)
    return int(written.get("most", 1))


def _option(written: Mapping[str, Any]) -> Option:
    return Option(value=written["value"], text=written["text"])


def _scoring(written: Mapping[str, Any]) -> Scoring:
    return Scoring(
        most=written["most"],
        fillable=written.get("skipped", {}).get("most", 0),
        clusters=tuple(Cluster(**each) for each in written.get("clusters", ())),
        endorsed_from=written.get("endorsed_from"),
        bands=tuple(Band(least=b["from"], title=b["title"]) for b in written.get("bands", ())),
        changes=tuple(
            Change(points=c["points"], means=c["means"], evidence=Evidence(c["evidence"]))
            for c in written.get("change", ())
        ),
    )


def _alert(written: Mapping[str, Any]) -> AlertRule:
    items = written.get("items", [written["item"]] if "item" in written else [])
    return AlertRule(
        code=written["code"],
        items=tuple(items),
        at_least=written.get("at_least"),
        total_at_least=written.get("total_at_least"),
        rise_at_least=written.get("rise_at_least"),
        help_line=written.get("help_line", False),
        evidence=Evidence(written["evidence"]),
    )
