"""A clinic's protocols, their versions, and what is asked about them."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.schemas.fields import Body, Code, Instant, Query, Ref, Text, Title, Whole, Word
from shared.vocabulary import VersionStatus

LONGEST_DOCUMENT = 300_000


class DocumentField(fields.Raw):
    """A document (docs/protocol-format.md, docs/questionnaires.md): a JSON object, or its YAML."""

    def __init__(self, what: str = "protocol document", **kwargs: Any) -> None:
        said = f"A {what} as a JSON object, or as YAML text."
        kwargs["metadata"] = {"type": ["object", "string"], "description": said}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict | str) or len(value) > LONGEST_DOCUMENT:
            raise ValidationError("A JSON object, or YAML text of at most 300000 characters.")
        return super()._deserialize(value, attr, data, **kwargs)


class DraftIn(Body):
    """What a draft is to say."""

    document = DocumentField(required=True)


class LibraryDraftOut(Body):
    """A protocol that ships with Tandem, as a draft to adopt."""

    code = Code(required=True)
    title = Title(required=True)
    description = fields.String(required=True)


class DocumentOut(Body):
    """A protocol document."""

    document = fields.Dict(keys=fields.String(), required=True)


class ProtocolOut(Body):
    """A protocol of the clinic; new series start on its active version, if it has one."""

    id = Ref(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    active_version_id = Ref(required=True, allow_none=True)


class SigningOut(Body):
    """Who signed which fields, and when."""

    user_id = fields.String(required=True)
    practitioner_id = Ref(required=True)
    signed_at = fields.String(required=True)
    paths = fields.List(fields.String(), required=True)


class VersionListedOut(Body):
    """One version. `version` is its ETag, `number` the edition."""

    id = Ref(required=True)
    protocol_id = Ref(required=True)
    number = Whole(1, 2**31, required=True)
    status = Word(VersionStatus, required=True)
    signatures = fields.List(fields.Nested(SigningOut), required=True)
    made_at = Instant(required=True)
    published_at = Instant(required=True, allow_none=True)
    activated_at = Instant(required=True, allow_none=True)
    retired_at = Instant(required=True, allow_none=True)
    version = Whole(1, 2**31, required=True)


class VersionOut(VersionListedOut):
    """One version with its document."""

    document = fields.Dict(keys=fields.String(), required=True)


class FaultOut(Body):
    """One thing wrong with a document: where, why, and whether it stops its use."""

    path = fields.String(required=True)
    reason = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(["error", "warning"]))


class FaultsQuery(Query):
    """By whose opening hours; without a site, as if the clinic never closed."""

    site_id = Ref(load_default=None)


class SafetyFieldOut(Body):
    """A safety field that a prescriber has yet to fill or confirm, and sign."""

    path = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.Raw(required=True, allow_none=True)
    evidence = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)
    none_allowed = fields.Boolean(required=True)


class DifferencesQuery(Query):
    """The version to compare with."""

    since = Ref(required=True)


class DifferencesOut(Body):
    """What one version says otherwise than another, a sentence each."""

    differences = fields.List(fields.String(), required=True)


class FillsIn(Body):
    """Values for safety fields by their path; "none-needed" where none is needed."""

    fills = fields.Dict(
        keys=Text(200),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(1, 200),
    )
