"""The questionnaires of a clinic: those that come with Tandem, and its own with their licence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from server.domain.questionnaires import Questionnaire
from server.domain.questionnaires import read as as_it_stands
from server.library.questionnaires import questionnaires as shipped
from server.persistence import questionnaires as rows
from server.persistence.questionnaires import QuestionnaireRow
from server.services.access import Caller, require
from server.services.refusals import NotFound

__all__ = ["Known", "Questionnaire", "form", "known", "listed", "of_clinic"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A form as it is listed. `own`: loaded by the clinic, whose licence is in `may_use`."""

    code: str
    title: str
    own: bool
    terms: str
    may_use: str
    loaded_at: datetime | None
    withdrawn_at: datetime | None


def of_clinic(clinic_id: str) -> dict[str, Questionnaire]:
    """Every form that may be asked at a clinic, by its code."""
    own = rows.of_clinic(clinic_id).values()
    return shipped() | {row.code: _read(row) for row in own if row.withdrawn_at is None}


def ever_of_clinic(clinic_id: str) -> dict[str, Questionnaire]:
    """Every form that was ever asked at a clinic: what was answered is read for good."""
    return shipped() | {row.code: _read(row) for row in rows.of_clinic(clinic_id).values()}


def form(clinic_id: str, code: str) -> Questionnaire:
    """A form that may be asked at a clinic."""
    if (found := shipped().get(code) or of_clinic(clinic_id).get(code)) is None:
        raise NotFound
    return found


def _read(row: QuestionnaireRow) -> Questionnaire:
    return as_it_stands({"alerts": [], **row.document})


def listed(by: Caller) -> list[Known]:
    """Every form, those that come with Tandem first."""
    require(by, "questionnaires.read")
    return [*_shipped(), *map(known, rows.of_clinic(by.clinic_id).values())]


def _shipped() -> Iterator[Known]:
    for each in shipped().values():
        yield Known(
            code=each.code,
            title=each.title,
            own=False,
            terms=each.terms,
            may_use="",
            loaded_at=None,
            withdrawn_at=None,
        )


def known(row: QuestionnaireRow) -> Known:
    return Known(
        code=row.code,
        title=row.title,
        own=True,
        terms=_read(row).terms,
        may_use=row.may_use,
        loaded_at=row.loaded_at,
        withdrawn_at=row.withdrawn_at,
    )
