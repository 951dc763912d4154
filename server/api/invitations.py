"""A patient's way in: a code from the clinic, and the login that comes of it."""

from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.sign_in import shown
from server.services.sign_ins import invitations, sign_in
from server.services.sign_ins.invitations import Login
from shared.schemas.invitations import InvitationSchema, JoinSchema
from shared.schemas.sign_ins import TokensSchema

blp = ApiBlueprint("invitations", description="How a patient gets a login.")


@blp.route("/patients/<id:patient_id>/invitations", methods=["POST"])
@blp.action("patients.invite", operation="invitePatient")
@blp.response(201, InvitationSchema)
def invite(patient_id: str) -> Any:
    """A code for a patient, good once within a week.

    A code handed out before ends. It is also the way back for who forgot their password.
    """
    return invitations.invite(caller(), patient_id, now=utc_now())


@blp.route("/invitations/accept", methods=["POST"])
@blp.public(operation="acceptInvitation", also=(409, 429))
@blp.arguments(JoinSchema)
@blp.response(200, TokensSchema)
def accept(sent: dict[str, Any]) -> Any:
    """A login from a code, and the first tokens.

    Where the patient has a login already, e-mail and password are these from now on, and they
    are signed out everywhere else. A code that is wrong, old or used answers 422.
    """
    device, now = sent.pop("device"), utc_now()
    user_id = invitations.accept(Login(**sent), now=now)
    return shown(sign_in.begin(user_id, device=device, now=now))
