"""Practitioners, patients and imports over the API."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_clinic_set_up import API, faults, get, post, put
from tests.cast import Cast


def patient(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {"site_id": cast.things["pat"]["site"], "full_name": "Zoë O’Neill"} | changed


def test_a_therapist_is_added_with_a_licence_and_can_be_claimed(
    client: FlaskClient, cast: Cast
) -> None:
    licence = {"title": "Licence", "expires_on": "2029-12-31"}
    new = {"title": "Tilda Fern", "role": "therapist", "credentials": [licence]}

    made = post(client, cast.ana, "/practitioners", new)
    path = f"/practitioners/{made.json['id']}"
    change = {"title": "Tilda Fern-Oak", "credentials": []}
    changed = put(client, cast.ana, path, change, seen=1)

    assert made.status_code == 201
    assert made.json["code"] == "tilda-fern"
    assert made.json["credentials"] == [licence]
    assert changed.json["practitioner"]["title"] == "Tilda Fern-Oak"
    assert changed.json["affected"] == []
    bookable = get(client, cast.ana, f"/bookables/{made.json['bookable_id']}").json
    assert bookable["title"] == "Tilda Fern-Oak"
    assert get(client, cast.theo, path).json == changed.json["practitioner"]


def test_a_nurse_has_no_bookable(client: FlaskClient, cast: Cast) -> None:
    made = post(client, cast.ana, "/practitioners", {"title": "Ned", "role": "nurse"})

    assert made.json["bookable_id"] is made.json["code"] is made.json["site_id"] is None


def test_a_patient_is_written_down_and_read_back(client: FlaskClient, cast: Cast) -> None:
    given = patient(
        cast,
        language="pt-BR",
        email="zoe@example.org",
        phone="+1 555 0100",
        contact_name="Sam",
        contact_phone="+1 555 0101",
        prefers="afternoon",
        weekly=[{"days": ["mon", "fri"], "opens": 540, "closes": 1020}],
        away=["2027-08-01"],
    )

    made = post(client, cast.fay, "/patients", given)
    read = get(client, cast.nora, f"/patients/{made.json['id']}")

    assert (made.status_code, read.headers["ETag"]) == (201, '"1"')
    assert {name: read.json[name] for name in given} == given


@pytest.mark.breaks_on_purpose
def test_a_patient_is_changed_once_for_each_version_seen(client: FlaskClient, cast: Cast) -> None:
    path = f"/patients/{cast.things['pat']['patient']}"
    new = patient(cast, full_name="Pat Rowan", phone="+1 555 0199", weekly=[])

    first = put(client, cast.theo, path, new, seen=1)
    second = put(client, cast.fay, path, new, seen=1)

    assert (first.status_code, first.json["weekly"], first.json["email"]) == (200, [], None)
    assert second.status_code == 412


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param({"full_name": ""}, "full_name", id="no name"),
        pytest.param({"full_name": "x" * 201}, "full_name", id="too long a name"),
        pytest.param({"full_name": "P\u0000t"}, "full_name", id="a NUL"),
        pytest.param({"email": "not an address"}, "email", id="no address"),
        pytest.param({"language": "klingon!"}, "language", id="no language"),
        pytest.param({"prefers": "noon"}, "prefers", id="no such preference"),
        pytest.param({"away": ["2027-02-30"]}, "away.0", id="no such date"),
        pytest.param({"site_id": "0" * 32}, "site_id", id="no such site"),
        pytest.param({"diagnosis": "x"}, "diagnosis", id="what nobody asked for"),
        pytest.param(
            {"weekly": [{"days": ["mon"], "opens": 600, "closes": 540}]},
            "weekly.0.closes",
            id="backwards",
        ),
    ],
)
def test_a_bad_patient_is_refused_field_by_field(
    client: FlaskClient, cast: Cast, change: dict[str, Any], path: str
) -> None:
    reply = post(client, cast.fay, "/patients", patient(cast, **change))

    assert reply.status_code == 422
    assert faults(reply) == {path}


def test_a_name_is_searched_in_the_body_and_a_therapist_finds_their_own(
    client: FlaskClient, cast: Cast
) -> None:
    by_desk = post(client, cast.fay, "/patients/search", {"name": "ROWAN"})
    by_tess = post(client, cast.tess, "/patients/search", {"name": "rowan"})
    everybody = get(client, cast.theo, "/patients")

    assert [each["full_name"] for each in by_desk.json] == ["Pat Rowan"]
    assert by_tess.json == []
    assert [each["full_name"] for each in everybody.json] == ["Pat Rowan"]


def test_a_patient_reads_only_themselves(client: FlaskClient, cast: Cast) -> None:
    mine, other = (cast.things[name]["patient"] for name in ("pat", "quinn"))

    assert get(client, cast.pat, f"/patients/{mine}").status_code == 200
    assert get(client, cast.pat, f"/patients/{other}").status_code == 404
    assert get(client, cast.pat, "/patients").status_code == 403


def test_a_patient_sent_twice_with_one_key_is_one_patient(client: FlaskClient, cast: Cast) -> None:
    keyed = cast.fay.headers | {"Idempotency-Key": "one-patient"}

    first, again = (
        client.post(f"{API}/patients", json=patient(cast), headers=keyed) for _ in range(2)
    )

    assert first.json == again.json
    found = post(client, cast.fay, "/patients/search", {"name": "o’neill"})
    assert len(found.json) == 1


PEOPLE = "kind;name;site\npatient;Kim Elder;{site}\ntherapist;Tova Reed;\n"


def test_a_table_is_looked_at_then_imported(client: FlaskClient, cast: Cast) -> None:
    table = {"csv": PEOPLE.format(site="Larkfield House")}

    looked = post(client, cast.ana, "/imports/people?dry_run=true", table)
    before = post(client, cast.ana, "/patients/search", {"name": "kim"})
    done = post(client, cast.ana, "/imports/people", table)
    after = post(client, cast.ana, "/patients/search", {"name": "kim"})

    assert (looked.json["dry_run"], looked.json["added"]) == (True, done.json["added"])
    assert (len(before.json), len(after.json)) == (0, 1)


def test_a_bad_table_is_refused_row_by_row(client: FlaskClient, cast: Cast) -> None:
    table = {"csv": PEOPLE.format(site="Nowhere") + "robot;R2;\n"}

    looked = post(client, cast.ana, "/imports/people?dry_run=true", table)
    refused = post(client, cast.ana, "/imports/people", table)

    assert [(each["row"], each["column"]) for each in looked.json["faults"]] == [
        (2, "site"),
        (4, "kind"),
    ]
    assert refused.status_code == 422
    assert faults(refused) == {"csv.2.site", "csv.4.kind"}


def test_a_dry_run_with_a_key_writes_nothing_either(client: FlaskClient, cast: Cast) -> None:
    table = {"csv": PEOPLE.format(site="Larkfield House")}
    keyed = cast.ana.headers | {"Idempotency-Key": "look-first"}

    reply = client.post(f"{API}/imports/people?dry_run=true", json=table, headers=keyed)

    assert reply.status_code == 200
    assert post(client, cast.ana, "/patients/search", {"name": "kim"}).json == []


def test_hours_are_imported_by_code(client: FlaskClient, cast: Cast) -> None:
    table = {"csv": "bookable,days,opens,closes\nchairs,mon-sun,00:00,24:00\n"}

    done = post(client, cast.ana, "/imports/availability", table)

    assert done.json == {"dry_run": False, "rows": 1, "added": {}, "faults": [], "affected": []}


def test_no_patient_is_named_in_what_is_logged(
    client: FlaskClient, cast: Cast, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    post(client, cast.fay, "/patients", patient(cast, email="broken"))
    post(client, cast.fay, "/patients", patient(cast))
    post(client, cast.fay, "/patients/search", {"name": "O’Neill"})

    assert "Neill" not in caplog.text
