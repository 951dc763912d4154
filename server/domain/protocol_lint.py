"""Names everything impossible or unsafe in a protocol, with its place in the document."""

from collections.abc import Iterator, Mapping, Sequence

from server.domain.calendars import WeeklyHours
from server.domain.faults import Fault, ProtocolFaults, Severity
from server.domain.lint_opening import faults_of_opening
from server.domain.lint_safety import faults_of_safety
from server.domain.lint_spacing import faults_of_spacing
from server.domain.lint_texts import faults_of_texts
from server.domain.lint_windows import faults_of_windows
from server.domain.protocol_document import read
from server.domain.protocols import Protocol


def lint(
    protocol: Protocol | Mapping[str, object], opening: Sequence[WeeklyHours] | None = None
) -> list[Fault]:
    """Every fault, errors before warnings. A document that cannot be read gives those faults.

    `opening` are the clinic's hours; left out, spacing is tried as if it never closed.
    """
    return _linted(protocol, opening, from_weekdays=True)


def errors(
    protocol: Protocol | Mapping[str, object], opening: Sequence[WeeklyHours] | None = None
) -> list[Fault]:
    """Those of them that no warning is: what takes longest to find out only warns."""
    found = _linted(protocol, opening, from_weekdays=False)
    return [each for each in found if each.severity is Severity.ERROR]


def _linted(
    protocol: Protocol | Mapping[str, object],
    opening: Sequence[WeeklyHours] | None,
    *,
    from_weekdays: bool,
) -> list[Fault]:
    if isinstance(protocol, Mapping):
        try:
            protocol = read(protocol)
        except ProtocolFaults as refused:
            return list(refused.faults)
    found = _faults(protocol, opening, from_weekdays)
    return sorted(found, key=lambda fault: fault.severity)


def _faults(
    protocol: Protocol, opening: Sequence[WeeklyHours] | None, from_weekdays: bool
) -> Iterator[Fault]:
    yield from faults_of_texts(protocol)
    yield from faults_of_safety(protocol)
    yield from faults_of_windows(protocol)
    impossible = list(faults_of_spacing(protocol))
    yield from impossible
    if not impossible:
        yield from faults_of_opening(protocol, opening, from_weekdays=from_weekdays)
