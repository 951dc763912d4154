"""Practitioners and patients."""

from typing import Any

from marshmallow import fields, validate

from shared.schemas.fields import (
    Body,
    Code,
    Email,
    LocalDate,
    Pattern,
    Ref,
    Text,
    Title,
    Whole,
    Word,
)
from shared.schemas.weekly import TimesOfWeek
from shared.vocabulary import DayPart, Role

TREATS = (Role.THERAPIST, Role.PRESCRIBER, Role.NURSE)


class Language(Pattern):
    """A language by its tag: "en", "pt-BR"."""

    def __init__(self, **kwargs: Any) -> None:
        pattern, reason = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "A tag such as en or pt-BR."
        super().__init__(pattern, longest=35, reason=reason, **kwargs)


class EmailIfAny(Email):
    """An e-mail address, or null."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(value or None, attr, obj, **kwargs)


class CredentialBody(Body):
    """A licence or certificate; past its date its holder is not booked."""

    title = Title(required=True)
    expires_on = LocalDate(load_default=None, allow_none=True)


class PractitionerChange(Body):
    """Name, and what allows somebody to treat."""

    title = Title(required=True, metadata={"description": "The name."})
    credentials = fields.List(
        fields.Nested(CredentialBody), load_default=list, validate=validate.Length(max=50)
    )


class PractitionerIn(PractitionerChange):
    """Somebody who treats. Without a site they work at every one."""

    role = fields.String(required=True, validate=validate.OneOf([str(role) for role in TREATS]))
    site_id = Ref(load_default=None, allow_none=True)
    code = Code(load_default=None, allow_none=True)


class PractitionerOut(PractitionerChange):
    """A practitioner; `version` is the ETag. Nurses have no bookable of their own."""

    id = Ref(required=True)
    role = fields.String(required=True)
    bookable_id = Ref(required=True, allow_none=True, dump_default=None, attribute="bookable.id")
    site_id = Ref(required=True, allow_none=True, dump_default=None, attribute="bookable.site_id")
    code = Code(required=True, allow_none=True, dump_default=None, attribute="bookable.code")
    version = Whole(1, 2**31, required=True)


class ChangedPractitionerOut(Body):
    """The practitioner after a change; `affected` names the booked appointments to repair."""

    practitioner = fields.Nested(PractitionerOut, required=True)
    affected = fields.List(Ref(), required=True)
    version = Whole(1, 2**31, required=True, attribute="practitioner.version")


class PatientIn(Body):
    """A patient. `weekly` null means they can always come, [] never."""

    site_id = Ref(required=True)
    full_name = Title(required=True)
    language = Language(load_default="en")
    email = EmailIfAny(load_default=None, allow_none=True)
    phone = Text(40, blank=True, load_default="")
    contact_name = Text(200, blank=True, load_default="")
    contact_phone = Text(40, blank=True, load_default="")
    prefers = Word(DayPart, load_default=None, allow_none=True)
    weekly = fields.List(
        fields.Nested(TimesOfWeek),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=50),
    )
    away = fields.List(LocalDate(), load_default=list, validate=validate.Length(max=1000))


class PatientOut(PatientIn):
    """A patient; `version` is the ETag."""

    id = Ref(required=True)
    away = fields.List(
        fields.String(metadata={"format": "date"}),  # type: ignore[arg-type]
        required=True,
    )
    version = Whole(1, 2**31, required=True)


class PatientSearch(Body):
    """Part of a name: in the body, because names have no place in an address."""

    name = Text(200, blank=True, load_default="")
    site_id = Ref(load_default=None, allow_none=True)
