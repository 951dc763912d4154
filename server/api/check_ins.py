"""Forms asked of patients, and their answers."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.check_ins import check_ins
from server.services.check_ins.check_ins import Answered
from shared.schemas.check_ins import AnswersIn, CheckInOut, ResponseOut

blp = ApiBlueprint("check-ins", description="How a patient is, asked at the protocol's times.")
Sent = Mapping[str, Any]


@blp.route("/patients/<id:patient_id>/check-ins")
@blp.action("check_ins.read", operation="listCheckIns")
@blp.paged(CheckInOut)
def of_patient(patient_id: str, page: Any) -> Any:
    """A patient's check-ins, soonest first."""
    return check_ins.listed(
        caller(), patient_id, page=page.number, page_size=page.size, now=utc_now()
    )


@blp.route("/check-ins/<id:check_in_id>")
@blp.action("check_ins.read", operation="readCheckIn")
@blp.response(200, CheckInOut)
def one(check_in_id: str) -> Any:
    """One check-in with what was answered."""
    return check_ins.read(caller(), check_in_id, now=utc_now())


@blp.route("/check-ins/<id:check_in_id>/responses", methods=["POST"])
@blp.action("check_ins.answer", operation="answerCheckIn", also=(409,))
@blp.once
@blp.arguments(AnswersIn)
@blp.response(201, ResponseOut)
def answer(sent: Sent, check_in_id: str) -> Any:
    """Answer it, once. What a clinician must see today reaches one."""
    given = Answered(answers=dict(sent["answers"]), answered_at=sent["answered_at"])
    return check_ins.answer(caller(), check_in_id, given, now=utc_now())
