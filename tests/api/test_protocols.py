"""A protocol's way over the API: from the library into use."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from server.library import loader
from tests.api.test_clinic_set_up import faults, get, post, put
from tests.cast import Cast
from tests.services.a_protocol import DEMO, a_draft, demo, fills

SHIROMA = "shiroma-pe-rct"


def equip(client: FlaskClient, cast: Cast) -> None:
    """What the library's protocols claim and the cast's clinic does not have yet."""
    pool = {"kind": "prescriber", "code": "prescriber-on-site", "title": "On site", "capacity": 1}
    made = post(client, cast.ana, "/bookables", pool | {"site_id": cast.things["pat"]["site"]})
    week = {"weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": 420, "closes": 1200}]}
    put(client, cast.ana, f"/bookables/{made.json['id']}/availability", week, seen=1)


def step(client: FlaskClient, who: Any, version: dict[str, Any], what: str, body: Any = None):
    return post(
        client, who, f"/protocol-versions/{version['id']}/{what}", body, seen=version["version"]
    )


def test_the_library_is_open_to_staff(client: FlaskClient, cast: Cast) -> None:
    listed = get(client, cast.theo, "/library")
    one = get(client, cast.theo, f"/library/{SHIROMA}")

    assert {each["code"] for each in listed.json} == set(loader.drafts())
    assert one.json["document"] == loader.drafts()[SHIROMA]
    assert get(client, cast.theo, "/library/nothing-of-the-kind").status_code == 404
    assert get(client, cast.pat, "/library").status_code == 403


def test_a_draft_is_adopted_signed_published_and_activated(client: FlaskClient, cast: Cast) -> None:
    equip(client, cast)
    adopted = post(client, cast.ana, f"/library/{SHIROMA}/adopt")
    assert (adopted.status_code, adopted.headers["ETag"]) == (201, '"1"')
    path = f"/protocol-versions/{adopted.json['id']}"
    opened = get(client, cast.drew, f"{path}/open-fields").json
    assert "arms[0].cap.mg" in [each["path"] for each in opened]

    signed = step(client, cast.drew, adopted.json, "sign", {"fills": fills(a_draft())})
    frozen = step(client, cast.ana, signed.json, "publish")
    active = step(client, cast.ana, frozen.json, "activate")

    assert (signed.status_code, frozen.status_code, active.status_code) == (200, 200, 200)
    assert get(client, cast.drew, f"{path}/open-fields").json == []
    protocol = get(client, cast.theo, f"/protocols/{adopted.json['protocol_id']}").json
    assert protocol["active_version_id"] == adopted.json["id"]
    refused = put(client, cast.ana, path, {"document": a_draft()}, seen=active.json["version"])
    assert refused.status_code == 409


def test_what_stands_against_activation_is_named(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, "/protocols", {"document": demo()})
    frozen = step(client, cast.ana, made.json, "publish")
    path = f"/protocol-versions/{made.json['id']}"

    refused = step(client, cast.ana, frozen.json, "activate")
    said = get(client, cast.theo, f"{path}/obstacles").json

    assert refused.status_code == 422
    assert {f"document.{each['path']}" for each in said} == faults(refused)
    assert any("prescriber-on-site" in each["reason"] for each in said)


def test_yaml_goes_out_and_comes_back(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, "/protocols", {"document": demo()})

    text = get(client, cast.theo, f"/protocol-versions/{made.json['id']}/yaml")
    again = post(
        client,
        cast.ana,
        f"/protocols/{made.json['protocol_id']}/versions",
        {"document": text.text},
    )
    same = get(
        client,
        cast.theo,
        f"/protocol-versions/{again.json['id']}/differences?since={made.json['id']}",
    )

    assert text.content_type.startswith("application/yaml")
    assert (again.status_code, again.json["number"]) == (201, 2)
    assert same.json == {"differences": []}
    listed = get(client, cast.theo, f"/protocols/{made.json['protocol_id']}/versions")
    assert [each["number"] for each in listed.json] == [2, 1]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(7, id="a number"),
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param("", id="no text"),
        pytest.param("a: &x 1\nb: *x", id="an alias"),
        pytest.param({}, id="an empty record"),
        pytest.param({"code": {"deep": [[[[[[]]]]]]}}, id="odd shapes"),
        pytest.param(demo(title="a\u0000b"), id="a NUL"),
        pytest.param(demo(start_visit="nowhere"), id="no such visit"),
    ],
)
def test_a_bad_document_is_a_problem_that_names_its_place(
    client: FlaskClient, cast: Cast, document: Any
) -> None:
    reply = post(client, cast.ana, "/protocols", {"document": document})

    assert reply.status_code == 422
    assert all(path.startswith("document") for path in faults(reply))
    codes = [each["code"] for each in get(client, cast.ana, "/protocols").json]
    assert DEMO not in codes


def test_faults_are_listed_by_a_sites_hours(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, f"/library/{SHIROMA}/adopt")
    path = f"/protocol-versions/{made.json['id']}/faults"

    without = get(client, cast.theo, path)
    within = get(client, cast.theo, f"{path}?site_id={cast.things['pat']['site']}")
    elsewhere = get(client, cast.theo, f"{path}?site_id={cast.things['otto']['site']}")

    assert {each["severity"] for each in without.json} >= {"error"}
    assert within.status_code == 200
    assert elsewhere.status_code == 404


def test_only_a_prescriber_signs(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, f"/library/{SHIROMA}/adopt")

    reply = step(client, cast.ana, made.json, "sign", {"fills": fills(a_draft())})

    assert reply.status_code == 403


def test_someone_from_another_clinic_sees_nothing(client: FlaskClient, cast: Cast) -> None:
    version, protocol = cast.things["pat"]["version"], cast.things["pat"]["protocol"]

    for path in (
        f"/protocols/{protocol}",
        f"/protocols/{protocol}/versions",
        f"/protocol-versions/{version}",
        f"/protocol-versions/{version}/yaml",
        f"/protocol-versions/{version}/faults",
        f"/protocol-versions/{version}/obstacles",
        f"/protocol-versions/{version}/open-fields",
        f"/protocol-versions/{version}/differences?since={version}",
    ):
        assert get(client, cast.olga, path).status_code == 404, path
