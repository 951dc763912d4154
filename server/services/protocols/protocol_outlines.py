"""A first draft of a protocol from a few questions: infusions, each with an integration session.

Every number is the clinic's own decision (D); what a prescriber has to decide stays empty.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from server.persistence.protocols import ProtocolVersionRow
from server.services.access import Caller
from server.services.protocols import protocols
from server.services.refusals import Invalid
from shared.problems import FieldFault

Document = dict[str, object]
D = "D"
GATES = (
    ("consent", "Consent is on file and confirmed again"),
    ("escort-named", "The companion for the way home is named"),
    ("suicide-screen", "The suicide screen is not high"),
)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What is asked. Gaps in days from one infusion to the next, hours after the end of an infusion
    to its session, lengths in minutes; `screening`, `preparation` and `follow_up_days` (after the
    last infusion) may be left out with False and None."""

    title: str
    drug: str
    route: str
    infusions: int
    gap: tuple[int, int, int]
    infusion_minutes: int
    getting_ready_minutes: int
    observation_minutes: int
    session_minutes: int
    hours_after: tuple[int, int, int]
    screening: bool
    preparation: bool
    follow_up_days: int | None
    check_in: bool


def begin(by: Caller, outline: Outline, *, now: datetime) -> ProtocolVersionRow:
    """Write it down as a draft. Invalid names each number that cannot be, Conflict a title that the
    clinic has already."""
    if faults := list(_faults(outline)):
        raise Invalid(faults)
    return protocols.create(by, document(outline), now=now)


def _faults(outline: Outline) -> list[FieldFault]:
    found = []
    for name, three in (("gap", outline.gap), ("hours_after", outline.hours_after)):
        if list(three) != sorted(three) or three[0] < 0:
            found.append(FieldFault(path=name, reason="least, best and most, in this order"))
    if not re.search(r"[a-z0-9]", outline.title.lower()):
        found.append(FieldFault(path="title", reason="give it a name with letters"))
    return found


def document(outline: Outline) -> Document:
    """The document, as it would be written by hand."""
    return {
        "format": "tandem.protocol/1",
        "code": re.sub(r"[^a-z0-9]+", "-", outline.title.lower()).strip("-")[:60],
        "title": outline.title,
        "description": "Written by the clinic from a few questions.",
        "off_label": True,
        "start_visit": "infusion-1",
        "arms": [_arm(outline)],
        "choices": [
            {"name": "therapist", "role": "therapist", "kept": True},
            *([_prescriber()] if outline.screening else []),
        ],
        "phases": [*_before(outline), _induction(outline), *_after(outline)],
        "check_ins": [_next_day()] if outline.check_in else [],
        "gates": [{"code": code, "title": title, "before": ["infusion"]} for code, title in GATES],
        "escort": {"required": True},
        "no_drive": {"until": None},
        "fasting": {"solids_hours": None, "clear_liquids_hours": None, "evidence": D},
    }


def _arm(outline: Outline) -> Document:
    return {
        "code": "infused",
        "title": outline.drug.capitalize(),
        "drug": outline.drug,
        "route": outline.route,
        "dose": {"mg_per_kg": None, "evidence": D},
        "cap": {"mg": None, "evidence": D},
        "duration": {"minutes": outline.infusion_minutes, "evidence": D},
    }


def _prescriber() -> Document:
    return {"name": "prescriber", "role": "prescriber", "kept": False}


def _before(outline: Outline) -> list[Document]:
    visits: list[Document] = []
    if outline.screening:
        part = {
            "name": "screening",
            "minutes": 60,
            "evidence": D,
            "claims": [{"choice": "prescriber"}],
        }
        visits.append(_first("screening", "Screening", part, (-14, -7, -2)))
    if outline.preparation:
        visits.append(_first("preparation", "Preparation", _session(outline), (-7, -2, -1)))
    return [{"code": "preparation", "title": "Getting ready", "visits": visits}] if visits else []


def _first(code: str, title: str, part: Document, days: tuple[int, int, int]) -> Document:
    window = {"from": "infusion", "which": "first", "edge": "start", "unit": "days"}
    return {
        "code": code,
        "title": title,
        "kind": code,
        "parts": [part],
        "windows": [window | _span(days)],
    }


def _span(three: tuple[int, int, int]) -> Document:
    return {"min": three[0], "target": three[1], "max": three[2], "evidence": D}


def _session(outline: Outline) -> Document:
    claims = [{"choice": "therapist"}, {"bookable": "therapy-rooms"}]
    return {"name": "session", "minutes": outline.session_minutes, "evidence": D, "claims": claims}


def _induction(outline: Outline) -> Document:
    infusion = {
        "code": "infusion",
        "title": "Infusion",
        "kind": "infusion",
        "repeat": {
            "times": outline.infusions,
            "evidence": D,
            "gap": {"unit": "days", **_span(outline.gap)},
        },
        "if_missed": "keep-ordinal",
        "parts": [
            _part("preparation", outline.getting_ready_minutes, 2),
            _part("infusion", "as-arms", 2),
            _part("observation", outline.observation_minutes, 1),
        ],
    }
    window = {"from": "infusion", "which": "same", "edge": "end", "unit": "hours"}
    integration = {
        "code": "integration",
        "title": "Integration",
        "kind": "integration",
        "for_each": "infusion",
        "if_missed": "record-deviation",
        "parts": [_session(outline)],
        "windows": [window | _span(outline.hours_after), {"before": "infusion", "which": "next"}],
        "never_same_day_as": ["infusion"],
    }
    title = "Infusions, each with its integration"
    return {"code": "induction", "title": title, "visits": [infusion, integration]}


def _part(name: str, minutes: int | str, nurses: int) -> Document:
    claims: list[Document] = [
        {"bookable": "chairs"},
        {"bookable": "nurses", "units": nurses, "evidence": D},
    ]
    if name != "preparation":
        claims.append({"bookable": "prescriber-on-site", "units": 0})
    said: Document = {"name": name, "minutes": minutes, "claims": claims}
    return said if minutes == "as-arms" else {**said, "evidence": D}


def _after(outline: Outline) -> list[Document]:
    if outline.follow_up_days is None:
        return []
    days = outline.follow_up_days
    window = {"from": "infusion", "which": "last", "edge": "start", "unit": "days"}
    visit = {
        "code": "follow-up",
        "title": "Follow-up",
        "kind": "follow_up",
        "parts": [_session(outline)],
        "windows": [window | _span((max(1, days - 3), days, days + 3))],
    }
    return [{"code": "follow-up", "title": "Follow-up", "visits": [visit]}]


def _next_day() -> Document:
    return {
        "code": "next-day",
        "title": "The day after",
        "instrument": "own-next-day",
        "by": "patient",
        "from": "infusion",
        "which": "each",
        "edge": "end",
        "unit": "hours",
        **_span((18, 24, 30)),
    }
