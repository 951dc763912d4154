"""Repairs of a site's bookings: shown first, then applied whole."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.planning import repairs
from shared.schemas.repairs import RepairOut
from shared.schemas.series import BookedOut

blp = ApiBlueprint("repairs", description="What must change after an illness or a closure.")
Sent = Mapping[str, Any]


@blp.route("/sites/<id:site_id>/repairs", methods=["POST"])
@blp.action("repairs.make", operation="previewRepair")
@blp.response(201, RepairOut)
def preview(site_id: str) -> Any:
    """The fewest changes after which every booking at the site holds again."""
    return repairs.preview(caller(), site_id, now=utc_now())


@blp.route("/repairs/<id:repair_id>/apply", methods=["POST"])
@blp.action("repairs.make", operation="applyRepair", also=(409,))
@blp.once
@blp.response(200, BookedOut)
def apply(repair_id: str) -> Any:
    """Change exactly what was shown, or nothing."""
    return {"appointments": repairs.apply(caller(), repair_id, now=utc_now())}
