"""The questionnaires of a clinic."""

from marshmallow import fields

from shared.schemas.fields import Body, Code, Flag, Instant, Text, Title
from shared.schemas.protocols import DocumentField


class QuestionnaireListedOut(Body):
    """A form that may be asked here. `own`: loaded by the clinic, which may use it because of
    `may_use`; the others come with Tandem, unaltered."""

    code = Code(required=True)
    title = Title(required=True)
    own = Flag(required=True)
    terms = fields.String(required=True)
    may_use = fields.String(required=True)
    loaded_at = Instant(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)


class QuestionnairesOut(Body):
    """Every form, those that come with Tandem first."""

    questionnaires = fields.List(fields.Nested(QuestionnaireListedOut), required=True)


class QuestionnaireIn(Body):
    """A clinic's own form (docs/questionnaires.md), and what lets the clinic use it: the number of
    a licence, whose letter of what day, why none is needed."""

    document = DocumentField("questionnaire", required=True)
    may_use = Text(1000, lines=True, required=True)
