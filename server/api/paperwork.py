"""Forms that the clinic itself must fill in around a visit."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.check_ins import paperwork
from server.services.check_ins.paperwork import Filled
from shared.schemas.paperwork import PaperworkFilledIn, PaperworkOut, PaperworkQuery

blp = ApiBlueprint("paperwork", description="Forms that the clinic fills in, and by when.")
Sent = Mapping[str, Any]


@blp.route("/paperwork")
@blp.action("paperwork.read", operation="listPaperwork")
@blp.arguments(PaperworkQuery, location="query")
@blp.paged(PaperworkOut)
def listed(asked: Sent, page: Any) -> Any:
    """Those about patients within reach, what is due first first."""
    now = utc_now()
    return paperwork.listed(
        caller(),
        status=asked["status"],
        due_by=now if asked["due"] else None,
        page=page.number,
        page_size=page.size,
        now=now,
    )


@blp.route("/patients/<id:patient_id>/paperwork")
@blp.action("paperwork.read", operation="listPaperworkOfPatient")
@blp.paged(PaperworkOut)
def of_patient(patient_id: str, page: Any) -> Any:
    """Those about one patient."""
    return paperwork.of_patient(
        caller(), patient_id, page=page.number, page_size=page.size, now=utc_now()
    )


@blp.route("/paperwork/<id:paperwork_id>/filled", methods=["POST"])
@blp.action("paperwork.fill", operation="fillPaperwork", if_match=True, also=(409,))
@blp.once
@blp.arguments(PaperworkFilledIn)
@blp.response(200, PaperworkOut)
def fill(sent: Sent, paperwork_id: str) -> Any:
    """Put down that it was filled in; again corrects what was put down."""
    return paperwork.fill(
        caller(), paperwork_id, Filled(**sent), expected_version=if_match(), now=utc_now()
    )
