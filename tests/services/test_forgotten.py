"""A patient who forgot their password gets a link by e-mail; nobody learns who is a patient."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.persistence.audit import AuditEventRow
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.sign_ins import UserRow
from server.services.messages import sending
from server.services.refusals import Invalid, NotSignedIn, TooMany
from server.services.sign_ins import forgotten, invitations, links, sign_in
from server.services.sign_ins.forgotten import LASTS, MOST_AN_HOUR
from server.services.sign_ins.links import Link, Purpose
from shared.vocabulary import ChannelName, ReminderKind
from tests.cast import Cast

NOW = datetime.now(UTC)
SECRET = "only for this test"
NEW = "eleven purple kettles"


@pytest.fixture
def signed_in_on() -> datetime:
    return NOW


def email_of(cast: Cast, name: str = "pat") -> str:
    user = db.session.get_one(UserRow, getattr(cast, name).caller.user_id)
    return user.email


def letters() -> list[OutboxMessageRow]:
    kind = OutboxMessageRow.kind == ReminderKind.FORGOTTEN
    return list(db.session.scalars(select(OutboxMessageRow).where(kind)))


def token_for(cast: Cast, *, now: datetime = NOW) -> str:
    known = {row.id for row in letters()}
    forgotten.ask(email_of(cast), now=now)
    [row] = [row for row in letters() if row.id not in known]
    link = Link(
        purpose=Purpose.FORGOTTEN,
        subject_id=row.subject_id,
        version=row.subject_version,
        expires_at=row.not_after,
    )
    return links.sign(link, SECRET)


def test_the_link_goes_to_the_address_they_sign_in_with_and_sets_a_password(cast: Cast) -> None:
    email = email_of(cast).upper()
    forgotten.ask(f" {email} ", now=NOW)
    [row] = letters()

    [letter] = sending.take(sending.claim(10)[-1:], SECRET)
    assert letter is not None
    assert (letter.channel, letter.address) == (ChannelName.EMAIL, email_of(cast))
    token = str(letter.lines[0].token)
    assert forgotten.is_ours(token, SECRET)
    assert forgotten.is_good(token, SECRET, now=NOW)
    user_id = forgotten.choose(token, NEW, SECRET, now=NOW)

    assert sign_in.sign_in(email_of(cast), NEW, now=NOW).user.id == user_id
    assert row.patient_id is None  # a patient who wants no messages gets this one all the same


def test_a_link_works_once_and_ends_all_others(cast: Cast) -> None:
    first, second = token_for(cast), token_for(cast, now=NOW + timedelta(minutes=1))
    forgotten.choose(first, NEW, SECRET, now=NOW)

    for token in (first, second):
        assert not forgotten.is_good(token, SECRET, now=NOW)
        with pytest.raises(Invalid):
            forgotten.choose(token, "another long sentence", SECRET, now=NOW)


def test_a_link_ends_after_an_hour(cast: Cast) -> None:
    token = token_for(cast)

    with pytest.raises(Invalid):
        forgotten.choose(token, NEW, SECRET, now=NOW + LASTS)


@pytest.mark.parametrize("mangled", ["", "x", "A" * 60])
def test_what_we_did_not_sign_opens_nothing(cast: Cast, mangled: str) -> None:
    token = token_for(cast)

    for each in (mangled, token[:-2], token[:-3] + "abc"):
        with pytest.raises(Invalid):
            forgotten.choose(each, NEW, SECRET, now=NOW)
    with pytest.raises(Invalid):
        forgotten.choose(token, NEW, "another secret", now=NOW)


def test_a_link_for_a_visit_sets_no_password(cast: Cast) -> None:
    token_for(cast)
    [row] = letters()
    visit = Link(
        purpose=Purpose.APPOINTMENT,
        subject_id=row.subject_id,
        version=1,
        expires_at=row.not_after,
    )

    with pytest.raises(Invalid):
        forgotten.choose(links.sign(visit, SECRET), NEW, SECRET, now=NOW)


def test_a_weak_password_leaves_the_link_good(cast: Cast) -> None:
    token = token_for(cast)
    with pytest.raises(Invalid):
        forgotten.choose(token, "short", SECRET, now=NOW)

    forgotten.choose(token, NEW, SECRET, now=NOW)


def test_a_new_password_ends_every_sign_in(cast: Cast) -> None:
    token = token_for(cast)
    forgotten.choose(token, NEW, SECRET, now=NOW)
    held = sign_in.sign_in(email_of(cast), NEW, now=NOW).tokens.refresh_token
    forgotten.choose(token_for(cast, now=NOW + timedelta(minutes=1)), f"{NEW} too", SECRET, now=NOW)

    with pytest.raises(NotSignedIn):
        sign_in.renew(held, now=NOW)


def test_nobody_learns_who_is_a_patient(cast: Cast) -> None:
    staff = email_of(cast, "fay")
    for email in ("nobody@example.org", staff):
        forgotten.ask(email, now=NOW)
    assert letters() == []
    for email in ("nobody@example.org", email_of(cast)):
        for _ in range(10 - (email == "nobody@example.org")):
            forgotten.ask(email, now=NOW)
        with pytest.raises(TooMany):
            forgotten.ask(email, now=NOW)


def test_nobodys_mailbox_is_flooded(cast: Cast) -> None:
    for _ in range(9):
        forgotten.ask(email_of(cast), now=NOW)

    assert len(letters()) == MOST_AN_HOUR
    assert len({row.key for row in letters()}) == MOST_AN_HOUR


def test_a_code_from_the_clinic_stays_good_when_somebody_asks_for_a_link(cast: Cast) -> None:
    code = invitations.invite(cast.fay.caller, cast.things["pat"]["patient"], now=NOW).code
    forgotten.ask(email_of(cast), now=NOW)

    assert invitations.is_good(code, now=NOW)


def test_a_login_that_was_ended_gets_no_link(cast: Cast) -> None:
    token, email = token_for(cast), email_of(cast)
    db.session.get_one(UserRow, cast.pat.caller.user_id).disabled_at = NOW
    db.session.commit()
    forgotten.ask(email, now=NOW)

    assert len(letters()) == 1
    with pytest.raises(Invalid):
        forgotten.choose(token, NEW, SECRET, now=NOW)


def test_it_is_on_record(cast: Cast) -> None:
    token = token_for(cast)
    forgotten.choose(token, NEW, SECRET, now=NOW)

    events = db.session.scalars(select(AuditEventRow))
    assert "passwords.choose" in {each.action for each in events}
