"""The questionnaires that may be asked: those that come with Tandem, and the clinic's own."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.check_ins import questionnaire_loading, questionnaires
from shared.schemas.check_ins import QuestionnaireOut
from shared.schemas.questionnaires import (
    QuestionnaireIn,
    QuestionnaireListedOut,
    QuestionnairesOut,
)

blp = ApiBlueprint("questionnaires", description="Which forms may be asked, and by what licence.")


@blp.route("/questionnaires")
@blp.action("questionnaires.read", operation="listQuestionnaires")
@blp.response(200, QuestionnairesOut)
def listed() -> Any:
    """Every form, those that come with Tandem first."""
    return {"questionnaires": questionnaires.listed(caller())}


@blp.route("/questionnaires/<questionnaire>")
@blp.action("me.read", operation="readQuestionnaire")
@blp.response(200, QuestionnaireOut)
def one(questionnaire: str) -> Any:
    """A form with its items, source and notice."""
    return questionnaires.form(caller().clinic_id, questionnaire)


@blp.route("/questionnaires/<questionnaire>", methods=["PUT"])
@blp.action("questionnaires.load", operation="loadQuestionnaire", also=(409,))
@blp.arguments(QuestionnaireIn)
@blp.response(200, QuestionnaireListedOut)
def load(sent: Mapping[str, Any], questionnaire: str) -> Any:
    """Take the clinic's own form, or the same again."""
    return questionnaire_loading.load(
        caller(), questionnaire, sent["document"], sent["may_use"], now=utc_now()
    )


@blp.route("/questionnaires/<questionnaire>", methods=["DELETE"])
@blp.action("questionnaires.load", operation="withdrawQuestionnaire")
@blp.response(204)
def withdraw(questionnaire: str) -> None:
    """Show the clinic's own form to nobody any more. What was answered stays."""
    questionnaire_loading.withdraw(caller(), questionnaire, now=utc_now())
