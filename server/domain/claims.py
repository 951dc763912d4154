"""What a visit at a given time takes: its parts as instants, and a claim for each of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.domain.calendars import Busy, Claim
from server.domain.protocols import Part, PartClaim, VisitDefinition


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One part of a visit with its aware instants."""

    part: Part
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PartTaken:
    """A claim and the name of the part that makes it."""

    part: str
    claim: Claim


def stretches(visit: VisitDefinition, starts_at: datetime) -> list[Stretch]:
    """The visit's parts one after the other, in UTC: part lengths are elapsed minutes."""
    found, at = [], starts_at.astimezone(UTC)
    for part in visit.parts:
        ends_at = at + timedelta(minutes=part.minutes or 0)
        found.append(Stretch(part=part, starts_at=at, ends_at=ends_at))
        at = ends_at
    return found


def ends_at(visit: VisitDefinition, starts_at: datetime) -> datetime:
    """When the whole visit is over, turnover included (UTC)."""
    return starts_at.astimezone(UTC) + timedelta(minutes=visit.minutes)


def with_patient(visit: VisitDefinition, starts_at: datetime) -> Busy | None:
    """From the first to the last moment the patient is needed; None where never."""
    if not any(part.with_patient for part in visit.parts):
        return None
    first, last = visit.patient_minutes
    begins = starts_at.astimezone(UTC)
    return Busy(
        starts_at=begins + timedelta(minutes=first),
        ends_at=begins + timedelta(minutes=last),
    )


def taken(
    visit: VisitDefinition, starts_at: datetime, choices: Mapping[str, str]
) -> Iterator[PartTaken]:
    """Every claim of a visit at a time; `choices` maps each choice to the bookable chosen.

    Raises KeyError for a choice that was not made.
    """
    for stretch in stretches(visit, starts_at):
        if stretch.starts_at < stretch.ends_at:
            for claim in stretch.part.claims:
                yield PartTaken(part=stretch.part.name, claim=_claim(claim, stretch, choices))


def touched(
    visit: VisitDefinition, starts_at: datetime, choices: Mapping[str, str]
) -> Iterator[Claim]:
    """The claims of a visit as far as they are known: a choice not made claims nobody yet."""
    for stretch in stretches(visit, starts_at):
        for claim in stretch.part.claims:
            if claim.bookable is not None or claim.choice in choices:
                yield _claim(claim, stretch, choices)


def _claim(claim: PartClaim, stretch: Stretch, choices: Mapping[str, str]) -> Claim:
    bookable_id = claim.bookable if claim.bookable is not None else choices[str(claim.choice)]
    return Claim(
        bookable_id=bookable_id,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        units=claim.units,
    )


def named(visits: Iterable[VisitDefinition]) -> set[str]:
    """What these visits claim by name, whoever is chosen."""
    parts = (part for visit in visits for part in visit.parts)
    return {claim.bookable for part in parts for claim in part.claims if claim.bookable}
