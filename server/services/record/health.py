"""Whether this process can serve: the database answers and has the form this code expects."""

from server.persistence import migrate
from server.persistence.database import db
from server.services.refusals import Unavailable


def require_ready() -> None:
    """Raise Unavailable where migrations are missing; an error of the database passes through."""
    db.session.rollback()
    if not migrate.is_current(db.session.connection()):
        raise Unavailable
