"""Patients are added and their details changed on the console."""

from server.persistence.database import db
from server.persistence.people import PatientRow
from tests.cast import Cast
from tests.console.conftest import Browser
from tests.console.test_needs import form_of
from tests.console.test_pages import assert_guarded


def sent(cast: Cast, **more: object) -> dict[str, object]:
    usual = {
        "full_name": "Robin Vale",
        "site_id": cast.things["pat"]["site"],
        "language": "es",
        "email": "robin@example.org",
        "phone": "+1 555 0100",
        "contact_name": "Kim",
        "contact_phone": "",
        "prefers": "morning",
        "limited": "on",
        "days": ["mon-wed", "", ""],
        "opens": ["08:00", "", ""],
        "closes": ["12:30", "", ""],
        "away": "2027-03-05\n2027-03-06",
    }
    return usual | more


def fresh(patient_id: str) -> PatientRow:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(PatientRow, patient_id)


def test_the_front_desk_adds_a_patient(cast: Cast, browser_of: Browser) -> None:
    fay = browser_of("fay")
    page = fay.get("/patients/new")
    assert_guarded(page)

    made = fay.post("/patients/new", data={"form": form_of(page.text)} | sent(cast))

    assert made.status_code == 303
    patient_id = made.location.split("/patients/")[1].split("?")[0]
    row = fresh(patient_id)
    assert (row.full_name, row.language, row.prefers) == ("Robin Vale", "es", "morning")
    assert row.weekly == [{"days": [0, 1, 2], "opens": 480, "closes": 750}]
    assert row.away == ["2027-03-05", "2027-03-06"]
    edit = fay.get(f"/patients/{patient_id}/details").text
    assert "mon tue wed" in edit or "mon-wed" in edit
    assert "2027-03-06" in edit


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast, browser_of: Browser) -> None:
    fay = browser_of("fay")
    form = {"form": form_of(fay.get("/patients/new").text)}
    for wrong, said in (
        ({"full_name": ""}, "full_name-fault"),
        ({"email": "nowhere"}, "email-fault"),
        ({"site_id": cast.things["otto"]["site"]}, "site_id-fault"),
        ({"days": ["someday"], "opens": ["8"], "closes": ["9"]}, "row 1"),
        ({"away": "soon"}, "away"),
    ):
        refused = fay.post("/patients/new", data=form | sent(cast) | wrong)
        assert refused.status_code == 422, wrong
        assert said in refused.text, wrong
        assert "Kim" in refused.text


def test_details_change_for_who_cares_for_them_and_nobody_else(
    cast: Cast, browser_of: Browser
) -> None:
    pat = cast.things["pat"]["patient"]
    address, theo = f"/patients/{pat}/details", browser_of("theo")
    form = {"form": form_of(theo.get(address).text), "version": fresh(pat).version}
    plain = sent(cast, full_name="Pat Rowan")
    plain.pop("limited")

    assert theo.post(address, data=form | plain).status_code == 303
    assert (fresh(pat).phone, fresh(pat).weekly) == ("+1 555 0100", None)
    stale = theo.post(address, data=form | plain)
    assert stale.status_code == 409
    assert "Somebody else changed this meanwhile" in stale.text
    assert browser_of("tess").get(address).status_code == 404
    assert browser_of("olga").get(address).status_code == 404
    assert browser_of("ada").get(address).status_code == 403
    assert theo.get("/patients/new").status_code == 403
