"""What is asked of the patient: the list, and which of it is open now."""

from dataclasses import dataclass
from datetime import timedelta

from mobile.viewmodels import visits
from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import at


@dataclass(frozen=True, kw_only=True)
class AskedView:
    """One check-in in a list."""

    id: str
    title: str
    said: str
    may_answer: bool
    begun: bool


def open_now(phone: Phone) -> list[AskedView]:
    """What can be answered now, the soonest to close first."""
    now = phone.now()
    asked = [
        each
        for each in _waiting_for_answer(phone)
        if at(each["opens_at"]) <= now < at(each["closes_at"])
    ]
    ordered = sorted(asked, key=lambda each: at(each["closes_at"]))
    return [_view(phone, each, may_answer=True) for each in ordered]


def later(phone: Phone) -> list[AskedView]:
    """What opens another day."""
    now = phone.now()
    asked = [each for each in _waiting_for_answer(phone) if at(each["opens_at"]) > now]
    return [_view(phone, each, may_answer=False) for each in asked[:5]]


def _all(phone: Phone) -> list[Document]:
    document = phone.document("today") or {}
    return list(document.get("check_ins", ()))


def _waiting_for_answer(phone: Phone) -> list[Document]:
    """Asked for, with its form on the phone, and not answered here already."""
    answered = {each.body.get("check_in_id") for each in (*phone.waiting(), *phone.refused())}
    return [
        each
        for each in _all(phone)
        if each["status"] == "requested"
        and each["id"] not in answered
        and phone.document(f"questionnaire:{each['questionnaire']}") is not None
    ]


def _view(phone: Phone, asked: Document, *, may_answer: bool) -> AskedView:
    words = phone.words
    until = visits.moment(words, at(asked["closes_at"]) - timedelta(minutes=1))
    opens = visits.moment(words, at(asked["opens_at"]))
    said = (
        words("check-ins.due", when=until) if may_answer else words("check-ins.later", when=opens)
    )
    return AskedView(
        id=asked["id"],
        title=asked["title"],
        said=said,
        may_answer=may_answer,
        begun=phone.document(f"draft:{asked['id']}") is not None,
    )
