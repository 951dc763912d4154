"""Answers over time as points of a picture: no grades, no red, infusions and talks marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.patient_pages.my.showing import Plan
from server.services.check_ins.questionnaires import Questionnaire

WIDE, HIGH, EDGE = 600, 180, 12
MARKED = ("infusion", "integration", "therapy")


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Where its points and marks stand in a picture of 600 by 180, and the same as rows."""

    title: str
    line: str
    points: list[tuple[int, int]]
    marks: list[tuple[int, str]]
    rows: list[tuple[datetime, int]]


def curves(plan: Plan, forms: Mapping[str, Questionnaire]) -> list[Curve]:
    """One curve a form that was answered and comes to a number; `forms` says how high it can be."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in plan.document["check_ins"]:
        if each["total"] is not None and each["answered_at"]:
            found.setdefault(each["questionnaire"], []).append(each)
    return [_curve(plan, forms.get(code), answers) for code, answers in found.items()]


def _curve(plan: Plan, form: Questionnaire | None, answers: list[dict[str, Any]]) -> Curve:
    rows = sorted((each["answered_at"], each["total"]) for each in answers)
    most = _most(form) or max(total for _, total in rows) or 1
    first, last = rows[0][0], rows[-1][0]
    points = [(_across(at, first, last), _up(total / most)) for at, total in rows]
    marks = [
        (_across(each["starts_at"], first, last), str(each["kind"]))
        for each in plan.document["appointments"]
        if each["kind"] in MARKED and first <= each["starts_at"] <= last
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    title = str(answers[-1]["title"])
    return Curve(title=title, line=line, points=points, marks=marks, rows=rows)


def _most(form: Questionnaire | None) -> int:
    return form.scoring.most if form and form.scoring else 0


def _across(at: datetime, first: datetime, last: datetime) -> int:
    whole = (last - first).total_seconds()
    part = (at - first).total_seconds() / whole if whole else 0.5
    return round(EDGE + part * (WIDE - 2 * EDGE))


def _up(part: float) -> int:
    return round(HIGH - EDGE - part * (HIGH - 2 * EDGE))
