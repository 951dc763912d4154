"""Answers that a clinician must see, and who is on call."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.check_ins import alerts
from server.services.people import on_call
from server.services.people.on_call import OnCall
from shared.schemas.alerts import AlertOut, AlertQuery, OutcomeIn, Rota

blp = ApiBlueprint("alerts", description="What must not wait until tomorrow.")
Sent = Mapping[str, Any]


@blp.route("/alerts")
@blp.action("alerts.read", operation="listAlerts")
@blp.arguments(AlertQuery, location="query")
@blp.paged(AlertOut)
def listed(asked: Sent, page: Any) -> Any:
    """Alerts about patients within reach, newest first."""
    return alerts.listed(
        caller(), status=asked["status"], page=page.number, page_size=page.size, now=utc_now()
    )


@blp.route("/alerts/<id:alert_id>/acknowledge", methods=["POST"])
@blp.action("alerts.answer", operation="acknowledgeAlert", also=(409,))
@blp.once
@blp.response(200, AlertOut)
def acknowledge(alert_id: str) -> Any:
    """Take it on; nobody else is told any more."""
    return alerts.acknowledge(caller(), alert_id, now=utc_now())


@blp.route("/alerts/<id:alert_id>/close", methods=["POST"])
@blp.action("alerts.answer", operation="closeAlert", also=(409,))
@blp.once
@blp.arguments(OutcomeIn)
@blp.response(200, AlertOut)
def close(sent: Sent, alert_id: str) -> Any:
    """Say what was done about it."""
    return alerts.close(caller(), alert_id, outcome=sent["outcome"], now=utc_now())


@blp.route("/on-call")
@blp.action("on_call.read", operation="readOnCall")
@blp.response(200, Rota)
def read_on_call() -> Any:
    """Who is told of an alert, in this order."""
    return {"rota": on_call.rota(caller())}


@blp.route("/on-call", methods=["PUT"])
@blp.action("on_call.change", operation="setOnCall")
@blp.arguments(Rota)
@blp.response(200, Rota)
def set_on_call(sent: Sent) -> Any:
    """Who is told from now on."""
    rota = [OnCall(**each | {"days": tuple(each["days"])}) for each in sent["rota"]]
    return {"rota": on_call.change(caller(), rota, now=utc_now())}
