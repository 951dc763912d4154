"""Logins of the clinic, for its administrator."""

from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.people import users
from server.services.people.users import NewUser, UserChange
from shared.schemas.sign_ins import NewUserSchema, UserChangeSchema, UserSchema

blp = ApiBlueprint("users", description="Who may sign in.")


@blp.route("/users", methods=["POST"])
@blp.action("users.manage", operation="createUser")
@blp.arguments(NewUserSchema)
@blp.response(201, UserSchema)
def create(given: dict[str, Any]) -> Any:
    """A new login."""
    return users.create(caller(), NewUser(**given), now=utc_now())


@blp.route("/users")
@blp.action("users.manage", operation="listUsers")
@blp.paged(UserSchema)
def listed(page: Page) -> Any:
    """The clinic's logins, by e-mail address."""
    return users.listed(caller(), page=page.number, page_size=page.size)


@blp.route("/users/<id:user_id>")
@blp.action("users.manage", operation="readUser")
@blp.response(200, UserSchema)
def read(user_id: str) -> Any:
    """One login."""
    return users.read(caller(), user_id)


@blp.route("/users/<id:user_id>", methods=["PATCH"])
@blp.action("users.manage", operation="changeUser", if_match=True)
@blp.arguments(UserChangeSchema)
@blp.response(200, UserSchema)
def change(given: dict[str, Any], user_id: str) -> Any:
    """Disable a login, let it in again, or give it another role or password.

    A disabled person's next request is refused.
    """
    return users.change(
        caller(), user_id, UserChange(**given), expected_version=if_match(), now=utc_now()
    )
