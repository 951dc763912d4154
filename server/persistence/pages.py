"""One page of a long list, and how long the list is."""

from typing import TypeVar

from sqlalchemy import Select, func, select

from server.persistence.database import db

R = TypeVar("R")


def page_of(query: Select[R], *, page: int, page_size: int) -> tuple[list[R], int]:
    """The rows of a page counted from 1, and how many there are on all pages together."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = db.session.scalars(query.offset((page - 1) * page_size).limit(page_size))
    return list(rows), total or 0
