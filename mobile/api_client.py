"""Asks the clinic's server: signs in, renews its tokens, and says plainly why something failed."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from shared import problems, routes

Document = dict[str, Any]
TIMEOUT_SECONDS = 10.0
TRY_LATER = frozenset({408, 425, 429})
"""Replies that say nothing about the request itself."""
NO_REPLY = TRY_LATER - {429}
"""Where somebody waits at the screen, being told to try less often is an answer."""
SERVER_FAULTS = 500


class Unreachable(Exception):
    """No reply, or one that asks to come again: what was to be sent is sent later."""


class Faltering(Unreachable):
    """The server was reached and broke down over this request; it may take the next one."""


class SignedOut(Exception):
    """The sign-in on this phone is over."""


class Refused(Exception):
    """The server understood and said no: with its code ("stale") and a sentence."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(code)
        self.status, self.code, self.reason = status, code, reason


class ApiClient:
    """One person's way to the server. `keep` is told every new refresh token (None: none)."""

    def __init__(
        self,
        address: str,
        *,
        refresh_token: str | None = None,
        keep: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        self._http = httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS)
        self._access: str | None = None
        self._refresh, self._keep = refresh_token, keep

    @property
    def signed_in(self) -> bool:
        """Whether there is a token to go on with."""
        return self._refresh is not None

    @property
    def refresh_token(self) -> str | None:
        """The token to go on with, for whoever keeps it."""
        return self._refresh

    def sign_in(self, email: str, password: str, *, device: str) -> Document:
        """Begin on this phone; the user. Refused where e-mail and password do not fit."""
        body = {"email": email, "password": password, "device": device}
        reply = _judged(self._send("POST", routes.SIGN_IN, {}, body), later=NO_REPLY)
        return self._take(reply)

    def join(self, code: str, email: str, password: str, *, device: str) -> Document:
        """Make a login of the clinic's code; the user. Refused where one of them will not do."""
        body = {"code": code, "email": email, "password": password, "device": device}
        return self._take(_judged(self._send("POST", routes.JOIN, {}, body), later=NO_REPLY))

    def forgotten(self, email: str) -> None:
        """Ask the clinic for a link to a new password; the answer never tells who is known."""
        _judged(self._send("POST", routes.FORGOTTEN, {}, {"email": email}), later=NO_REPLY)

    def sign_out(self) -> None:
        """End it on the server if that can be reached, and here in any case."""
        try:
            self.ask("POST", routes.SIGN_OUT)
        except (Unreachable, SignedOut, Refused):
            pass
        finally:
            self._forget()

    def sign_out_everywhere(self) -> None:
        """End it on every device, here last. Raises Unreachable where the others still go on."""
        try:
            for each in self.ask("GET", routes.SIGN_INS)["rows"]:
                if not each["present"]:
                    self.ask("DELETE", routes.fill(routes.ONE_SIGN_IN, sign_in_id=each["id"]))
        except (SignedOut, Refused):
            pass  # it had ended by itself
        self.sign_out()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        version: int | None = None,
    ) -> Document:
        """One request as whoever is signed in. `key` makes sending it again harmless."""
        headers = {"Idempotency-Key": key} if key else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if self._access is None:
            self._renew()
        reply = self._as_myself(method, path, headers, body)
        if _ends_sign_in(reply):
            self._renew()
            reply = self._as_myself(method, path, headers, body)
        return _judged(reply)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _as_myself(
        self, method: str, path: str, headers: Mapping[str, str], body: object
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self._access}"}
        return self._send(method, path, {**headers, **bearer}, body)

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: object
    ) -> httpx.Response:
        try:
            return self._http.request(method, path, headers=dict(headers), json=body)
        except httpx.HTTPError as error:
            raise Unreachable from error

    def _renew(self) -> None:
        if self._refresh is None:
            raise SignedOut
        sent = {"refresh_token": self._refresh}
        reply = self._send("POST", routes.REFRESH, {}, sent)
        if _ends_sign_in(reply):
            self._forget()
            raise SignedOut
        self._take(_judged(reply))

    def _take(self, tokens: Document) -> Document:
        try:
            user: Document = tokens["user"]
            self._access, self._refresh = tokens["access_token"], tokens["refresh_token"]
        except KeyError as error:
            raise Unreachable from error  # well-formed, and not from the clinic
        self._keep(self._refresh)
        return user

    def _forget(self) -> None:
        self._access = self._refresh = None
        self._keep(None)


def _judged(reply: httpx.Response, *, later: frozenset[int] = TRY_LATER) -> Document:
    """What was answered. Raises Unreachable where it is to be tried again, else Refused."""
    if reply.status_code >= SERVER_FAULTS:
        raise Faltering
    if reply.status_code in later:
        raise Unreachable
    said = _document(reply)
    if reply.is_success:
        return said
    if not _from_clinic(said):
        raise Unreachable  # a hotel's sign-in page, a proxy: whatever it says, the clinic did not
    code = str(said.get("type", "")).rpartition(":")[2]
    raise Refused(reply.status_code, code, _reason(said))


def _ends_sign_in(reply: httpx.Response) -> bool:
    """Whether the clinic itself says that the sign-in is over."""
    return reply.status_code == 401 and _from_clinic(_document(reply))


def _from_clinic(said: Document) -> bool:
    return str(said.get("type", "")).startswith(problems.PREFIX)


def _document(reply: httpx.Response) -> Document:
    if reply.status_code == 204:
        return {}
    try:
        said = reply.json()
    except ValueError as error:
        raise Unreachable from error  # a reply cut short, or not from the clinic at all
    return said if isinstance(said, dict) else {"rows": said}


def _reason(said: Document) -> str:
    for breach in said.get("breaches", ()):
        return str(breach.get("sentence", ""))
    return str(said.get("detail") or said.get("title") or "")
