"""A patient who forgot their password."""

from typing import Any

from flask import current_app

from server.api.asking import utc_now
from server.api.blueprint import ApiBlueprint
from server.api.sign_in import shown
from server.services.sign_ins import forgotten, sign_in
from shared.schemas.invitations import ForgottenSchema, NewPasswordSchema
from shared.schemas.sign_ins import TokensSchema

blp = ApiBlueprint("passwords", description="A new password for who forgot theirs.")


@blp.route("/passwords/forgotten", methods=["POST"])
@blp.public(operation="askForPassword", also=(429,))
@blp.arguments(ForgottenSchema)
@blp.response(204)
def ask(sent: dict[str, Any]) -> None:
    """Send the patient with this address a link, good once within an hour.

    The answer is the same whether the address is known or not. Staff ask an administrator.
    """
    forgotten.ask(sent["email"], now=utc_now())


@blp.route("/passwords", methods=["POST"])
@blp.public(operation="choosePassword")
@blp.arguments(NewPasswordSchema)
@blp.response(200, TokensSchema)
def choose(sent: dict[str, Any]) -> Any:
    """Set the password with what stands in the link, and the first tokens.

    The patient is signed out everywhere else. A link that is wrong, old or used answers 422.
    """
    now = utc_now()
    secret = str(current_app.secret_key)
    user_id = forgotten.choose(sent["token"], sent["password"], secret, now=now)
    return shown(sign_in.begin(user_id, device=sent["device"], now=now))
