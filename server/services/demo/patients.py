"""Some sixty fictional patients: where, on which protocol, since when, and when they can come."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from server.persistence.people import PatientRow, name_key
from server.persistence.types import new_id
from server.services.demo.names import patient_name
from shared.vocabulary import DayPart

SEED = "the demo clinic"
ALWAYS = None
MORNINGS = [{"days": [0, 1, 2, 3, 4], "opens": 480, "closes": 780}]
NOT_FRIDAYS = [{"days": [0, 1, 2, 3], "opens": 480, "closes": 1140}]
SATURDAYS = [{"days": [5], "opens": 540, "closes": 840}]
WISHES = (ALWAYS, ALWAYS, ALWAYS, NOT_FRIDAYS, MORNINGS)

THREE_A_WEEK = {"feder-2021", "feder-wet", "albott-2018"}
"""They need Mondays, Wednesdays and Fridays: nobody on them says not to come on a Friday."""

PROTOCOLS = {
    "harbour": ["demo-ketamine-integration"] * 18
    + ["shiroma-pe-rct"] * 9
    + ["feder-2021"] * 4
    + ["feder-wet"] * 5
    + ["albott-2018"] * 4,
    "mesa": ["demo-ketamine-integration"] * 10 + ["shiroma-pe-rct"] * 6 + ["albott-2018"] * 4,
}
"""Forty patients at Harbour, twenty at Mesa, on five protocols."""
EAGER = 0.5
"""Below 1: more begin lately than long ago, as in a clinic that grows."""
THERAPISTS = {
    "harbour": ["theo", "tess", "tariq", "thea", "tomas"],
    "mesa": ["tilda", "tunde", "tova"],
}
PRESCRIBER = {"harbour": "drew", "mesa": "dana"}


@dataclass(frozen=True, kw_only=True)
class Tale:
    """One patient's beginning. `part` is what this one is there to show, "" for most."""

    number: int
    site: str
    protocol: str
    ready_on: date
    therapists: tuple[str, ...]
    weekly: list[dict[str, object]] | None = None
    prefers: DayPart | None = None
    part: str = ""
    planned: bool = True
    """False for those who still wait for a plan."""
    candidates: dict[str, list[str]] = field(default_factory=dict)


def tales(today: date) -> Iterator[Tale]:
    """Everybody, those who began first coming first; the same for the same day."""
    chance = random.Random(SEED)  # noqa: S311  (a story, not a secret)
    found: list[Tale] = []
    for site, protocols in PROTOCOLS.items():
        for rank, protocol in enumerate(chance.sample(protocols, len(protocols))):
            spread = -84 + round(96 * (rank / len(protocols)) ** EAGER)
            ready_on = today + timedelta(days=spread + chance.randint(-2, 2))
            found.append(_tale(chance, len(found), (site, protocol), ready_on, today))
    yield from sorted(found, key=lambda each: (each.ready_on, each.number))


def _tale(
    chance: random.Random, number: int, place: tuple[str, str], ready_on: date, today: date
) -> Tale:
    site, protocol = place
    able = THERAPISTS[site]
    first = chance.choice(able)
    others = [each for each in able if each != first]
    return Tale(
        number=number,
        site=site,
        protocol=protocol,
        ready_on=ready_on,
        therapists=(first, chance.choice(others)),
        weekly=chance.choice([ALWAYS, MORNINGS] if protocol in THREE_A_WEEK else list(WISHES)),
        prefers=chance.choice((None, None, DayPart.MORNING, DayPart.AFTERNOON)),
        planned=ready_on < today + timedelta(days=6),
    )


def patient(tale: Tale, clinic_id: str, site_id: str, now: datetime) -> PatientRow:
    """The patient of a tale, with a number that no telephone has."""
    name = patient_name(tale.number)
    return PatientRow(
        id=new_id(),
        clinic_id=clinic_id,
        site_id=site_id,
        full_name=name,
        name_key=name_key(name),
        language="es" if tale.number % 9 == 4 else "en",
        email=f"patient{tale.number:02d}@demo.invalid",
        phone=f"+1 555 01{tale.number:02d}",
        contact_name=f"{patient_name(tale.number + 70)} (contact)",
        contact_phone=f"+1 555 02{tale.number:02d}",
        prefers=tale.prefers,
        weekly=tale.weekly,
        away=[],
        made_at=now,
    )
