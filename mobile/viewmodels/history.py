"""How it went: each form's answers as a calm curve, with the visits in between marked."""

from dataclasses import dataclass
from datetime import datetime

from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import at

MARKED = ("infusion", "integration", "therapy")


@dataclass(frozen=True, kw_only=True)
class CurveView:
    """Points and marks as parts of the width and height, and the same in words."""

    title: str
    points: tuple[tuple[float, float], ...]
    marks: tuple[tuple[float, str], ...]
    """Where on the way an infusion or a talk took place."""
    said: tuple[str, ...]
    days: tuple[str, str]
    """The first and the last."""


def curves(phone: Phone) -> list[CurveView]:
    """One curve a form that was answered and comes to a number."""
    document = phone.document("today") or {}
    found: dict[str, list[Document]] = {}
    for each in document.get("check_ins", ()):
        if each["total"] is not None and each["answered_at"]:
            found.setdefault(each["questionnaire"], []).append(each)
    return [_curve(phone, code, answers) for code, answers in found.items()]


def _curve(phone: Phone, code: str, answers: list[Document]) -> CurveView:
    ordered = sorted(answers, key=lambda each: at(each["answered_at"]))
    when = [at(each["answered_at"]) for each in ordered]
    visits = _visits(phone, when[0], when[-1])
    most = _most(phone, code) or max(each["total"] for each in ordered) or 1
    points = tuple(
        (_place(moment, when), each["total"] / most)
        for moment, each in zip(when, ordered, strict=True)
    )
    words = phone.words
    said = [
        words("history.one", on=words.day(moment.date()), total=each["total"])
        for moment, each in zip(when, ordered, strict=True)
    ]
    return CurveView(
        title=ordered[-1]["title"],
        points=points,
        marks=tuple((_place(moment, when), kind) for moment, kind in visits),
        said=tuple(said),
        days=(words.day(when[0].date()), words.day(when[-1].date())),
    )


def _place(moment: datetime, when: list[datetime]) -> float:
    whole = (when[-1] - when[0]).total_seconds()
    return (moment - when[0]).total_seconds() / whole if whole else 0.5


def _visits(phone: Phone, first: datetime, last: datetime) -> list[tuple[datetime, str]]:
    document = phone.document("today") or {}
    return [
        (at(each["starts_at"]), each["kind"])
        for each in document.get("appointments", ())
        if each["kind"] in MARKED and first <= at(each["starts_at"]) <= last
    ]


def _most(phone: Phone, code: str) -> int:
    """The most that a form can come to."""
    form = phone.document(f"questionnaire:{code}") or {"items": []}
    return sum(
        max((option["value"] for option in item.get("options") or ()), default=0)
        for item in form["items"]
        if item["kind"] == "choice"
    )
