"""Column types that keep what they were given: aware instants on both databases, short ids."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. SQLite would drop the zone silently; this refuses naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without the zone where the database cannot keep it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive instant never reaches a row")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Aware again, in UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """An opaque id: 32 hexadecimal characters that say nothing."""
    return uuid4().hex


Id = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
Ref = Annotated[str, mapped_column(String(32))]
Code = Annotated[str, mapped_column(String(80))]
Title = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
At = Annotated[datetime, mapped_column(Instant)]
Document = Annotated[dict[str, object], mapped_column(JSON)]
