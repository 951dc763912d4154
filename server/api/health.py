"""For probes: is this process alive, and can it serve?"""

from server.api.blueprint import ApiBlueprint
from server.services.record import clock, health
from shared.schemas.health import ClockSchema, HealthSchema, ReadySchema

blp = ApiBlueprint("health", description="For probes.", url_prefix=None)


@blp.route("/healthz")
@blp.public(operation="isAlive")
@blp.response(200, HealthSchema)
def alive() -> dict[str, str]:
    """This process is alive."""
    return {}


@blp.route("/readyz/clock")
@blp.public(operation="isClockRunning")
@blp.response(200, ClockSchema)
def clock_runs() -> dict[str, str]:
    """ "ok" where messages were looked after within the last minute, otherwise "late"."""
    return {"status": "late" if clock.is_late() else "ok"}


@blp.route("/readyz")
@blp.public(operation="isReady")
@blp.response(200, ReadySchema)
def ready() -> dict[str, str]:
    """The database answers and has the form this program expects; otherwise 503. `clock` says, as
    `/readyz/clock` does, whether messages are looked after: pages are served either way."""
    health.require_ready()
    return {"clock": "late" if clock.is_late() else "ok"}
