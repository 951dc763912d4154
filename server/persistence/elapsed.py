"""How far apart two instants, or two dates on a clinic's calendar, are: as each database counts."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

DAY = 86_400_000_000
"""In microseconds, as is a minute."""
A_MINUTE = literal(60_000_000, BigInteger)


class microseconds_between(GenericFunction[int]):  # noqa: N801  (named as SQL would)
    """From the first instant to the second; negative where the second is earlier."""

    type = BigInteger()
    inherit_cache = True


class local_days_between(GenericFunction[int]):  # noqa: N801
    """From the date of the first wall time, so many minutes later, to the date of the second."""

    type = Integer()
    inherit_cache = True


def whole_days(first: Any, second: Any) -> ColumnElement[int]:
    """Whole days from one instant to another, rounded down as `timedelta.days` is."""
    apart = microseconds_between(first, second)
    # Integers divide towards zero in both databases.
    return case((apart < 0, (apart - (DAY - 1)) // DAY), else_=apart // DAY)


def _words(element: Any, compiler: Any, **kw: Any) -> list[str]:
    return [compiler.process(each, **kw) for each in element.clauses]


@compiles(microseconds_between, "postgresql")
def _micros_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = _words(element, compiler, **kw)
    return f"CAST(extract(epoch FROM ({second}) - ({first})) * 1000000 AS bigint)"


@compiles(microseconds_between, "sqlite")
def _micros_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # An instant is kept as "2026-11-28 03:23:15.000000"; seconds as a float would lose the last.
    first, second = (
        f"(CAST(strftime('%s', {each}) AS INTEGER) * 1000000 + CAST(substr({each}, 21) AS INTEGER))"
        for each in _words(element, compiler, **kw)
    )
    return f"({second} - {first})"


@compiles(local_days_between, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    first, minutes, second = _words(element, compiler, **kw)
    later = f"CAST(substr({first}, 1, 16) AS timestamp) + {minutes} * interval '1 minute'"
    return f"(CAST(substr({second}, 1, 10) AS date) - CAST({later} AS date))"


@compiles(local_days_between, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    first, minutes, second = _words(element, compiler, **kw)
    later = f"date(substr({first}, 1, 16), {minutes} || ' minutes')"
    return f"CAST(julianday(substr({second}, 1, 10)) - julianday({later}) AS INTEGER)"
