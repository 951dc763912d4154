"""Signing in, staying signed in, and signing out, here or on another device."""

from typing import Any

from server.api.asking import bearer_token, caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.people import users
from server.services.sign_ins import sign_in
from server.services.sign_ins.sign_in import SignedIn
from shared.schemas.sign_ins import (
    CredentialsSchema,
    MeSchema,
    RefreshSchema,
    SignInSchema,
    TokensSchema,
)

blp = ApiBlueprint("sign-in", description="Who somebody is.")


@blp.route("/sign-in", methods=["POST"])
@blp.public(operation="signIn", also=(401, 429))
@blp.arguments(CredentialsSchema)
@blp.response(200, TokensSchema)
def begin(given: dict[str, Any]) -> Any:
    """Tokens for an e-mail address and its password.

    After ten failures within a quarter of an hour this address has to wait (429).
    """
    return shown(sign_in.sign_in(**given, now=utc_now()))


@blp.route("/tokens/refresh", methods=["POST"])
@blp.public(operation="refreshTokens", also=(401,))
@blp.arguments(RefreshSchema)
@blp.response(200, TokensSchema)
def renew(given: dict[str, Any]) -> Any:
    """The next pair of tokens.

    A reply lost on the way: send the same token again within a minute. A token that comes back
    later, or after its successor was used, ends the sign-in on that device.
    """
    return shown(sign_in.renew(given["refresh_token"], now=utc_now()))


@blp.route("/sign-out", methods=["POST"])
@blp.action("sign_ins.manage", operation="signOut")
@blp.response(204)
def end() -> None:
    """End the sign-in that this access token belongs to."""
    sign_in.sign_out(caller(), bearer_token(), now=utc_now())


@blp.route("/sign-ins")
@blp.action("sign_ins.manage", operation="listSignIns")
@blp.paged(SignInSchema)
def devices(page: Page) -> Any:
    """The devices you are signed in on, newest first."""
    return sign_in.listed(
        caller(), bearer_token(), page=page.number, page_size=page.size, now=utc_now()
    )


@blp.route("/sign-ins/<id:sign_in_id>", methods=["DELETE"])
@blp.action("sign_ins.manage", operation="endSignIn")
@blp.response(204)
def end_device(sign_in_id: str) -> None:
    """Sign out on another device of yours."""
    sign_in.sign_out_device(caller(), sign_in_id, now=utc_now())


@blp.route("/me")
@blp.action("me.read", operation="readMe")
@blp.response(200, MeSchema)
def me() -> Any:
    """Who you are, your clinic, and what you may do."""
    return users.me(caller())


def shown(signed_in: SignedIn) -> dict[str, object]:
    """Tokens as they are sent."""
    tokens = signed_in.tokens
    return {
        "access_token": tokens.access_token,
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
        "user": signed_in.user,
    }
