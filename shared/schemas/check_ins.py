"""Forms asked of a patient, and their answers."""

from typing import Any

from marshmallow import ValidationError, fields

from shared.schemas.fields import Body, Code, Flag, Instant, Ref, Title, Word
from shared.vocabulary import CheckInStatus, ItemKind

LONGEST_NOTE = 2000


class WordsByLanguage(fields.Dict):
    """The same words in every language there is: {"en": "..."}"""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.String(), **kwargs)


class OptionOut(Body):
    """One answer to choose."""

    value = fields.Integer(required=True)
    text = WordsByLanguage(required=True)


class ItemOut(Body):
    """One question. A yes-no item is answered with 1 or 0; `stem` says whether the form's stem
    stands before it; `only_if` names a yes-no item that must have been answered with 1."""

    id = Code(required=True)
    kind = Word(ItemKind, required=True)
    text = WordsByLanguage(required=True)
    options = fields.List(fields.Nested(OptionOut), required=True)
    least = fields.Integer(required=True)
    most = fields.Integer(required=True)
    ends = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True, allow_none=True
    )
    only_if = Code(required=True, allow_none=True)
    stem = Flag(required=True)


class QuestionnaireOut(Body):
    """A form whose `notice` must be shown with it, unaltered."""

    code = Code(required=True)
    title = Title(required=True)
    languages = fields.List(fields.String(), required=True)
    notice = fields.String(required=True)
    terms = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)
    look_back = WordsByLanguage(required=True)
    intro = WordsByLanguage(required=True)
    stem = WordsByLanguage(required=True)
    items = fields.List(fields.Nested(ItemOut), required=True)


class ResponseOut(Body):
    """What was kept of an answered form. `help_line`: show the help line now."""

    id = Ref(required=True)
    check_in_id = Ref(required=True)
    questionnaire = Code(required=True)
    total = fields.Integer(required=True, allow_none=True)
    help_line = Flag(required=True)
    answered_at = Instant(required=True)
    received_at = Instant(required=True)


class CheckInOut(Body):
    """A form asked of a patient between two instants."""

    id = Ref(required=True)
    patient_id = Ref(required=True)
    series_id = Ref(required=True)
    code = Code(required=True)
    title = Title(required=True)
    questionnaire = Code(required=True)
    status = Word(CheckInStatus, required=True)
    opens_at = Instant(required=True)
    due_at = Instant(required=True)
    closes_at = Instant(required=True)
    version = fields.Integer(required=True)
    response = fields.Nested(ResponseOut, required=True, allow_none=True)


class AnswerField(fields.Field[int | str | None]):
    """A whole number, words, or null for an item that was skipped."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> int | str:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and abs(value) < 1_000_000:
            return int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1_000_000:
            return int(value)
        if isinstance(value, str) and len(value) <= LONGEST_NOTE and "\x00" not in value:
            return value
        raise ValidationError(f"A whole number, or text of at most {LONGEST_NOTE} characters.")


class AnswersIn(Body):
    """Answers by item, and when the patient gave them."""

    answers = fields.Dict(keys=Code(), values=AnswerField(allow_none=True), required=True)
    answered_at = Instant(required=True)
