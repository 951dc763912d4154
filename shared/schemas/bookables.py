"""What appointments can claim, and when it works."""

from marshmallow import fields, validate

from shared.schemas.fields import (
    Body,
    Code,
    Flag,
    LocalDate,
    Minutes,
    Query,
    Ref,
    Text,
    Title,
    Whole,
    Word,
)
from shared.schemas.weekly import OpenTimes
from shared.vocabulary import BookableKind


class BookableChange(Body):
    """Its name, and the most it can ever hold."""

    title = Title(required=True)
    capacity = Whole(1, 1000, required=True)


class BookableIn(BookableChange):
    """A chair, a room or a pool. Without a site it serves every site."""

    kind = Word(BookableKind, required=True)
    code = Code(required=True, metadata={"description": "By which protocols claim it."})
    site_id = Ref(load_default=None, allow_none=True)


class AbsenceIn(Body):
    """Another capacity from one date to another, for whole days or some hours of each."""

    first_on = LocalDate(required=True)
    last_on = LocalDate(required=True)
    opens = Minutes(0, 1439, load_default=None, allow_none=True)
    closes = Minutes(1, 1440, load_default=None, allow_none=True)
    capacity = Whole(0, 1000, load_default=0)
    reason = Text(200, blank=True, load_default="")


class ExceptionOut(Body):
    """Another capacity on one date."""

    id = Ref(required=True)
    on = LocalDate(required=True)
    opens = Minutes(0, 1439, required=True, allow_none=True)
    closes = Minutes(1, 1440, required=True, allow_none=True)
    capacity = Whole(0, 1000, required=True)
    reason = Text(200, blank=True, required=True)


class WeekIn(Body):
    """The whole week, in place of the one before."""

    weekly = fields.List(fields.Nested(OpenTimes), required=True, validate=validate.Length(max=100))


class BookableOut(BookableIn):
    """A bookable with its hours; `version` is its ETag."""

    id = Ref(required=True)
    practitioner_id = Ref(required=True, allow_none=True)
    retired = Flag(required=True)
    weekly = fields.List(fields.Nested(OpenTimes), required=True)
    exceptions = fields.List(fields.Nested(ExceptionOut), required=True)
    version = Whole(1, 2**31, required=True)


class ChangedBookableOut(Body):
    """The bookable after a change; `affected` names the booked appointments to repair."""

    bookable = fields.Nested(BookableOut, required=True)
    affected = fields.List(Ref(), required=True)
    version = Whole(1, 2**31, required=True, attribute="bookable.version")


class BookableQuery(Query):
    """Which ones."""

    site_id = Ref(load_default=None)
    kind = Word(BookableKind, load_default=None)
