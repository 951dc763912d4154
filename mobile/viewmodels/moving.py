"""Another time for a visit: up to three that keep the plan, one tap to take."""

from collections.abc import Callable
from dataclasses import dataclass

from mobile.viewmodels import visits
from mobile.viewmodels.phone import Document, Phone
from mobile.viewmodels.visits import at
from shared import routes


@dataclass(frozen=True, kw_only=True)
class OfferView:
    """A time on offer, with the other visits that would move along."""

    id: str
    when: str
    others: tuple[str, ...]


class MovingModel:
    """Asks for times, keeps the last ones for a dead line, and queues the one that is taken."""

    def __init__(self, phone: Phone, appointment_id: str, changed: Callable[[], None]) -> None:
        self._phone, self._id, self._changed = phone, appointment_id, changed
        self._kept = f"offers:{appointment_id}"
        self.said = phone.words("move.looking")
        self.offers: tuple[OfferView, ...] = ()

    def look(self) -> None:
        """Ask the server; what was offered last is shown until it answers."""
        self._phone.ask("POST", routes.fill(routes.OFFERS, appointment_id=self._id), self._answered)

    def take(self, offer_id: str) -> None:
        """Queue the move: the clinic proves it again before it counts."""
        kept = self._phone.document(self._kept) or {}
        body = {"appointment_id": self._id, "preview_id": offer_id}
        if self._phone.queue("move", {**body, "if_match": kept["appointment_version"]}):
            self._phone.drop(self._kept)

    def _answered(self, reply: Document | None, why: str) -> None:
        if reply is not None:
            self._phone.keep(self._kept, reply)
        offered = self._phone.document(self._kept)
        if reply is None and (why != "offline" or offered is None):
            self.offers, self.said = (), self._why(why)
        else:
            self.offers = self._views(offered or {"offers": []})
            self.said = self._phone.words("move.text")
        self._changed()

    def _why(self, why: str) -> str:
        return self._phone.words("move.offline" if why == "offline" else "move.none")

    def _views(self, offered: Document) -> tuple[OfferView, ...]:
        now = self._phone.now()
        fresh = [each for each in offered["offers"] if at(each["expires_at"]) > now]
        return tuple(self._view(each) for each in fresh)

    def _view(self, offer: Document) -> OfferView:
        code = self._codes().get(self._id, {}).get("visit_code")
        own = [each for each in offer["visits"] if each["visit"] == code]
        others = [each for each in offer["visits"] if each["visit"] != code]
        words = self._phone.words
        first = (own or others)[0]
        return OfferView(
            id=offer["id"],
            when=visits.moment(words, at(first["starts_at"])),
            others=tuple(self._named(each) for each in others),
        )

    def _named(self, moved: Document) -> str:
        named = {each["visit_code"]: each for each in self._codes().values()}
        words, visit = self._phone.words, named.get(moved["visit"])
        title = visits.name(words, visit) if visit else moved["visit"]
        return f"{title}: {visits.moment(words, at(moved['starts_at']))}"

    def _codes(self) -> dict[str, Document]:
        document = self._phone.document("today") or {}
        return {each["id"]: each for each in document.get("appointments", ())}
