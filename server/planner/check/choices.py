"""Who is chosen: everybody needed, and nobody who may not be."""

from collections.abc import Iterator, Mapping, Set

from server.planner.check.plan_file import PlacedSeries
from server.planner.files.scenario import ScenarioPatient

NOBODY: Mapping[str, str] = {}


def faults_of_choices(
    patient: ScenarioPatient,
    series: PlacedSeries,
    staying: Set[str] = frozenset(),
    held: Mapping[str, str] = NOBODY,
) -> Iterator[str]:
    """Of all visits but those that are `staying` (codes). Who is `held` for the series already may
    stay, where nobody is needed any more."""
    kept = {each.name for each in patient.protocol.choices if each.kept}
    needed = set()
    movable = [each for each in patient.protocol.visits if each.code not in staying]
    for visit in movable:
        claimed = {claim.choice for part in visit.parts for claim in part.claims if claim.choice}
        needed |= claimed & kept
        if (placed := series.visits.get(visit.code)) is not None:
            yield from _chosen(
                f"{patient.id} {visit.code}", patient, placed.choices, claimed - kept
            )
    made = {
        name: who for name, who in series.choices.items() if name in needed or held.get(name) != who
    }
    yield from _chosen(patient.id, patient, made, needed, also=kept)


def _chosen(
    who: str,
    patient: ScenarioPatient,
    made: Mapping[str, str],
    needed: Set[str],
    also: Set[str] = frozenset(),
) -> Iterator[str]:
    for name in sorted(needed - set(made)):
        yield f"{who} choice: {name} is not chosen"
    for name, chosen in sorted(made.items()):
        if name not in needed | also:
            yield f"{who} choice: {name} is not chosen here"
        elif chosen not in patient.candidates.get(name, ()):
            yield f"{who} choice: {chosen} may not be chosen as {name}"
