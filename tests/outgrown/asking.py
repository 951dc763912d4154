"""What people ask of a running installation over HTTP."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from server.persistence.database import db
from server.services.sign_ins import sign_in
from shared.vocabulary import Role
from tests import builders
from tests.builders import PASSWORD
from tests.outgrown.processes import Installation
from tests.services.a_series import ShortClinic

SECRET = "only for tests"


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Somebody of the clinic who has just signed in, and the web server they speak to."""

    made: Installation
    web: str
    token: str

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> int:
        """The status of the answer."""
        asked = urllib.request.Request(
            f"{self.made.url_of(self.web)}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


def prescriber(made: Installation, clinic: ShortClinic, web: str, name: str) -> Asker:
    """A prescriber of this clinic."""
    user = builders.make_user(clinic.by.clinic_id, Role.PRESCRIBER, f"{name}@clinic.example")
    db.session.commit()
    token = sign_in.begin(user.id, device="", now=datetime.now(UTC)).tokens.access_token
    return Asker(made=made, web=web, token=token)


def book(
    made: Installation,
    clinic: ShortClinic,
    web: str,
    visit: str,
    starts_at: datetime,
    **who: object,
) -> str:
    """Book a visit of a new patient; the patient's number."""
    name = f"{starts_at:%m%d}"
    patient_id = clinic.patient(**{"email": f"{name}@home.example", **who})
    body = {
        "series_id": clinic.enrolled(patient_id=patient_id),
        "visit": visit,
        "starts_at": starts_at.isoformat(),
        "choices": {"therapist": clinic.therapist_ids[0]},
    }
    by = prescriber(made, clinic, web, f"dr-{name}")
    said = {"Idempotency-Key": f"book-{name}", "If-Match": '"1"'}
    assert by.ask("POST", "/api/v1/appointments", body, **said) == 201
    return patient_id


def soon(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until it holds, so long at most."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.1)


class Browser:
    """Somebody signed in by the form of a page, with a cookie."""

    def __init__(self, address: str, door: str, email: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor()
        self.opener = urllib.request.build_opener(jar)
        assert self.sends(door, door, email=email, password=PASSWORD) == 200

    def opens(self, page: str) -> int:
        """The status of a page."""
        return self._asked(page)[0]

    def sends(self, page: str, to: str, **fields: str) -> int:
        """Send what stands in a form of this page; the status of what comes of it."""
        found = re.search(r'name="form" value="(\w+)"', self._asked(page)[1])
        said = {"form": found.group(1) if found else "", **fields}
        return self._asked(to, urllib.parse.urlencode(said).encode())[0]

    def _asked(self, page: str, body: bytes | None = None) -> tuple[int, str]:
        try:
            with self.opener.open(self.address + page, body, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
