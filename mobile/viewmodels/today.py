"""Home: one card with what is next, the plan as a path, and what needs a look."""

from dataclasses import dataclass

from mobile.viewmodels import check_ins, visits
from mobile.viewmodels.check_ins import AskedView
from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import VisitView, at
from mobile.words import Words

STALE_AFTER_SECONDS = 6 * 3600
AWAITED = ("booked", "pending", "arrived")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One visit on the path: done, booked or due."""

    kind: str
    state: str
    number: int
    """Which infusion; 0 for all else."""
    next: bool


@dataclass(frozen=True, kw_only=True)
class NoticeCard:
    """Something the clinic could not do as it was asked, said kindly, with what can be done."""

    change_id: str
    text: str
    reason: str
    appointment_id: str = ""


@dataclass(frozen=True, kw_only=True)
class HomeView:
    """All of the first screen."""

    next: VisitView | None
    check_in: AskedView | None
    notices: tuple[NoticeCard, ...]
    path: tuple[Step, ...]
    path_said: str
    said: str
    """What stands in place of a card: no plan yet, or no visit ahead."""
    updated: str


class TodayModel:
    """Reads the kept document; the card changes with what waits to be sent."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def home(self) -> HomeView:
        """What home shows now."""
        words, document = self._phone.words, self._phone.document("today")
        if document is None:
            return HomeView(
                next=None,
                check_in=None,
                notices=self.notices(),
                path=(),
                path_said="",
                said=words("nothing-yet"),
                updated="",
            )
        coming = self._coming(document)
        return HomeView(
            next=visits.view(self._phone, coming[0]) if coming else None,
            check_in=next(iter(check_ins.open_now(self._phone)), None),
            notices=self.notices(),
            path=_path(document),
            path_said=self._path_said(document),
            said=_said(words, document, bool(coming)),
            updated=self._updated(document),
        )

    def coming(self) -> list[VisitView]:
        """Visits ahead, the next one first."""
        document = self._phone.document("today")
        return [visits.view(self._phone, each) for each in self._coming(document or {})]

    def past(self) -> list[VisitView]:
        """Visits that are over, the last one first."""
        now, document = self._phone.now(), self._phone.document("today") or {}
        over = [each for each in document.get("appointments", ()) if at(each["ends_at"]) <= now]
        return [visits.view(self._phone, each) for each in reversed(over)]

    def visit(self, appointment_id: str) -> VisitView | None:
        """One visit by its id."""
        found = self._raw(appointment_id)
        return visits.view(self._phone, found) if found else None

    def confirm(self, appointment_id: str) -> None:
        """One tap: the patient comes at the time they see."""
        if visit := self._raw(appointment_id):
            seen = visit["schedule_version"]
            body = {"appointment_id": appointment_id, "schedule_version": seen}
            self._phone.queue("confirm", body)

    def name_ride(self, appointment_id: str, name: str, phone: str) -> bool:
        """Who takes the patient home; False where no name is given."""
        if not name.strip():
            return False
        said = {"name": _line(name), "phone": _line(phone)}
        return self._phone.queue("ride", {"appointment_id": appointment_id, **said})

    def ride_offered(self, appointment_id: str) -> tuple[str, str]:
        """The name and phone to begin with: as said for this visit, else as said last."""
        document = self._phone.document("today") or {}
        visit = self._raw(appointment_id) or {}
        known = visit.get("ride") or document.get("last_ride") or {}
        return str(known.get("name", "")), str(known.get("phone", ""))

    def notices(self) -> tuple[NoticeCard, ...]:
        """What the clinic said no to and the patient has not seen."""
        words = self._phone.words
        cards = []
        for change in self._phone.refused():
            why = change.refused or {}
            reason = words("card.why", reason=why["reason"]) if why.get("reason") else ""
            cards.append(
                NoticeCard(
                    change_id=change.id,
                    text=words(_card(change.kind, str(why.get("code")))),
                    reason="" if why.get("code") == "stale" else reason,
                    appointment_id=str(change.body.get("appointment_id", "")),
                )
            )
        return tuple(cards)

    def seen(self, change_id: str) -> None:
        """The patient has read the card."""
        self._phone.seen(change_id)

    def _coming(self, document: Document) -> list[Document]:
        now = self._phone.now()
        return [
            each
            for each in document.get("appointments", ())
            if each["status"] in AWAITED and at(each["ends_at"]) > now
        ]

    def _raw(self, appointment_id: str) -> Document | None:
        document = self._phone.document("today") or {}
        appointments = document.get("appointments", ())
        return next((each for each in appointments if each["id"] == appointment_id), None)

    def _path_said(self, document: Document) -> str:
        words, steps = self._phone.words, (document["series"] or {}).get("path", [])
        left = [each for each in steps if each["state"] != "done" and each["kind"] == "infusion"]
        if left:
            return words("path.infusions", n=left[0]["ordinal"], all=left[0]["of"])
        done = sum(each["state"] == "done" for each in steps)
        return words("path.said", done=done, all=len(steps)) if steps else ""

    def _updated(self, document: Document) -> str:
        as_of = at(document["as_of"])
        old = (self._phone.now() - as_of).total_seconds() > STALE_AFTER_SECONDS
        key = "offline" if old else "updated"
        return self._phone.words(key, when=visits.moment(self._phone.words, as_of))


def _said(words: Words, document: Document, coming: bool) -> str:
    """What stands beside the next visit, or in its place: a plan on hold, over, or not yet made."""
    status = (document["series"] or {}).get("status", "")
    if status == "on-hold":
        return words("today.on-hold")
    if coming:
        return ""
    return words("today.completed" if status == "completed" else "today.none")


def _path(document: Document) -> tuple[Step, ...]:
    steps = (document["series"] or {}).get("path", [])
    left = [place for place, each in enumerate(steps) if each["state"] != "done"]
    return tuple(
        Step(
            kind=each["kind"],
            state=each["state"],
            number=each["ordinal"] if each["kind"] == "infusion" else 0,
            next=place == next(iter(left), None),
        )
        for place, each in enumerate(steps)
    )


def _card(kind: str, code: str) -> str:
    """Which sentence fits what was refused."""
    if code == "unreadable":
        return "card.unreadable"
    if kind == "answer":
        return "card.answer"
    if code == "not-found":
        return "card.gone"
    if kind == "move":
        return "card.move"
    return "card.changed" if code == "stale" else "card.refused"


def _line(text: str) -> str:
    """On one line, whatever was pasted."""
    return " ".join(text.split())
