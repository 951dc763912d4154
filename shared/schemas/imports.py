"""Tables sent as CSV, what their rows must hold, and what became of them."""

from marshmallow import fields, validate

from shared.schemas.fields import (
    Body,
    Code,
    Email,
    Flag,
    LocalDate,
    Query,
    Ref,
    Text,
    Title,
    Whole,
    Word,
)
from shared.schemas.people import Language
from shared.vocabulary import DayPart


class PersonRow(Body):
    """What every row of people has."""

    error_messages: dict[str, str] = {  # noqa: RUF012 - marshmallow declares it so
        "unknown": "Leave this empty: it is not for this kind of person."
    }

    kind = Text(20, required=True)
    name = Title(required=True)


class PatientRowSchema(PersonRow):
    """A row that becomes a patient."""

    site = Title(required=True)
    language = Language(load_default="en")
    email = Email(load_default="")
    phone = Text(40, load_default="")
    contact_name = Title(load_default="")
    contact_phone = Text(40, load_default="")
    prefers = Word(DayPart, load_default=None)


class PractitionerRowSchema(PersonRow):
    """A row that becomes a practitioner."""

    site = Title(load_default="")
    code = Code(load_default=None)
    credential = Title(load_default="")
    credential_expires_on = LocalDate(load_default=None)


class TableIn(Body):
    """A table as CSV text: commas, semicolons or tabs; the first row names the columns."""

    csv = fields.String(required=True, validate=validate.Length(max=1_000_000))


class ImportQuery(Query):
    """Look first: a dry run says what would happen and writes nothing."""

    dry_run = Flag(load_default=False)


class RowFaultOut(Body):
    """One thing wrong: rows count as in a spreadsheet, the header being row 1."""

    row = Whole(1, 2**31, required=True)
    column = fields.String(required=True)
    reason = fields.String(required=True)


class ImportOut(Body):
    """What was imported or, in a dry run, would be."""

    dry_run = Flag(required=True)
    rows = Whole(0, 2**31, required=True)
    added = fields.Dict(keys=fields.String(), values=Whole(0, 2**31), required=True)
    faults = fields.List(fields.Nested(RowFaultOut), required=True)
    affected = fields.List(Ref(), required=True)
