"""Planning runs: asked for here, worked off by a worker, watched by asking again."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.planning import planning_runs
from server.services.planning.planning_wishes import Change, Wanted
from shared.schemas.planning_runs import PlanningResultOut, PlanningRunIn, PlanningRunOut
from shared.schemas.series import BookedOut

blp = ApiBlueprint("planning-runs", description="Many series planned at once, and what if.")
Sent = Mapping[str, Any]
RUN = "/planning-runs/<id:run_id>"


@blp.route("/sites/<id:site_id>/planning-runs", methods=["POST"])
@blp.action("planning_runs.make", operation="askPlanningRun", also=(409,))
@blp.once
@blp.arguments(PlanningRunIn)
@blp.response(202, PlanningRunOut)
def ask(sent: Sent, site_id: str) -> Any:
    """Have series planned; it is done by a worker."""
    wanted = Wanted(
        scope=sent["scope"],
        seconds=sent["seconds"],
        series_ids=tuple(sent["series_ids"]),
        changes=tuple(Change(**each) for each in sent["changes"]),
        urgent=sent["urgent"],
        urgent_days=sent["urgent_days"],
    )
    return planning_runs.ask(caller(), site_id, wanted, now=utc_now())


@blp.route("/planning-runs")
@blp.action("planning_runs.make", operation="listPlanningRuns")
@blp.paged(PlanningRunOut)
def listed(page: Any) -> Any:
    """The clinic's runs, the latest first."""
    return planning_runs.listed(caller(), page=page.number, page_size=page.size)


@blp.route(RUN)
@blp.action("planning_runs.make", operation="readPlanningRun")
@blp.response(200, PlanningRunOut)
def one(run_id: str) -> Any:
    """How far it is."""
    return planning_runs.read(caller(), run_id)


@blp.route(f"{RUN}/plan")
@blp.action("planning_runs.make", operation="readPlanningResult", also=(409,))
@blp.response(200, PlanningResultOut)
def result(run_id: str) -> Any:
    """What was found."""
    return planning_runs.result(caller(), run_id, now=utc_now())


@blp.route(f"{RUN}/cancel", methods=["POST"])
@blp.action("planning_runs.make", operation="cancelPlanningRun", also=(409,))
@blp.response(200, PlanningRunOut)
def cancel(run_id: str) -> Any:
    """Stop it."""
    return planning_runs.cancel(caller(), run_id, now=utc_now())


@blp.route(f"{RUN}/restart", methods=["POST"])
@blp.action("planning_runs.make", operation="restartPlanningRun", also=(409,))
@blp.response(200, PlanningRunOut)
def restart(run_id: str) -> Any:
    """Begin it anew."""
    return planning_runs.restart(caller(), run_id, now=utc_now())


@blp.route(f"{RUN}/book", methods=["POST"])
@blp.action("planning_runs.make", operation="bookPlanningRun", also=(409,))
@blp.once
@blp.response(200, BookedOut)
def book(run_id: str) -> Any:
    """Book everything it found a time for, or nothing."""
    return {"appointments": planning_runs.book(caller(), run_id, now=utc_now())}
