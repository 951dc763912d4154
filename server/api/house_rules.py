"""A clinic's own habits."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.clinic import house_rules
from server.services.clinic.house_rules import HouseRules
from shared.schemas.house_rules import HouseRulesIn, HouseRulesOut

blp = ApiBlueprint("house-rules", description="When the clinic writes, and what counts as missed.")


@blp.route("/clinic/rules")
@blp.action("clinic.read", operation="readHouseRules")
@blp.response(200, HouseRulesOut)
def read() -> Any:
    """What holds now."""
    return house_rules.read(caller())


@blp.route("/clinic/rules", methods=["PUT"])
@blp.action("clinic.change", operation="changeHouseRules", if_match=True)
@blp.arguments(HouseRulesIn)
@blp.response(200, HouseRulesOut)
def change(sent: Mapping[str, Any]) -> Any:
    """What holds from now on; reminders written already keep their times."""
    wanted = HouseRules(**sent)
    return house_rules.change(caller(), wanted, expected_version=if_match(), now=utc_now())
