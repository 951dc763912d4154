"""Questions to answer, and how it went so far."""

from collections.abc import Mapping
from typing import Any

from flask import request

from server.patient_pages.forms import answers_from
from server.patient_pages.my import browser
from server.patient_pages.my.curves import curves
from server.patient_pages.my.showing import plan_of, shown
from server.services.access import Caller
from server.services.check_ins import check_ins, drafts, questionnaires
from server.services.check_ins.check_ins import Answer, Answered
from server.services.refusals import Conflict, Invalid


def listed(by: Caller) -> Any:
    """What can be answered now, and what was."""
    return shown("check_ins", plan_of(by))


def one(by: Caller, check_in_id: str) -> Any:
    """One form on one page."""
    return _form(by, check_in_id)


def answer(by: Caller, check_in_id: str) -> Any:
    """The patient has answered; whoever must be heard today is shown whom to call first."""
    plan, now = plan_of(by), browser.utc_now()
    asked = plan.one("check_ins", check_in_id)
    form = questionnaires.form(by.clinic_id, str(asked["questionnaire"]))
    given = Answered(answers=answers_from(form, request.form), answered_at=now)
    try:
        if request.form.get("later"):
            drafts.keep(by, check_in_id, given.answers, now=now)
            return browser.to("my_questions", check_in_id=check_in_id, note="kept")
        response = check_ins.answer(by, check_in_id, given, now=now)
    except Invalid:
        return _form(by, check_in_id, 422, mend=True)
    except Conflict:
        return browser.to("my_check_ins", note="early")
    return shown("sent", plan, help_first=response.help_line)


def history(by: Caller) -> Any:
    """Each form's answers as a calm curve, and as a table."""
    plan = plan_of(by)
    return shown("history", plan, curves=curves(plan, questionnaires.of_clinic(by.clinic_id)))


def _form(by: Caller, check_in_id: str, status: int = 200, **more: Any) -> Any:
    plan = plan_of(by)
    asked = plan.one("check_ins", check_in_id)
    form = questionnaires.form(by.clinic_id, str(asked["questionnaire"]))
    given: Any = request.form or _as_sent(drafts.kept(by, check_in_id))
    more |= {"given": given, "asked": asked, "questions": form}
    return shown("questions", plan, status, **more)


def _as_sent(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Answers put aside, as the page would send them."""
    return {name: str(value) for name, value in answers.items() if value is not None}
