"""Signing in and staying signed in."""

from typing import Any

from marshmallow import fields, validate

from shared.schemas.fields import Body, Email, Flag, Instant, Ref, Title, Whole, Word
from shared.vocabulary import Role


class Password(fields.String):
    """Taken exactly as it was typed, and never shown."""

    def __init__(self, shortest: int = 0, longest: int = 1000, **kwargs: Any) -> None:
        said = f"From {shortest} to {longest} characters; a sentence is good."
        rule = validate.Length(shortest, longest, error=said)
        about = {"format": "password", "description": said}
        super().__init__(validate=rule, load_only=True, metadata=about, **kwargs)


class NewPassword(Password):
    """Long rather than odd; the clinic's blocklist has the last word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(15, 256, **kwargs)


class CredentialsSchema(Body):
    """E-mail and password; `device` is what the person will know it by ("Ana's phone")."""

    email = Email(required=True)
    password = Password(required=True)
    device = Title(blank=True, load_default="")


class RefreshSchema(Body):
    """The refresh token of the last reply."""

    refresh_token = fields.String(required=True)


class UserSchema(Body):
    """A login. A patient's names the patient, a practitioner's may name theirs."""

    id = Ref(required=True)
    email = Email(required=True)
    role = Word(Role, required=True)
    patient_id = Ref(required=True, allow_none=True)
    practitioner_id = Ref(required=True, allow_none=True)
    disabled_at = Instant(required=True, allow_none=True)
    made_at = Instant(required=True)
    version = Whole(1, 10**9, required=True)


class TokensSchema(Body):
    """What a device keeps. The refresh token is used once; each reply brings the next."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True, metadata={"type": "string"})
    expires_in = Whole(0, 3600, required=True, metadata={"description": "Seconds."})
    refresh_token = fields.String(required=True)
    user = fields.Nested(UserSchema, required=True)


class SignInSchema(Body):
    """One device that is signed in; `present` is the one that asks."""

    id = Ref(required=True)
    device = Title(required=True, blank=True)
    began_at = Instant(required=True)
    expires_at = Instant(required=True)
    present = fields.Boolean(required=True)


class OwnClinicSchema(Body):
    """The clinic a person belongs to."""

    id = Ref(required=True)
    title = Title(required=True)


class MeSchema(Body):
    """Who asks, and what they may: each action with how far it reaches."""

    user = fields.Nested(UserSchema, required=True)
    clinic = fields.Nested(OwnClinicSchema, required=True)
    may = fields.Dict(required=True, keys=fields.String(), values=fields.String())


class NewUserSchema(Body):
    """A login to be made; the person changes the password you tell them as soon as they can."""

    email = Email(required=True)
    password = NewPassword(required=True)
    role = Word(Role, required=True)
    patient_id = Ref(allow_none=True, load_default=None)
    practitioner_id = Ref(allow_none=True, load_default=None)


class UserChangeSchema(Body):
    """What is to be different."""

    disabled = Flag()
    password = NewPassword()
    role = Word(Role)
