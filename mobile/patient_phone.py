"""The phone as a whole: store, server, clock and language, as view-models ask for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mobile import sync
from mobile.api_client import ApiClient, Refused, SignedOut, Unreachable
from mobile.offline_store import OfflineStore, PendingChange
from mobile.pin_lock import Wait
from mobile.sealing import USUAL, Effort, WrongPin
from mobile.settings import SettingsFile
from mobile.sync import Outcome
from mobile.viewmodels.visits import moment
from mobile.words import Words
from shared import routes

Document = dict[str, Any]
Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]
TOKENS, OWNER = "tokens", "owner"
DEVICE = "Phone app"
JOIN_SAYS = {409: "join.email", 429: "sign-in.too-many"}


class PatientPhone:
    """One patient's phone. `run(work, then)` does what takes long; `changed` hears of news."""

    def __init__(self, folder: Path, *, run: Run, effort: Effort = USUAL) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = SettingsFile(folder / "settings.json")
        self.store = OfflineStore(folder / "phone.sqlite3", effort=effort)
        self._run, self._behind, self._user_id = run, timedelta(), ""
        self._client = self._fresh_client()
        self._busy = self._locking = False
        self.changed: Callable[[], object] = _nothing
        self.outcome = Outcome()

    @property
    def words(self) -> Words:
        """The patient's language."""
        return Words(self.settings.now.language)

    @property
    def signed_in(self) -> bool:
        """Whether there is a sign-in to go on with."""
        return self._client.signed_in

    def now(self) -> datetime:
        """The clinic's idea of the present instant, whatever the phone's clock says."""
        return datetime.now(UTC) + self._behind

    def document(self, name: str) -> Document | None:
        """Something kept."""
        return self.store.document(name, now=self.now())

    def keep(self, name: str, document: Document) -> None:
        """Keep something until it is dropped."""
        self.store.keep(name, document)

    def drop(self, name: str) -> None:
        """Give it up."""
        self.store.drop(name)

    def queue(self, kind: str, body: Document) -> None:
        """A change: on disk now, sent as soon as that works."""
        self.store.wait(kind, body, now=self.now())
        self.changed()
        self.sync()

    def waiting(self) -> list[PendingChange]:
        """Changes still to be sent, oldest first."""
        return self.store.waiting()

    def refused(self) -> list[PendingChange]:
        """Changes the clinic said no to, until the patient has seen them."""
        return self.store.refused()

    def seen(self, change_id: str) -> None:
        """The patient has seen why."""
        self.store.done(change_id)
        self.changed()

    def ask(self, method: str, path: str, then: Callable[[Document | None, str], None]) -> None:
        """A question that only the server can answer."""
        self._run(lambda: self._asked(method, path), lambda reply: then(*reply))

    def sync(self) -> None:
        """Send what waits and fetch what is new; one round at a time."""
        if self.is_open and self.signed_in and not self._busy:
            self._busy = True
            self._run(self._round, self._came_back)

    @property
    def is_open(self) -> bool:
        """Whether the PIN was given, and the patient has not left since."""
        return self.store.is_open and not self._locking

    def lock(self) -> None:
        """Ask for the PIN from now on. A round under way ends first, so that no token is lost."""
        self._locking = True
        self._run(_nothing, lambda _: self.store.lock() if self._locking else None)

    def unlock(self, pin: str) -> str:
        """Open with the PIN and go on as before: "" for all well, else a sentence."""
        words = self.words
        try:
            self.store.unlock(pin, now=datetime.now(UTC))
        except WrongPin:
            return self._wrong_pin()
        except Wait as wait:
            return words("pin.wait", when=moment(words, wait.until.astimezone()))
        self._locking = False
        self._wake()
        return ""

    def _wrong_pin(self) -> str:
        """After too many the phone is emptied, but never while something on it is not sent: then
        the patient says so themselves."""
        if not self.too_many_tries:
            return self.words("pin.wrong")
        if self.store.count_waiting() == 0:
            self.empty()
        return self.words("pin.too-many")

    def choose_pin(self, pin: str) -> str:
        """The first PIN, or another. Who has signed in already stays so."""
        self.store.set_pin(pin)
        if self._client.signed_in:
            self._keep_token(self._client.refresh_token)
            self._is_whose()
        return ""

    def _is_whose(self) -> bool:
        """Whether the plan here is that of who has just signed in; a new one becomes so."""
        owner = self.document(OWNER) if self.store.is_open else None
        if owner is None and self.store.is_open and self._user_id:
            self.keep(OWNER, {"user_id": self._user_id})
        return owner is None or owner["user_id"] == self._user_id

    @property
    def too_many_tries(self) -> bool:
        """Whether so many PINs were wrong that the phone should be cleared."""
        return self.store.pin.too_many

    def sign_in(self, email: str, password: str, then: Callable[[str], None]) -> None:
        """Begin on this phone: `then` hears "" for all well, else a sentence."""
        self._run(lambda: self._begun(lambda: self._enter(email, password)), then)

    def join(self, code: str, email: str, password: str, then: Callable[[str], None]) -> None:
        """Begin with the clinic's code: e-mail and password are the patient's from now on."""
        self._run(lambda: self._begun(lambda: self._join(code, email, password)), then)

    def forgotten(self, email: str, then: Callable[[str], None]) -> None:
        """Ask for a link to a new password: `then` hears what to do next."""
        self._run(lambda: self.words(self._asked_for_link(email)), then)

    def sign_out(self) -> None:
        """End the sign-in and empty the phone: the patient agreed."""
        self._run(self._client.sign_out, lambda _: self.empty())

    def empty(self) -> None:
        """Nothing of the patient stays."""
        self._client.close()
        self.store.erase()
        self._client = self._fresh_client()
        self.changed()

    def call_at(self, address: str) -> None:
        """The clinic's server stands there; a plan from elsewhere does not stay."""
        if address != self.settings.now.address:
            self.settings.change(address=address)
            self.empty()

    def close(self) -> None:
        """Let go of files and connections."""
        self._client.close()
        self.store.close()

    def _wake(self) -> None:
        """What was kept is used again: the token, and how far the phone's clock is off."""
        if self._busy:
            return  # a round is still under way with the client that it began with
        tokens = self.store.document(TOKENS, now=datetime.now(UTC)) or {}
        clock = self.store.document(sync.CLOCK, now=datetime.now(UTC)) or {}
        self._behind = timedelta(seconds=clock.get("behind_seconds", 0))
        self._client.close()
        self._client = self._fresh_client(tokens.get("refresh"))

    def _fresh_client(self, refresh_token: str | None = None) -> ApiClient:
        address = self.settings.now.address
        return ApiClient(address, refresh_token=refresh_token, keep=self._keep_token)

    def _keep_token(self, token: str | None) -> None:
        if self.store.is_open:
            self.store.keep(TOKENS, {"refresh": token})

    def _asked(self, method: str, path: str) -> tuple[Document | None, str]:
        try:
            return self._client.ask(method, path), ""
        except (Unreachable, SignedOut):
            return None, "offline"
        except Refused as refused:
            return None, refused.reason

    def _enter(self, email: str, password: str) -> str:
        try:
            user = self._client.sign_in(email.strip(), password, device=DEVICE)
            self._user_id = str(user["id"])
        except Refused as refused:
            return "sign-in.too-many" if refused.status == 429 else "sign-in.wrong"
        return ""

    def _join(self, code: str, email: str, password: str) -> str:
        try:
            user = self._client.join(code.strip(), email.strip(), password, device=DEVICE)
            self._user_id = str(user["id"])
        except Refused as refused:
            return JOIN_SAYS.get(refused.status, "join.wrong")
        return ""

    def _asked_for_link(self, email: str) -> str:
        try:
            self._client.forgotten(email.strip())
        except Unreachable:
            return "sign-in.offline"
        except Refused as refused:
            return "sign-in.too-many" if refused.status == 429 else "forgotten.mend"
        return "forgotten.sent"

    def _begun(self, begin: Callable[[], str]) -> str:
        try:
            if said := begin():
                return self.words(said)
        except Unreachable:
            return self.words("sign-in.offline")
        if not self._is_whose():
            self._client.sign_out()
            return self.words("sign-in.other")
        return ""

    def _round(self) -> Outcome:
        return sync.round_trip(self.store, self._client, now=datetime.now(UTC))

    def _came_back(self, outcome: Outcome) -> None:
        self._busy, self.outcome = False, outcome
        if outcome.reached and not outcome.signed_out:
            self._learn()
        self.changed()

    def _learn(self) -> None:
        """The clock and the help line, as the clinic has them."""
        clock = self.store.document(sync.CLOCK, now=datetime.now(UTC)) or {}
        self._behind = timedelta(seconds=clock.get("behind_seconds", 0))
        line = (self.document(sync.TODAY) or {}).get("help_line")
        if line:
            self.settings.change(
                help_title=line["title"],
                help_phone=line["phone"],
                clinic_phone=line["clinic_phone"],
            )

    def devices(self, then: Callable[[Document | None, str], None]) -> None:
        """Where the patient is signed in."""
        self.ask("GET", routes.SIGN_INS, then)

    def end_device(self, sign_in_id: str, then: Callable[[Document | None, str], None]) -> None:
        """Sign out on another device."""
        self.ask("DELETE", routes.fill(routes.ONE_SIGN_IN, sign_in_id=sign_in_id), then)


def _nothing() -> None:
    """Nobody looks yet."""
