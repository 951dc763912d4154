"""What an edition of a protocol would do to running series: shown first, then applied whole."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.protocols import migrations, protocol_impact
from shared.schemas.impacts import ImpactIn, ImpactOut

blp = ApiBlueprint("impacts", description="Running series and a new edition of their protocol.")
Sent = Mapping[str, Any]


@blp.route("/protocol-versions/<id:version_id>/impacts", methods=["POST"])
@blp.action("protocols.migrate", operation="previewImpact", also=(409,))
@blp.arguments(ImpactIn)
@blp.response(201, ImpactOut)
def preview(sent: Sent, version_id: str) -> Any:
    """What would change if running series went on by this edition; nothing changes yet."""
    only = None if sent["series_ids"] is None else set(sent["series_ids"])
    return protocol_impact.preview(caller(), version_id, only=only, now=utc_now())


@blp.route("/impacts/<id:impact_id>/apply", methods=["POST"])
@blp.action("protocols.migrate", operation="applyImpact", also=(409,))
@blp.once
@blp.response(200, ImpactOut)
def apply(impact_id: str) -> Any:
    """Carry the series over exactly as was shown, or change nothing."""
    return migrations.apply(caller(), impact_id, now=utc_now())
