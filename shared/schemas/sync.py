"""What a patient's phone reads in one go, and what it sends."""

from marshmallow import fields

from shared.schemas.appointments import MovePreviewOut
from shared.schemas.check_ins import WordsByLanguage
from shared.schemas.fields import Body, Code, Flag, Instant, Ref, Text, Title, Whole, Word
from shared.schemas.messages import ContactWishesOut
from shared.vocabulary import AppointmentStatus, CheckInStatus, SeriesStatus, VisitKind

VERSION = 2**31 - 1


class Phone(Text):
    """A telephone number as people write it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(80, **kwargs)  # type: ignore[arg-type]


class HelpLineSchema(Body):
    """A line for a bad hour, and the clinic's own number."""

    title = Title(required=True)
    phone = Phone(required=True)
    clinic_phone = Text(80, blank=True, required=True)


class RideSchema(Body):
    """Who takes the patient home."""

    name = Title(required=True)
    phone = Text(80, blank=True, required=True)


class ConfirmIn(Body):
    """Which time of the appointment is confirmed."""

    schedule_version = Whole(1, VERSION, required=True)


class ConfirmedOut(Body):
    """The patient's word."""

    appointment_id = Ref(required=True)
    schedule_version = Whole(1, VERSION, required=True)
    confirmed_at = Instant(required=True)


class RideOut(RideSchema):
    """Who was named, and when."""

    appointment_id = Ref(required=True)
    named_at = Instant(required=True)


class OffersOut(Body):
    """Up to three other times; `appointment_version` is for If-Match when one is taken."""

    appointment_version = Whole(1, VERSION, required=True, attribute="version")
    offers = fields.List(fields.Nested(MovePreviewOut), required=True, attribute="rows")


class NamedVisit(Body):
    """What a visit is called, and which of how many it is."""

    visit_code = Code(required=True)
    kind = Word(VisitKind, required=True)
    title = Title(required=True)
    ordinal = Whole(1, 1000, required=True)
    of = Whole(1, 1000, required=True)


class StepOut(NamedVisit):
    """One visit on the series' path: done, booked or due."""

    state = Code(required=True)
    appointment_id = Ref(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)


class SeriesPathOut(Body):
    """The series as a path."""

    id = Ref(required=True)
    status = Word(SeriesStatus, required=True)
    title = Title(required=True)
    path = fields.List(fields.Nested(StepOut), required=True)


class PartOut(Body):
    """A stretch of a visit, on the clinic's clock."""

    name = Title(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


class DutyOut(Body):
    """Something to do or leave: no-food and no-drinks from `at`, no-drive until `at` (none: until
    the next day)."""

    code = Code(required=True)
    at = Instant(required=True, allow_none=True)


class TodayVisitOut(NamedVisit):
    """A booked visit as its patient needs to know it."""

    id = Ref(required=True)
    series_id = Ref(required=True)
    status = Word(AppointmentStatus, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    time_zone = Text(80, required=True)
    place = Title(required=True)
    remote = Flag(required=True)
    people = fields.List(Title(), required=True)
    parts = fields.List(fields.Nested(PartOut), required=True)
    before = fields.List(fields.Nested(DutyOut), required=True)
    after = fields.List(fields.Nested(DutyOut), required=True)
    tell_before = WordsByLanguage(required=True)
    tell_after = WordsByLanguage(required=True)
    ride_needed = Flag(required=True)
    ride = fields.Nested(RideSchema, required=True, allow_none=True)
    confirmed_at = Instant(required=True, allow_none=True)
    may_confirm = Flag(required=True)
    may_move = Flag(required=True)
    schedule_version = Whole(1, VERSION, required=True)
    version = Whole(1, VERSION, required=True)


class AskedOut(Body):
    """A check-in, and what came of it once it was answered."""

    id = Ref(required=True)
    code = Code(required=True)
    title = Title(required=True)
    questionnaire = Code(required=True)
    opens_at = Instant(required=True)
    due_at = Instant(required=True)
    closes_at = Instant(required=True)
    status = Word(CheckInStatus, required=True)
    version = Whole(1, VERSION, required=True)
    answered_at = Instant(required=True, allow_none=True)
    total = fields.Integer(required=True, allow_none=True)


class OwnPatientOut(Body):
    """The patient themselves."""

    id = Ref(required=True)
    language = Code(required=True)


class TodayOut(Body):
    """All that the phone keeps; each instant carries its clinic's offset."""

    as_of = Instant(required=True)
    patient = fields.Nested(OwnPatientOut, required=True)
    help_line = fields.Nested(HelpLineSchema, required=True)
    series = fields.Nested(SeriesPathOut, required=True, allow_none=True)
    appointments = fields.List(fields.Nested(TodayVisitOut), required=True)
    check_ins = fields.List(fields.Nested(AskedOut), required=True)
    last_ride = fields.Nested(RideSchema, required=True, allow_none=True)
    wishes = fields.Nested(ContactWishesOut, required=True)


class ExportOut(Body):
    """All that is kept of a patient, as it is kept; every instant is text."""

    made_at = fields.String(required=True)
    patient = fields.Dict(required=True)
    series = fields.Dict(required=True, allow_none=True)
    appointments = fields.List(fields.Dict(), required=True)
    check_ins = fields.List(fields.Dict(), required=True)
    last_ride = fields.Dict(required=True, allow_none=True)
    how_you_are_written_to = fields.Dict(required=True)
