"""What a clinic's gateway sends back: answers from phones, and what became of messages.

The contract is in docs/operations.md. The gateway proves itself by the secret it knows the clinic
by; the same thing sent again has no second effect.
"""

import hmac
from collections.abc import Mapping
from typing import Any, cast

from flask import current_app, request

from server.api.asking import utc_now
from server.api.blueprint import ApiBlueprint
from server.services.messages import replies
from server.services.messages.replies import Incoming
from server.services.refusals import NotSignedIn
from shared.schemas.messages import DeliveryIn, DeliveryOut, ReplyIn, ReplyOut
from shared.vocabulary import ChannelName

blp = ApiBlueprint("gateway", description="What a gateway for text messages sends back.")
Sent = Mapping[str, Any]


@blp.route("/gateway/replies", methods=["POST"])
@blp.public(operation="takeReply", also=(401,))
@blp.arguments(ReplyIn)
@blp.response(200, ReplyOut)
def reply(sent: Sent) -> Any:
    """An answer to a message: C, M, STOP or START; any other has no effect."""
    _require_secret(sent["channel"])
    return {"done": replies.take(Incoming(**sent), now=utc_now())}


@blp.route("/gateway/deliveries", methods=["POST"])
@blp.public(operation="takeDelivery", also=(401,))
@blp.arguments(DeliveryIn)
@blp.response(200, DeliveryOut)
def delivery(sent: Sent) -> Any:
    """A message reached the phone, or never will."""
    _require_secret(sent["channel"])
    count = replies.delivered(sent["key"], arrived=sent["arrived"], now=utc_now())
    return {"reminders": count}


def _require_secret(channel: ChannelName) -> None:
    """Raises NotSignedIn for anybody but the gateway of this channel."""
    secrets = cast(Mapping[str, str], current_app.config["GATEWAY_SECRETS"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    secret = secrets.get(channel, "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise NotSignedIn
