"""The phone and a real server: what was done with no signal arrives once, or is kept with why."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mobile import sync
from mobile.api_client import ApiClient, Refused, SignedOut, Unreachable
from mobile.offline_store import OfflineStore
from server.api.application import PREFIX
from shared import routes
from tests.demo_clinic import EMAIL, PASSWORD

NOBODY_THERE = "http://127.0.0.1:9"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def client(server: str) -> Iterator[ApiClient]:
    client = ApiClient(server)
    client.sign_in(EMAIL, PASSWORD, device="Test phone")
    yield client
    client.close()


def today(store: OfflineStore) -> dict[str, Any]:
    document = store.document(sync.TODAY, now=now())
    assert document is not None
    return document


def visit(store: OfflineStore, code: str) -> dict[str, Any]:
    return next(each for each in today(store)["appointments"] if each["visit_code"] == code)


def test_the_addresses_are_those_of_the_server() -> None:
    assert routes.PREFIX == PREFIX
    assert routes.fill(routes.CONFIRM, appointment_id="a/b").endswith("/appointments/a%2Fb/confirm")


def test_a_wrong_password_is_refused_kindly(server: str) -> None:
    client = ApiClient(server)
    with pytest.raises(Refused) as refused:
        client.sign_in(EMAIL, "not the password at all", device="Test phone")
    assert refused.value.status == 401
    client.close()


def test_what_was_confirmed_offline_is_known_to_the_clinic_after_the_next_round(
    client: ApiClient, store: OfflineStore
) -> None:
    assert sync.round_trip(store, client, now=now()).reached
    row = visit(store, "infusion-2")
    body = {"appointment_id": row["id"], "schedule_version": row["schedule_version"]}
    store.wait("confirm", body, now=now())

    offline = ApiClient(NOBODY_THERE, refresh_token="x" * 40)
    assert sync.round_trip(store, offline, now=now()).left == 1
    offline.close()
    outcome = sync.round_trip(store, client, now=now())

    assert (outcome.sent, outcome.left) == (1, 0)
    assert visit(store, "infusion-2")["confirmed_at"] is not None


def test_a_reply_lost_on_the_way_does_nothing_twice(client: ApiClient, store: OfflineStore) -> None:
    sync.round_trip(store, client, now=now())
    row = visit(store, "infusion-3")
    ride = {"appointment_id": row["id"], "name": "Sam", "phone": "555 0100"}
    change = store.wait("ride", ride, now=now())
    path = routes.fill(routes.RIDE, appointment_id=row["id"])
    body = {"name": "Sam", "phone": "555 0100"}
    first = client.ask("POST", path, body, key=change.id)

    assert sync.round_trip(store, client, now=now()).sent == 1
    assert client.ask("POST", path, body, key=change.id) == first
    assert visit(store, "infusion-3")["ride"] == body


def test_a_time_is_taken_and_the_clinic_has_it(client: ApiClient, store: OfflineStore) -> None:
    sync.round_trip(store, client, now=now())
    row = visit(store, "follow-up")
    offers = client.ask("POST", routes.fill(routes.OFFERS, appointment_id=row["id"]))
    chosen = offers["offers"][0]
    body = {"preview_id": chosen["id"], "if_match": offers["appointment_version"]}
    store.wait("move", {"appointment_id": row["id"], **body}, now=now())

    assert sync.round_trip(store, client, now=now()).sent == 1
    assert visit(store, "follow-up")["starts_at"] == chosen["visits"][0]["starts_at"]


def test_a_visit_moved_meanwhile_is_not_confirmed_and_the_patient_is_told(
    client: ApiClient, store: OfflineStore
) -> None:
    sync.round_trip(store, client, now=now())
    row = visit(store, "integration-5")
    old = {"appointment_id": row["id"], "schedule_version": row["schedule_version"]}
    offers = client.ask("POST", routes.fill(routes.OFFERS, appointment_id=row["id"]))
    taken = {"preview_id": offers["offers"][0]["id"]}
    path = routes.fill(routes.MOVES, appointment_id=row["id"])
    client.ask("POST", path, taken, version=offers["appointment_version"])

    store.wait("confirm", old, now=now())
    outcome = sync.round_trip(store, client, now=now())

    assert (outcome.sent, outcome.refused) == (0, 1)
    assert [each.refused and each.refused["code"] for each in store.refused()] == ["stale"]
    assert visit(store, "integration-5")["confirmed_at"] is None


def test_one_refused_change_does_not_hold_up_those_after_it(
    client: ApiClient, store: OfflineStore
) -> None:
    sync.round_trip(store, client, now=now())
    row = visit(store, "infusion-4")
    store.wait("confirm", {"appointment_id": "0" * 32, "schedule_version": 1}, now=now())
    store.wait("ride", {"appointment_id": row["id"], "name": "Kim", "phone": ""}, now=now())

    outcome = sync.round_trip(store, client, now=now())

    assert (outcome.sent, outcome.refused) == (1, 1)


def test_a_sign_in_that_was_ended_elsewhere_leaves_the_queue_as_it_is(
    server: str, client: ApiClient, store: OfflineStore
) -> None:
    kept: list[str | None] = []
    other = ApiClient(server, keep=kept.append)
    other.sign_in(EMAIL, PASSWORD, device="Lost phone")
    rows = client.ask("GET", routes.SIGN_INS)["rows"]
    lost = next(each for each in rows if each["device"] == "Lost phone")
    client.ask("DELETE", routes.fill(routes.ONE_SIGN_IN, sign_in_id=lost["id"]))
    store.wait("confirm", {"appointment_id": "0" * 32, "schedule_version": 1}, now=now())

    outcome = sync.round_trip(store, other, now=now())

    assert outcome.signed_out
    assert outcome.left == 1
    assert kept[-1] is None
    with pytest.raises(SignedOut):
        other.ask("GET", routes.TODAY)
    other.close()


def test_a_phone_that_was_closed_goes_on_with_the_token_it_kept(server: str) -> None:
    kept: list[str | None] = []
    first = ApiClient(server, keep=kept.append)
    first.sign_in(EMAIL, PASSWORD, device="Test phone")
    first.close()

    second = ApiClient(server, refresh_token=kept[-1], keep=kept.append)
    assert second.ask("GET", routes.TODAY)["appointments"]
    assert kept[-1] != kept[0]
    second.close()


def test_a_server_that_is_not_there_is_unreachable_and_nothing_more() -> None:
    client = ApiClient(NOBODY_THERE)
    with pytest.raises(Unreachable):
        client.sign_in(EMAIL, PASSWORD, device="Test phone")
    client.close()
