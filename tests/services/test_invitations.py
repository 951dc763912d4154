from datetime import UTC, datetime, timedelta

import pytest

from server.persistence.audit import AuditEventRow
from server.persistence.database import db
from server.services.access import Caller
from server.services.refusals import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from server.services.sign_ins import invitations, sign_in
from server.services.sign_ins.invitations import LASTS, Login
from tests.cast import Cast

NOW = datetime.now(UTC)
PASSWORD = "seven green bottles"


@pytest.fixture
def signed_in_on() -> datetime:
    return NOW


def code_for_pat(cast: Cast, *, by: Caller | None = None, now: datetime = NOW) -> str:
    who = by or cast.fay.caller
    return invitations.invite(who, cast.things["pat"]["patient"], now=now).code


def joined(code: str, email: str = "pat.new@example.org", *, now: datetime = NOW) -> str:
    return invitations.accept(Login(code=code, email=email, password=PASSWORD), now=now)


def test_a_patient_makes_a_login_of_the_clinics_code(cast: Cast) -> None:
    user_id = joined(code_for_pat(cast))

    signed_in = sign_in.sign_in("pat.new@example.org", PASSWORD, now=NOW)
    assert (signed_in.user.id, signed_in.user.patient_id) == (
        user_id,
        cast.things["pat"]["patient"],
    )


def test_a_code_may_be_typed_as_people_type(cast: Cast) -> None:
    joined(code_for_pat(cast).lower().replace("-", " "))


def test_a_code_works_once(cast: Cast) -> None:
    code = code_for_pat(cast)
    joined(code)

    with pytest.raises(Invalid):
        joined(code, "somebody@example.org")


def test_a_code_ends_after_a_week_and_with_the_next_one(cast: Cast) -> None:
    first = code_for_pat(cast)
    second = code_for_pat(cast)
    for code, now in ((first, NOW), (second, NOW + LASTS), ("", NOW), ("ABCD-EFGH-JKMN", NOW)):
        with pytest.raises(Invalid) as refused:
            joined(code, now=now)
        assert refused.value.faults[0].path == "code"


def test_a_new_password_signs_the_patient_out_everywhere_else(cast: Cast) -> None:
    assert sign_in.holder(cast.pat.token, now=NOW)

    joined(code_for_pat(cast))

    with pytest.raises(NotSignedIn):
        sign_in.holder(cast.pat.token, now=NOW)


def test_nobody_takes_the_address_of_another_login(cast: Cast) -> None:
    code = code_for_pat(cast)
    with pytest.raises(Conflict):
        joined(code, "fay@example.org")

    assert invitations.is_good(code, now=NOW)


def test_a_password_that_is_easily_guessed_does_not_use_the_code_up(cast: Cast) -> None:
    code = code_for_pat(cast)
    with pytest.raises(Invalid):
        invitations.accept(Login(code=code, email="p@example.org", password="short"), now=NOW)

    assert invitations.is_good(code, now=NOW)


def test_guessing_is_slow(cast: Cast) -> None:
    del cast
    for _ in range(10):
        with pytest.raises(Invalid):
            joined("ABCD-EFGH-JKMN")

    with pytest.raises(TooMany):
        joined("ABCD-EFGH-JKMN")


def test_who_may_invite(cast: Cast) -> None:
    code_for_pat(cast, by=cast.theo.caller)
    with pytest.raises(NotFound):
        code_for_pat(cast, by=cast.tess.caller)
    with pytest.raises(NotFound):
        code_for_pat(cast, by=cast.olga.caller)
    for who in (cast.pat, cast.ada):
        with pytest.raises(NotAllowed):
            code_for_pat(cast, by=who.caller)


def test_it_is_on_record_who_invited_and_that_it_was_taken_up_but_not_the_code(
    cast: Cast,
) -> None:
    code = code_for_pat(cast)
    joined(code, now=NOW + timedelta(hours=1))

    events = db.session.query(AuditEventRow).all()
    assert {"patients.invite", "invitations.accept"} <= {each.action for each in events}
    assert code not in repr([vars(each) for each in events])
