"""What may go wrong around a phone: hotels, broken servers, wrong clocks, no room, damage."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mobile import background, patient_phone, start, sync
from mobile.api_client import ApiClient
from mobile.offline_store import OfflineStore
from mobile.patient_phone import PatientPhone
from mobile.settings import Settings, SettingsFile
from mobile.viewmodels.answering import AnsweringModel
from mobile.viewmodels.today import TodayModel
from tests.demo_clinic import EMAIL, PASSWORD
from tests.mobile.conftest import QUICK

NOW = datetime(2027, 3, 1, 14, tzinfo=UTC)
TODAY: dict[str, Any] = {
    "as_of": "2027-03-01T09:00:00-05:00",
    "series": None,
    "appointments": [],
    "check_ins": [],
}
TOKENS = {"access_token": "a", "refresh_token": "r2", "user": {"id": "1"}}
Reply = tuple[int, str, str]
"""Status, content type and body."""
HTML = "text/html", "<h1>Welcome to the hotel. Sign in for the internet.</h1>"


@contextmanager
def answering(reply: dict[str, Reply], otherwise: Reply) -> Iterator[str]:
    """A real server on this machine that answers so, by a part of the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = (said for part, said in reply.items() if part in self.path)
            status, kind, body = next(found, otherwise)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_PUT = do_GET  # noqa: N815  (the names that http.server calls)

        def log_message(self, *_: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        served.server_close()


def said(document: object, status: int = 200) -> Reply:
    return status, "application/json", json.dumps(document)


def ride(appointment_id: str) -> dict[str, str]:
    return {"appointment_id": appointment_id, "name": "Sam", "phone": ""}


@pytest.mark.parametrize(
    "reply",
    [
        (200, *HTML),
        (302, *HTML),
        (401, *HTML),
        (403, *HTML),
        (511, *HTML),
        said({"error": "login"}, 401),
        said({"error": "login"}, 403),
        said({"welcome": "guest"}),
        (200, "application/json", '{"as_of": '),
    ],
)
def test_what_a_hotel_answers_ends_no_sign_in_and_takes_nothing_from_the_queue(
    store: OfflineStore, reply: Reply
) -> None:
    store.wait("ride", ride("a"), now=NOW)
    with answering({}, reply) as address:
        client = ApiClient(address, refresh_token="r1")
        outcome = sync.round_trip(store, client, now=NOW)

    assert not outcome.reached
    assert client.refresh_token == "r1"
    assert len(store.waiting()) == 1
    assert store.refused() == []


def test_a_server_that_breaks_down_over_one_change_still_gets_the_others(
    store: OfflineStore,
) -> None:
    """And what was said of the same visit afterwards waits behind the first."""
    for visit in ("a", "b", "a"):
        store.wait("ride", ride(visit), now=NOW)
    replies = {
        "refresh": said(TOKENS),
        "/a/": said({"type": "urn:tandem:problem:internal"}, 500),
        "today": said(TODAY),
    }
    with answering(replies, said({})) as address:
        outcome = sync.round_trip(store, ApiClient(address, refresh_token="r1"), now=NOW)

    assert (outcome.sent, outcome.left, outcome.reached) == (1, 2, True)
    assert [each.body["appointment_id"] for each in store.waiting()] == ["a", "a"]


def test_what_another_edition_of_the_app_queued_is_told_and_holds_nobody_up(
    store: OfflineStore,
) -> None:
    store.wait("dance", {}, now=NOW)
    store.wait("ride", ride("b"), now=NOW)
    replies = {"refresh": said(TOKENS), "today": said(TODAY)}
    with answering(replies, said({})) as address:
        outcome = sync.round_trip(store, ApiClient(address, refresh_token="r1"), now=NOW)

    assert (outcome.sent, outcome.refused, outcome.left) == (1, 1, 0)


@pytest.mark.parametrize("days", [-1100, 1100])
def test_a_clock_that_is_three_years_off_changes_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    class Off(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(patient_phone, "datetime", Off)
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.call_at(server)
    phone.choose_pin("4826")
    phone.sign_in(EMAIL, PASSWORD, lambda _: None)
    phone.sync()
    phone.lock()
    assert phone.unlock("4826") == ""

    assert abs(phone.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert phone.document("today") is not None
    assert phone.signed_in
    assert TodayModel(phone).home().updated.startswith("Last updated")
    phone.close()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[PatientPhone]:
    phone = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    phone.choose_pin("4826")
    yield phone
    phone.close()


def fill_up(phone: PatientPhone) -> None:
    """As if there were no room left for one more page of the file."""
    rows = phone.store._rows
    (pages,) = rows.execute("PRAGMA page_count").fetchone()
    rows.execute(f"PRAGMA max_page_count = {pages}")


LONG = "x" * 9000


def test_a_full_phone_says_so_and_keeps_the_answers_that_it_could_not_queue(
    phone: PatientPhone,
) -> None:
    form = {"items": [{"id": "note", "kind": "text", "text": {"en": "How is it?"}}]}
    phone.keep("questionnaire:f", form)
    asked = {"id": "c", "title": "A form", "questionnaire": "f"}
    phone.keep("today", {**TODAY, "check_ins": [asked]})
    model = AnsweringModel(phone, "c")
    fill_up(phone)
    model.answer(LONG)

    assert phone.trouble == "phone.full"
    assert not model.send()
    assert phone.waiting() == []
    phone.store._rows.execute("PRAGMA max_page_count = 100000")
    assert model.send()
    assert phone.trouble == ""
    assert phone.waiting()[0].body["answers"] == {"note": LONG}


@pytest.mark.parametrize("spoil", ["cut", "overwritten"])
def test_a_damaged_file_is_set_aside_and_the_patient_told(tmp_path: Path, spoil: str) -> None:
    first = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)
    first.choose_pin("4826")
    for number in range(20):
        first.keep(f"draft:{number}", {"text": LONG})
    first.close()
    file = tmp_path / "phone.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if spoil == "cut" else b"no database" * 1000)

    again = PatientPhone(tmp_path, run=background.at_once, effort=QUICK)

    assert again.trouble == "phone.spoiled"
    assert not again.store.pin.is_set
    assert (tmp_path / "phone.sqlite3.damaged").exists()
    assert again.choose_pin("4826") == ""
    again.close()


def test_one_damaged_change_is_told_and_the_others_stay(phone: PatientPhone) -> None:
    for visit in ("a", "b"):
        phone.queue("ride", ride(visit))
    phone.store._rows.execute("UPDATE pending_change SET sealed = zeroblob(90) WHERE place = 1")

    (card,) = TodayModel(phone).notices()

    assert card.text.startswith("Something you saved on this phone got lost.")
    assert [each.body["appointment_id"] for each in phone.waiting()] == ["b"]
    TodayModel(phone).seen(card.change_id)
    assert TodayModel(phone).notices() == ()


@pytest.mark.parametrize("written", ["[]", "null", '{"text_size": "big", "dark": 1}', "{"])
def test_settings_that_make_no_sense_count_as_none(tmp_path: Path, written: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(written, encoding="utf-8")

    assert SettingsFile(file).now == Settings()


def test_the_app_is_open_once_at_a_time(tmp_path: Path) -> None:
    held = start.alone(tmp_path)
    assert held is not None
    assert start.alone(tmp_path) is None
    held.close()
    again = start.alone(tmp_path)
    assert again is not None
    again.close()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("on-hold", "Your plan is on hold."),
        ("completed", "Your plan is done."),
        ("active", "No visit is planned right now."),
    ],
)
def test_a_plan_with_no_visit_ahead_says_why(phone: PatientPhone, status: str, words: str) -> None:
    phone.keep("today", {**TODAY, "series": {"status": status, "path": []}})

    home = TodayModel(phone).home()

    assert home.next is None
    assert home.said.startswith(words)


def test_another_language_in_the_middle_of_a_form_keeps_place_and_answers(
    phone: PatientPhone,
) -> None:
    items = [
        {"id": f"q{n}", "kind": "text", "text": {"en": f"Question {n}", "es": f"Pregunta {n}"}}
        for n in (1, 2)
    ]
    phone.keep("questionnaire:f", {"items": items})
    asked = {"id": "c", "title": "A form", "questionnaire": "f"}
    phone.keep("today", {**TODAY, "check_ins": [asked]})
    AnsweringModel(phone, "c").answer("fine")
    AnsweringModel(phone, "c").jot("half a sent")
    phone.settings.change(language="es")

    again = AnsweringModel(phone, "c").question()

    assert again is not None
    assert (again.text, again.answer) == ("Pregunta 2", "half a sent")


def test_a_pasted_name_of_several_lines_becomes_one(phone: PatientPhone) -> None:
    assert TodayModel(phone).name_ride("a", " Sam\n  of the\tlong name ", "555\n0100")

    assert phone.waiting()[0].body["name"] == "Sam of the long name"
