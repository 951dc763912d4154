"""Forms that the clinic itself must fill in."""

from marshmallow import fields

from shared.schemas.fields import Body, Code, Flag, Instant, Query, Ref, Text, Title, Whole, Word
from shared.vocabulary import PaperworkStatus

HIGHEST_TOTAL = 100_000


class PaperworkOut(Body):
    """A form to be filled in between two instants; overdue when open past `closes_at`. `total` is
    the score alone, for instruments whose items may not be kept here."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    series_id = Ref(required=True)
    appointment_id = Ref(required=True)
    code = Code(required=True)
    title = Title(required=True)
    instrument = Code(required=True)
    status = Word(PaperworkStatus, required=True)
    opens_at = Instant(required=True)
    due_at = Instant(required=True)
    closes_at = Instant(required=True)
    done_at = Instant(required=True, allow_none=True)
    total = Whole(0, HIGHEST_TOTAL, required=True, allow_none=True)
    note = fields.String(required=True)
    version = Whole(1, 2**31, required=True)


class PaperworkQuery(Query):
    """Which ones: of one status, and with `due` only those that are due by now."""

    status = Word(PaperworkStatus, load_default=None)
    due = Flag(load_default=False)


class PaperworkFilledIn(Body):
    """When it was filled in, its score where it has one, and a word about it."""

    done_at = Instant(required=True)
    total = Whole(0, HIGHEST_TOTAL, load_default=None, allow_none=True)
    note = Text(200, blank=True, load_default="")
