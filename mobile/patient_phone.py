"""The phone as a whole: store, server, clock and language, as view-models ask for them."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mobile import entering, sync
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
        self.trouble = "phone.spoiled" if self.store.spoiled else ""
        """What is wrong with the phone itself, as the key of a sentence; "" for nothing."""

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
        self._written(lambda: self.store.keep(name, document))

    def drop(self, name: str) -> None:
        """Give it up."""
        self._written(lambda: self.store.drop(name))

    def queue(self, kind: str, body: Document) -> bool:
        """A change: on disk now, sent as soon as that works. False where the phone is full."""
        written = self._written(lambda: self.store.wait(kind, body, now=self.now()))
        self.changed()
        self.sync()
        return written

    def _written(self, write: Callable[[], object]) -> bool:
        """Whether it is on disk; where not, the patient is told on every page."""
        try:
            write()
        except sqlite3.OperationalError:
            self.trouble = "phone.full"
            return False
        if self.trouble == "phone.full":
            self.trouble = ""
        return True

    def waiting(self) -> list[PendingChange]:
        """Changes still to be sent, oldest first."""
        return self.store.waiting()

    def refused(self) -> list[PendingChange]:
        """Changes the clinic said no to, until the patient has seen them."""
        return self.store.refused()

    def seen(self, change_id: str) -> None:
        """The patient has seen why."""
        self._written(lambda: self.store.done(change_id))
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
        except sqlite3.OperationalError:
            return words("phone.full")  # a try that is not counted is not taken
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
        self._run(
            lambda: self._begun(lambda: entering.sign_in(self._client, email, password)), then
        )

    def join(self, code: str, email: str, password: str, then: Callable[[str], None]) -> None:
        """Begin with the clinic's code: e-mail and password are the patient's from now on."""
        self._run(
            lambda: self._begun(lambda: entering.join(self._client, code, email, password)), then
        )

    def forgotten(self, email: str, then: Callable[[str], None]) -> None:
        """Ask for a link to a new password: `then` hears what to do next."""
        self._run(lambda: self.words(entering.forgotten(self._client, email)), then)

    def sign_out(self) -> None:
        """End the sign-in and empty the phone: the patient agreed."""
        self._run(self._client.sign_out, lambda _: self.empty())

    def sign_out_everywhere(self, could_not: Callable[[], None]) -> None:
        """On every device, this one last; with no signal nothing is ended."""
        self._run(self._ended, lambda ended: self.empty() if ended else could_not())

    def _ended(self) -> bool:
        try:
            self._client.sign_out_everywhere()
        except Unreachable:
            return False
        return True

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
        tokens = self.store.kept(TOKENS) or {}
        self._set_clock()
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

    def _begun(self, begin: Callable[[], entering.Entered]) -> str:
        try:
            said, user_id = begin()
            if said:
                return self.words(said)
            self._user_id = user_id
        except Unreachable:
            return self.words("sign-in.offline")
        if not self._is_whose():
            self._client.sign_out()
            return self.words("sign-in.other")
        return ""

    def _set_clock(self) -> None:
        clock = self.store.kept(sync.CLOCK) or {}
        self._behind = timedelta(seconds=clock.get("behind_seconds", 0))

    def _round(self) -> Outcome:
        try:
            return sync.round_trip(self.store, self._client, now=datetime.now(UTC))
        except sqlite3.OperationalError:
            self.trouble = "phone.full"
            return Outcome(reached=False)

    def _came_back(self, outcome: Outcome) -> None:
        self._busy, self.outcome = False, outcome
        if outcome.reached and not outcome.signed_out:
            self._learn()
        self.changed()

    def _learn(self) -> None:
        """The clock and the help line, as the clinic has them."""
        self._set_clock()
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
