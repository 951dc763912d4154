"""Answers that a patient puts aside on a page, to go on later, there or on another device."""

from datetime import datetime

from server.domain import instruments
from server.persistence import check_ins as rows
from server.persistence.check_ins import DraftRow
from server.persistence.database import db
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller
from server.services.check_ins import check_ins, questionnaires
from server.services.check_ins.check_ins import Answer
from server.services.refusals import Conflict, Invalid
from shared.problems import FieldFault
from shared.vocabulary import CheckInStatus


def keep(by: Caller, check_in_id: str, answers: dict[str, Answer], *, now: datetime) -> None:
    """Put aside what is answered so far. It counts for nothing until it is sent."""
    asked = check_ins.within_reach(by, "check_ins.answer", check_in_id)
    form = questionnaires.form(asked.clinic_id, asked.questionnaire)
    if found := instruments.faults(form, answers):
        raise Invalid(FieldFault(path=each.path, reason=each.reason) for each in found)
    with transaction(Locks(names=frozenset({f"check-in:{check_in_id}"}))):
        asked = check_ins.within_reach(by, "check_ins.answer", check_in_id)
        if asked.status != CheckInStatus.REQUESTED:
            raise Conflict("These questions are no longer asked.")
        row = DraftRow(
            check_in_id=asked.id, clinic_id=asked.clinic_id, answers=answers, kept_at=now
        )
        db.session.merge(row)


def kept(by: Caller, check_in_id: str) -> dict[str, Answer]:
    """What was put aside; nothing where nothing was."""
    row = rows.draft(check_ins.within_reach(by, "check_ins.answer", check_in_id).id)
    return dict(row.answers) if row else {}
