"""Visits that did not take place, and what can be done about them."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.series import follow_ups
from shared.schemas.follow_ups import FollowUpOut, FollowUpQuery, SettleIn
from shared.schemas.series import BookedOut

blp = ApiBlueprint("follow-ups", description="What follows a visit that did not take place.")
Sent = Mapping[str, Any]


@blp.route("/follow-ups")
@blp.action("follow_ups.read", operation="listFollowUps")
@blp.arguments(FollowUpQuery, location="query")
@blp.paged(FollowUpOut)
def listed(asked: Sent, page: Any) -> Any:
    """Those about patients within reach, oldest first."""
    return follow_ups.listed(
        caller(), status=asked["status"], page=page.number, page_size=page.size, now=utc_now()
    )


@blp.route("/follow-ups/<id:follow_up_id>/plan", methods=["POST"])
@blp.action("follow_ups.settle", operation="planFollowUp", also=(409,))
@blp.response(200, FollowUpOut)
def plan(follow_up_id: str) -> Any:
    """Look for a plan afresh."""
    return follow_ups.plan(caller(), follow_up_id, now=utc_now())


@blp.route("/follow-ups/<id:follow_up_id>/apply", methods=["POST"])
@blp.action("follow_ups.settle", operation="applyFollowUp", if_match=True, also=(409,))
@blp.once
@blp.response(200, BookedOut)
def apply(follow_up_id: str) -> Any:
    """Book and move exactly what the plan shows, or nothing."""
    done = follow_ups.apply(caller(), follow_up_id, expected_version=if_match(), now=utc_now())
    return {"appointments": done}


@blp.route("/follow-ups/<id:follow_up_id>/settle", methods=["POST"])
@blp.action("follow_ups.settle", operation="settleFollowUp", if_match=True, also=(409,))
@blp.once
@blp.arguments(SettleIn)
@blp.response(200, FollowUpOut)
def settle(sent: Sent, follow_up_id: str) -> Any:
    """Close it with what was done instead."""
    return follow_ups.settle(
        caller(),
        follow_up_id,
        outcome=sent["outcome"],
        expected_version=if_match(),
        now=utc_now(),
    )
