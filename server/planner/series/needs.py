"""What a visit needs at which moments of its length, counted in atoms after its start."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.protocols import VisitDefinition
from server.planner.calendar import PATIENT


@dataclass(frozen=True, slots=True)
class Need:
    """`units` of a bookable (or the patient) for atoms [begin, end) after the visit's start."""

    bookable: str
    begin: int
    end: int
    units: int


def checked_lengths(visits: tuple[VisitDefinition, ...]) -> None:
    """Raises ValueError naming the part that has no length, or none that can be."""
    for visit in visits:
        for part in visit.parts:
            if part.minutes is None or part.minutes < 0:
                raise ValueError(f"part {part.name} of {visit.code} has no length")


def needs(visit: VisitDefinition, atom_minutes: int, chosen: Mapping[str, str]) -> tuple[Need, ...]:
    """All that a visit takes, with each choice made as in `chosen`; stretches of one kind that
    follow each other are joined. Raises KeyError for a choice that is not made."""
    taken: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    begin = 0
    for part in visit.parts:
        end = begin + (part.minutes or 0) // atom_minutes
        if end > begin:
            units: dict[tuple[str, bool], int] = defaultdict(int)
            for claim in part.claims:
                bookable = chosen[claim.choice] if claim.choice else str(claim.bookable)
                units[bookable, claim.units > 0] += claim.units
            if part.with_patient:
                units[PATIENT, True] = 1
            for (bookable, _), sum_of_units in units.items():
                taken[bookable].append((begin, end, sum_of_units))
        begin = end
    return tuple(
        Need(bookable, *stretch) for bookable, all_ in taken.items() for stretch in _joined(all_)
    )


def _joined(stretches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Neighbours with the same units become one."""
    joined: list[tuple[int, int, int]] = []
    for begin, end, units in sorted(stretches, key=lambda each: (each[2], each[0])):
        goes_on = bool(joined) and joined[-1][1:] == (begin, units)
        joined.append((joined.pop()[0] if goes_on else begin, end, units))
    return joined


def claimed_choices(visit: VisitDefinition) -> tuple[str, ...]:
    """Names of the choices that a visit's parts claim, in order."""
    return tuple(
        dict.fromkeys(claim.choice for part in visit.parts for claim in part.claims if claim.choice)
    )


def patient_stays(visit: VisitDefinition, atom_minutes: int) -> tuple[Need, ...]:
    """The stretches of a visit in which the patient is needed, in order."""
    stretches, begin = [], 0
    for part in visit.parts:
        end = begin + (part.minutes or 0) // atom_minutes
        if part.with_patient and end > begin:
            stretches.append((begin, end, 1))
        begin = end
    return tuple(Need(PATIENT, *stretch) for stretch in _joined(stretches))
