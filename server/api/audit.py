"""Who looked at this patient, and who changed what."""

from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.record import audit
from shared.schemas.audit import AuditEventSchema, AuditQuery

blp = ApiBlueprint("audit", description="Who did what, and who looked at whom.")


@blp.route("/audit-events")
@blp.action("audit.read", operation="listAuditEvents")
@blp.arguments(AuditQuery, location="query")
@blp.paged(AuditEventSchema)
def events(wanted: dict[str, Any], page: Page) -> Any:
    """Events of the clinic, newest first."""
    return audit.listed(caller(), now=utc_now(), page=page.number, page_size=page.size, **wanted)
