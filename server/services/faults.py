"""What the database says, as the refusal that the caller should see."""

from server.persistence.faults import DatabaseError, Fault, fault
from server.services.refusals import Conflict, Stale, Unavailable

__all__ = ["DatabaseError", "refusal"]


def refusal(error: DatabaseError) -> Exception | None:
    """The refusal to answer with; None where the mistake is ours."""
    match fault(error):
        case Fault.AWAY:
            return Unavailable()
        case Fault.TAKEN:
            return Conflict("Something else there already stands in its place.")
        case Fault.CHANGED:
            return Stale()
        case _:
            return None
