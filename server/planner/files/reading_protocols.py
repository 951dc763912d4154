"""Reads the protocols of a scenario: visits, their parts and claims, and the windows."""

from collections.abc import Collection

from server.domain.protocols import Choice, Part, PartClaim, VisitDefinition, Window
from server.planner.files.entries import Entry, as_flag, as_number, as_whole, kind_of, word_of
from server.planner.files.scenario import ScenarioProtocol
from shared.vocabulary import BookableKind, Edge, VisitKind, WindowUnit

LONGEST_PART = 1440


def protocol_of(entry: Entry, grid: int, bookables: Collection[str]) -> ScenarioProtocol:
    """One protocol; part lengths must be multiples of the grid."""
    choices = _choices(entry)
    names = {each.name for each in choices}
    visits = tuple(_visit(each, grid, bookables, names) for each in entry.objects("visits"))
    codes, seen = {each.code for each in visits}, set[str]()
    if not visits:
        entry.fault("visits", "must name at least one")
    for n, visit in enumerate(visits):
        if visit.code in seen:
            entry.fault(f"visits[{n}].id", "is there twice")
        seen.add(visit.code)
        _check_anchors(entry, n, visit, codes)
    start = entry.text("start_visit")
    if start and start not in codes:
        entry.fault("start_visit", "names no visit of this protocol")
    return ScenarioProtocol(id=entry.text("id"), visits=visits, start_visit=start, choices=choices)


def _check_anchors(entry: Entry, n: int, visit: VisitDefinition, codes: Collection[str]) -> None:
    for m, window in enumerate(visit.windows):
        if window.anchor == visit.code:
            entry.fault(f"visits[{n}].windows[{m}].from", "is the visit itself")
        elif window.anchor and window.anchor not in codes:
            entry.fault(f"visits[{n}].windows[{m}].from", "names no visit of this protocol")


def _choices(entry: Entry) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for each in entry.objects("choices", needed=False):
        name = each.text("name")
        if name in found:
            each.fault("name", "is there twice")
        kept = each.read("kept", as_flag, True)
        each.finish()
        found[name] = Choice(name=name, kind=BookableKind.THERAPIST, kept=kept)
    return tuple(found.values())


def _visit(
    entry: Entry, grid: int, bookables: Collection[str], choices: Collection[str]
) -> VisitDefinition:
    code = entry.text("id")
    parts = tuple(_part(each, grid, bookables, choices) for each in entry.objects("parts"))
    if not parts:
        entry.fault("parts", "must name at least one")
    if sum(each.minutes or 0 for each in parts) > LONGEST_PART:
        entry.fault("parts", "are longer than a day")
    windows = tuple(_window(each) for each in entry.objects("windows", needed=False))
    kind = entry.read("kind", kind_of(VisitKind, VisitKind.ASSESSMENT), VisitKind.ASSESSMENT)
    entry.finish()
    return VisitDefinition(code=code, family=code, kind=kind, parts=parts, windows=windows)


def _part(entry: Entry, grid: int, bookables: Collection[str], choices: Collection[str]) -> Part:
    minutes = entry.read("minutes", lambda value: as_whole(value, 1, LONGEST_PART), grid)
    if minutes % grid:
        entry.fault("minutes", f"must be a multiple of the grid of {grid} minutes")
    claims = tuple(
        _claim(each, bookables, choices) for each in entry.objects("claims", needed=False)
    )
    found = Part(
        name=entry.text("name"),
        minutes=minutes,
        claims=claims,
        with_patient=entry.read("patient", as_flag, True, needed=False),
    )
    entry.finish()
    return found


def _claim(entry: Entry, bookables: Collection[str], choices: Collection[str]) -> PartClaim:
    bookable = entry.text("bookable", needed=False) or None
    choice = entry.text("choice", needed=False) or None
    if (bookable is None) == (choice is None):
        entry.fault("bookable", "must be named, or a choice instead")
    if bookable is not None and bookable not in bookables:
        entry.fault("bookable", "names no bookable of this file")
    if choice is not None and choice not in choices:
        entry.fault("choice", "names no choice of this protocol")
    units = entry.whole("units", 0, 10000, default=1)
    entry.finish()
    return PartClaim(bookable=bookable, choice=choice, units=units)


def _window(entry: Entry) -> Window:
    unit = entry.read("unit", word_of(WindowUnit), WindowUnit.DAYS)
    opens = entry.read("min", as_number, None, needed=False)
    closes = entry.read("max", as_number, None, needed=False)
    if unit is WindowUnit.DAYS:
        for key, value in (("min", opens), ("max", closes)):
            if value is not None and value != int(value):
                entry.fault(key, "must be a whole number of days")
    if opens is not None and closes is not None and closes < opens:
        entry.fault("max", "is less than min")
    edge = entry.read("edge", word_of(Edge), Edge.START)
    anchor = entry.text("from")
    entry.finish()
    return Window(anchor=anchor, edge=edge, unit=unit, opens=opens, closes=closes)
