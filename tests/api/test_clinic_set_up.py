"""Setting a clinic up over the API, as its administrator would with curl."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast, Person

API = "/api/v1"
SITE = {"title": "Hillside", "time_zone": "America/Denver", "grid_minutes": 10}


def post(client: FlaskClient, who: Person, path: str, body: Any = None, seen: int | None = None):
    return client.post(API + path, json=body, headers=headers(who, seen))


def put(client: FlaskClient, who: Person, path: str, body: Any, seen: int | None = None):
    return client.put(API + path, json=body, headers=headers(who, seen))


def get(client: FlaskClient, who: Person, path: str):
    return client.get(API + path, headers=who.headers)


def headers(who: Person, seen: int | None) -> dict[str, str]:
    return who.headers | ({"If-Match": f'"{seen}"'} if seen else {})


def faults(reply: Any) -> set[str]:
    return {each["path"] for each in reply.json["errors"]}


def test_a_site_is_opened_changed_and_closed_on_a_holiday(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, "/sites", SITE)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    path = f"/sites/{made.json['id']}"

    changed = put(client, cast.ana, path, SITE | {"title": "Lakeside"}, seen=1)
    closed = post(
        client, cast.ana, f"{path}/holidays", {"on": "2028-01-01", "title": "New Year"}, seen=2
    )

    assert (changed.json["title"], changed.headers["ETag"]) == ("Lakeside", '"2"')
    assert (closed.status_code, closed.headers["ETag"]) == (201, '"3"')
    assert closed.json["affected"] == []
    assert [day["on"] for day in get(client, cast.theo, f"{path}/holidays").json] == ["2028-01-01"]
    gone = client.delete(
        f"{API}{path}/holidays/{closed.json['holiday']['id']}", headers=headers(cast.ana, 3)
    )
    assert (gone.status_code, gone.json["holiday"]) == (200, None)


def test_a_change_that_says_no_version_or_an_old_one_is_refused(
    client: FlaskClient, cast: Cast
) -> None:
    path = f"/sites/{cast.things['pat']['site']}"

    assert put(client, cast.ana, path, SITE).status_code == 428
    assert put(client, cast.ana, path, SITE, seen=9).status_code == 412


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param({"time_zone": "Mars/Olympus"}, "time_zone", id="no such zone"),
        pytest.param({"grid_minutes": 7}, "grid_minutes", id="no such grid"),
        pytest.param({"grid_minutes": "15"}, "grid_minutes", id="a number as text"),
        pytest.param({"title": "x" * 201}, "title", id="overlong"),
        pytest.param({"title": "a\u0000b"}, "title", id="a NUL"),
        pytest.param({"title": " "}, "title", id="blank"),
        pytest.param({"surprise": 1}, "surprise", id="unknown"),
    ],
)
def test_a_bad_site_is_refused_field_by_field(
    client: FlaskClient, cast: Cast, change: dict[str, Any], path: str
) -> None:
    reply = post(client, cast.ana, "/sites", SITE | change)

    assert reply.status_code == 422
    assert faults(reply) == {path}


@pytest.mark.breaks_on_purpose
def test_a_week_is_set_by_the_names_of_its_days(client: FlaskClient, cast: Cast) -> None:
    path = f"/bookables/{cast.things['pat']['bookable']}"
    week = [{"days": ["tue", "mon"], "opens": 480, "closes": 1080, "capacity": 2}]

    done = put(client, cast.ana, f"{path}/availability", {"weekly": week}, seen=1)

    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    assert done.json["bookable"]["weekly"] == [{**week[0], "days": ["mon", "tue"]}]
    assert get(client, cast.theo, path).json == done.json["bookable"]


@pytest.mark.breaks_on_purpose
def test_hours_that_close_before_a_booked_visit_name_it(client: FlaskClient, cast: Cast) -> None:
    pat = cast.things["pat"]

    done = put(
        client, cast.ana, f"/bookables/{pat['bookable']}/availability", {"weekly": []}, seen=1
    )

    assert pat["appointment"] in done.json["affected"]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        pytest.param({"days": ["mon", "mon"]}, "weekly.0.days", id="a day twice"),
        pytest.param({"days": []}, "weekly.0.days", id="no day"),
        pytest.param({"days": ["monday"]}, "weekly.0.days.0", id="no such day"),
        pytest.param({"opens": 600, "closes": 600}, "weekly.0.closes", id="no length"),
        pytest.param({"capacity": 99}, "weekly.0.capacity", id="more than there are"),
    ],
)
def test_a_bad_week_is_refused_with_its_row(
    client: FlaskClient, cast: Cast, row: dict[str, Any], path: str
) -> None:
    good = {"days": ["mon"], "opens": 480, "closes": 1080, "capacity": 1}
    where = f"/bookables/{cast.things['pat']['bookable']}/availability"

    reply = put(client, cast.ana, where, {"weekly": [good | row]}, seen=1)

    assert reply.status_code == 422
    assert faults(reply) == {path}


def test_a_chair_is_added_taken_out_of_service_and_retired(client: FlaskClient, cast: Cast) -> None:
    chair = {"kind": "chair", "code": "chair-9", "title": "By the window", "capacity": 1}
    made = post(client, cast.ana, "/bookables", chair | {"site_id": cast.things["pat"]["site"]})
    assert made.status_code == 201
    path = f"/bookables/{made.json['id']}"

    away = {"first_on": "2027-07-01", "last_on": "2027-07-03", "reason": "Upholstery"}
    broken = post(client, cast.ana, f"{path}/exceptions", away, seen=1)
    first = broken.json["bookable"]["exceptions"][0]
    back = client.delete(f"{API}{path}/exceptions/{first['id']}", headers=headers(cast.ana, 2))
    renamed = put(client, cast.ana, path, {"title": "At the door", "capacity": 2}, seen=3)
    gone = post(client, cast.ana, f"{path}/retire", seen=4)

    assert (broken.status_code, first["on"]) == (201, "2027-07-01")
    assert len(back.json["bookable"]["exceptions"]) == 2
    assert (renamed.json["bookable"]["capacity"], renamed.status_code) == (2, 200)
    assert (gone.json["bookable"]["retired"], gone.headers["ETag"]) == (True, '"5"')


def test_bookables_come_in_pages_and_by_kind(client: FlaskClient, cast: Cast) -> None:
    first = get(client, cast.nora, "/bookables?page_size=2")
    therapists = get(client, cast.nora, "/bookables?kind=therapist")

    assert len(first.json) == 2
    assert int(first.headers["X-Total-Count"]) > 2
    assert {each["kind"] for each in therapists.json} == {"therapist"}


def test_who_is_on_call_with_no_hours_said_is_so_at_any(client: FlaskClient, cast: Cast) -> None:
    nora = {"user_id": cast.nora.caller.user_id, "within_minutes": 10}

    kept = put(client, cast.ana, "/on-call", {"rota": [nora]})

    always = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "opens": 0, "closes": 1440}
    assert kept.json == {"rota": [nora | always]}
    night = nora | {"days": ["fri"], "opens": 1200, "closes": 480}
    kept = put(client, cast.ana, "/on-call", {"rota": [night]})
    assert kept.json == {"rota": [night]}
