"""What the demo clinic's patients answered so far. All of it invented; nothing worries anybody."""

from dataclasses import asdict
from datetime import datetime
from random import Random

from server.domain import instruments
from server.domain.instruments import Answer
from server.domain.questionnaires import Item, Questionnaire
from server.library.questionnaires import questionnaires
from server.persistence import check_ins, outbox
from server.persistence.check_ins import CheckInRow, ResponseRow
from server.persistence.database import db
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from shared.vocabulary import CheckInStatus, ItemKind

ANSWERED = 0.9
SHARE_THAT_GOES = 0.6
"""How much of a score is gone by the end of the past that the demo has."""
MOST = 5_000


def give(began: datetime, now: datetime) -> None:
    """Answer most of the forms whose time is over; the others were missed."""
    chance = Random(7)  # noqa: S311 - no secret
    with transaction():
        for row in check_ins.unanswered(now, MOST):
            row.status = CheckInStatus.FAILED
            outbox.stop([row.id])
            if chance.random() < ANSWERED:
                gone = (row.due_at - began) / (now - began)
                _answer(row, 1 - SHARE_THAT_GOES * gone, chance)


def _answer(row: CheckInRow, share: float, chance: Random) -> None:
    form = questionnaires()[row.questionnaire]
    answers = {item.id: _one(form, item, share, chance) for item in form.items}
    score = instruments.score(form, answers)
    at = row.opens_at + (row.closes_at - row.opens_at) * chance.uniform(0.1, 0.9)
    row.status = CheckInStatus.COMPLETED
    db.session.add(
        ResponseRow(
            id=new_id(),
            clinic_id=row.clinic_id,
            patient_id=row.patient_id,
            check_in_id=row.id,
            questionnaire=form.code,
            answers=answers,
            total=score.total if score else None,
            score=asdict(score) if score else None,
            answered_at=at,
            received_at=at,
        )
    )


def _one(form: Questionnaire, item: Item, share: float, chance: Random) -> Answer:
    watched = {name for rule in form.alerts for name in rule.items}
    if item.kind is ItemKind.TEXT:
        return None
    if item.kind is ItemKind.YES_NO or (item.id in watched and form.scoring):
        return 0
    wanted = chance.gauss(0.7 * share, 0.15) * item.most
    if form.scoring is None and item.id in ("mood", "sleep"):
        wanted = item.most - wanted
    ceiling = min(item.most, 6) if item.id in watched else item.most
    return min(ceiling, max(item.least, round(wanted)))
