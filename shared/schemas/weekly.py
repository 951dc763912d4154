"""Weekly rows of hours, and weekdays by their names."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.schemas.fields import Body, Minutes, Whole, Word
from shared.weekdays import WEEK, Weekday, numbers


def _require_once(days: list[Weekday]) -> None:
    if len(set(days)) < len(days):
        raise ValidationError("Each weekday once.")


class Weekdays(fields.List[Any]):
    """Weekdays by name, each once; numbers with Monday 0 inside the house."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"uniqueItems": True, "example": ["mon", "tue"]}
        super().__init__(Word(Weekday), validate=[validate.Length(1, 7), _require_once], **kwargs)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """As numbers, in order."""
        return numbers(super().deserialize(value, *args, **kwargs))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize([WEEK[day] for day in value], attr, obj, **kwargs)


class TimesOfWeek(Body):
    """Some hours of some weekdays, on the clinic's clock."""

    days = Weekdays(required=True)
    opens = Minutes(0, 1439, required=True, metadata={"description": "After midnight."})
    closes = Minutes(1, 1440, required=True, metadata={"description": "After midnight."})


class OpenTimes(TimesOfWeek):
    """Hours with how many are there; where rows overlap, they add up."""

    capacity = Whole(1, 1000, load_default=1)
