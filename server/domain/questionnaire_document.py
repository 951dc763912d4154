"""Reads a clinic's own questionnaire (docs/questionnaires.md), or says all that is wrong with it.

Nothing is guessed: a score, a named band, a threshold of change and an alert each stand only as the
document gives them, with an evidence mark; items may only be kept with the licence that allows it.
"""

from collections.abc import Mapping, Sequence

from server.domain.document_record import Notes, Record
from server.domain.faults import ProtocolFaults
from server.domain.questionnaires import Questionnaire
from server.domain.questionnaires import read as as_it_stands
from shared.vocabulary import Evidence, ItemKind

FORMAT = "tandem.questionnaire/1"
LANGUAGES = ("en", "es")
LONGEST_ITEM = 1000
HIGHEST = 1000
WORDED = ("look_back", "intro", "stem")


def read(document: Mapping[str, object]) -> Questionnaire:
    """The form of a document. Raises ProtocolFaults, and nothing else, with every fault."""
    notes = Notes()
    _form(Record(document, "", notes))
    if notes.faults:
        raise ProtocolFaults(notes.faults)
    return as_it_stands({"alerts": [], **document})


def _form(record: Record) -> None:
    if record.get("format") != FORMAT:
        record.fault("format", f"must be {FORMAT}")
    record.code("code")
    record.text("title")
    languages = _languages(record)
    _licence(record.needed("licence"))
    _lines(record, "sources")
    for key in WORDED:
        _words(record.needed(key), languages, blank=key != "look_back")
    options = _options(record, languages)
    known = _items(record, languages, options)
    if (score := record.record("score")) is not None:
        _score(score, known)
    _alerts(record, known, scored=score is not None)
    record.finish()


def _languages(record: Record) -> tuple[str, ...]:
    written = record.get("languages")
    listed = list(written) if isinstance(written, list | tuple) else []
    found = tuple(each for each in LANGUAGES if each in listed)
    if not found or len(found) != len(listed):
        record.fault("languages", f"must be a list of some of: {', '.join(LANGUAGES)}")
    return found


def _licence(record: Record) -> None:
    record.text("terms")
    record.text("text", longest=4000)
    record.enum("evidence", Evidence)
    record.finish()


def _lines(record: Record, key: str) -> None:
    written = record.get(key)
    lines = written if isinstance(written, list | tuple) else []
    if not lines or not all(isinstance(each, str) and each.strip() for each in lines):
        record.fault(key, "must be a list of at least one line of text")


def _words(record: Record, languages: Sequence[str], *, blank: bool = False) -> None:
    """The same words in every language of the form, and in no other."""
    for language in languages:
        if not (blank and record.get(language) == ""):
            record.text(language, longest=LONGEST_ITEM)
    record.finish()


def _options(record: Record, languages: Sequence[str]) -> list[int]:
    values = []
    for each in record.records("options"):
        value = each.whole("value", most=HIGHEST)
        if value is None and not each.has("value"):
            each.fault("value", "is missing")
        if value in values:
            each.fault("value", "stands for another option already")
        _words(each.needed("text"), languages)
        each.finish()
        values.append(-1 if value is None else value)
    return values


def _items(record: Record, languages: Sequence[str], options: list[int]) -> dict[str, ItemKind]:
    known: dict[str, ItemKind] = {}
    for each in record.records("items"):
        code, kind = each.code("id"), each.enum("kind", ItemKind)
        if code in known:
            each.fault("id", "is the name of another item already")
        _words(each.needed("text"), languages)
        own = _options(each, languages)
        if kind is ItemKind.CHOICE and len(own or options) < 2:
            each.fault("kind", "needs at least two options, of its own or in the form")
        _scale(each, kind, languages)
        _condition(each, known)
        each.flag("scored")
        each.flag("stem")
        each.finish()
        known[code] = kind
    if not known:
        record.fault("items", "must hold at least one item")
    return known


def _scale(record: Record, kind: ItemKind, languages: Sequence[str]) -> None:
    least, most = record.whole("least", most=HIGHEST), record.whole("most", most=HIGHEST)
    ends = record.record("ends")
    if kind is not ItemKind.SCALE:
        for key in ("least", "most", "ends"):
            if record.has(key):
                record.fault(key, "stands only with a scale")
        return
    if most is None or (least or 0) >= most:
        record.fault("most", "must be above the least")
    if ends is not None:
        for language in languages:
            pair = ends.get(language)
            words = pair if isinstance(pair, list | tuple) else ()
            if len(words) != 2 or not all(isinstance(w, str) and w.strip() for w in words):
                ends.fault(language, "must be two words: for the least and for the most")
        ends.finish()


def _condition(record: Record, known: Mapping[str, ItemKind]) -> None:
    if not record.has("only_if"):
        return
    on = record.code("only_if")
    if on and known.get(on) is not ItemKind.YES_NO:
        record.fault("only_if", "must name a yes-no item that stands before this one")


def _score(record: Record, known: Mapping[str, ItemKind]) -> None:
    if record.whole("most", least=1, most=HIGHEST) is None:
        record.fault("most", "must be given: the highest total there is")
    record.enum("evidence", Evidence)
    record.whole("endorsed_from", most=HIGHEST)
    for each in record.records("clusters"):
        _cluster(each, len(known))
    for each in record.records("bands"):
        each.text("title")
        _bounded(each, "from")
    for each in record.records("change"):
        each.text("means")
        _bounded(each, "points")
    if (skipped := record.record("skipped")) is not None:
        _bounded(skipped, "most")
    if (cut := record.record("cut")) is not None:
        cut.text("note", default="")
        _bounded(cut, "from")
    record.finish()


def _cluster(record: Record, items: int) -> None:
    record.code("code")
    first, last = (record.whole(key, least=1, most=items) for key in ("first", "last"))
    needed = record.whole("needed", least=0, most=items)
    if first is None or last is None or needed is None or first > last:
        record.fault("", "must give first, last and needed, as places of items counted from 1")
    record.finish()


def _bounded(record: Record, key: str) -> None:
    if record.whole(key, most=HIGHEST) is None:
        record.fault(key, "must be a whole number")
    record.enum("evidence", Evidence)
    record.finish()


THRESHOLDS = ("at_least", "total_at_least", "rise_at_least")


def _alerts(record: Record, known: Mapping[str, ItemKind], *, scored: bool) -> None:
    codes: set[str] = set()
    for each in record.records("alerts"):
        code = each.code("code")
        if code in codes:
            each.fault("code", "is the name of another alert already")
        codes.add(code)
        _alert(each, known, scored=scored)


def _alert(record: Record, known: Mapping[str, ItemKind], *, scored: bool) -> None:
    items = record.codes("items") if record.has("items") else ()
    items += (record.code("item"),) if record.has("item") else ()
    given = [key for key in THRESHOLDS if record.whole(key, most=HIGHEST) is not None]
    if len(given) != 1:
        record.fault("", f"must give exactly one of: {', '.join(THRESHOLDS)}")
    elif given == ["at_least"] and not items:
        record.fault("items", "must name the items that this is about")
    elif given != ["at_least"] and not scored:
        record.fault(given[0], "needs a form with a score")
    for item in items:
        if known.get(item) in (None, ItemKind.TEXT):
            record.fault("items", "must name items of this form that are answered by a number")
    record.flag("help_line")
    record.enum("evidence", Evidence)
    record.finish()
