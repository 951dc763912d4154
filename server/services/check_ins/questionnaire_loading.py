"""A clinic loads a questionnaire that may not be shipped, with the licence that lets it use it."""

import json
from collections.abc import Mapping
from datetime import datetime

from server.domain import questionnaire_document
from server.domain.questionnaires import Questionnaire
from server.library import loader
from server.library.questionnaires import questionnaires as shipped
from server.persistence import outbox
from server.persistence import questionnaires as rows
from server.persistence.database import db
from server.persistence.questionnaires import QuestionnaireRow
from server.persistence.transactions import Locks, series_lock, transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.check_ins import check_in_times, questionnaires
from server.services.check_ins.questionnaires import Known
from server.services.planning import pictures
from server.services.protocols import protocol_documents
from server.services.record import audit
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import CheckInStatus

Document = Mapping[str, object]


def load(by: Caller, code: str, given: Document | str, may_use: str, *, now: datetime) -> Known:
    """Take a clinic's own form. Invalid names every fault of its document. Conflict where the code
    belongs to one that comes with Tandem, or others' answers hang on the items as they are."""
    require(by, "questionnaires.load")
    document, read = _accepted(given)
    if read.code != code:
        raise Invalid.field("document.code", "must be the code in the address")
    if code in shipped():
        raise Conflict("This questionnaire comes with Tandem and is used unaltered.")
    with transaction(_lock(by, code)):
        row = rows.of_clinic(by.clinic_id).get(code)
        if row is None:
            row = QuestionnaireRow(id=new_id(), clinic_id=by.clinic_id, code=code, document={})
        elif row.document != document and rows.is_answered(by.clinic_id, code):
            raise Conflict(
                "Patients have answered this questionnaire as it is. Load the changed one under a "
                "code of its own."
            )
        row.title, row.document, row.may_use = read.title, dict(document), may_use
        row.loaded_at, row.loaded_by, row.withdrawn_at = now, by.user_id, None
        db.session.add(row)
        db.session.flush()
        audit.changed(by, "questionnaires.load", now=now, facts={"code": code, "what": "loaded"})
        return questionnaires.known(row)


def _accepted(given: Document | str) -> tuple[Document, Questionnaire]:
    with protocol_documents.readable():
        document = loader.parse(given if isinstance(given, str) else json.dumps(given))
        return document, questionnaire_document.read(document)


def withdraw(by: Caller, code: str, *, now: datetime) -> None:
    """Show a clinic's own form to nobody any more: its licence has ended, or it was a mistake. What
    was answered stays; who was still to answer it is asked on paper."""
    require(by, "questionnaires.load")
    with transaction(_lock(by, code)):
        row = rows.of_clinic(by.clinic_id).get(code)
        if row is None:
            raise NotFound
        row.withdrawn_at = row.withdrawn_at or now
        waiting = rows.asked(by.clinic_id, code)
        for each in waiting:
            each.status = CheckInStatus.CANCELLED
            outbox.stop([each.id])
        db.session.flush()
        audit.changed(by, "questionnaires.load", now=now, facts={"code": code, "what": "withdrawn"})
        series_ids = sorted({each.series_id for each in waiting})
    for series_id in series_ids:
        follow(by.clinic_id, series_id, now=now)


def _lock(by: Caller, code: str) -> Locks:
    return Locks(names=frozenset({f"questionnaire:{by.clinic_id}:{code}"}))


def on_paper(limit: int) -> list[tuple[str, str]]:
    """Series, by clinic and id, with a form on paper that can be asked on a screen by now."""
    return rows.series_on_paper(limit)


def follow(clinic_id: str, series_id: str, *, now: datetime) -> None:
    """Ask a series' patient on a screen or on paper, as it is possible now."""
    with transaction(Locks(names=frozenset({series_lock(series_id)}))):
        check_in_times.follow(pictures.of_series(clinic_id, series_id), now=now)
