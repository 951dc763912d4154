"""A code from the clinic, and the login that a patient makes of it."""

from marshmallow import fields

from shared.schemas.fields import Body, Email, Instant, Title
from shared.schemas.sign_ins import NewPassword


class InvitationSchema(Body):
    """What the clinic hands to the patient; the code is told here and nowhere else."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    expires_at = Instant(required=True)


class JoinSchema(Body):
    """The code, and what the patient wants to sign in with from now on; `device` is what they
    will know this sign-in by."""

    code = Title(required=True)
    email = Email(required=True)
    password = NewPassword(required=True)
    device = Title(blank=True, load_default="")


class ForgottenSchema(Body):
    """The address that the patient signs in with."""

    email = Email(required=True)


class NewPasswordSchema(Body):
    """What stands in the link, and the password from now on; `device` is what they will know this
    sign-in by."""

    token = Title(required=True)
    password = NewPassword(required=True)
    device = Title(blank=True, load_default="")
