"""Rows whose value is among those that a question within the question finds."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class is_among(GenericFunction[bool]):  # noqa: N801  (named as SQL would)
    """Whether a value is among those of a scalar subquery that asks of nothing outside itself.

    PostgreSQL is told to find those first and then to look only them up in an index: by its own
    guess it reads a table whole where a tenth of it is asked for.
    """

    type = Boolean()
    inherit_cache = True


@compiles(is_among, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value, query = (compiler.process(each, **kw) for each in element.clauses)
    return f"{value} = ANY (ARRAY {query})"


@compiles(is_among, "sqlite")
def _sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    value, query = (compiler.process(each, **kw) for each in element.clauses)
    return f"{value} IN {query}"
