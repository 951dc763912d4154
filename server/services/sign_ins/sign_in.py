"""Who somebody is: signed in by password, kept by tokens that rotate and betray a thief."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.persistence import sign_ins as rows
from server.persistence.database import db
from server.persistence.sign_ins import AccessTokenRow, TokenFamilyRow, UserRow
from server.persistence.transactions import Locks, transaction
from server.services.access import Caller
from server.services.record import audit
from server.services.refusals import NotFound, NotSignedIn
from server.services.sign_ins import passwords, throttle, tokens
from server.services.sign_ins.tokens import Tokens
from shared.vocabulary import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Tokens, and whose they are."""

    tokens: Tokens
    user: UserRow


def sign_in(email: str, password: str, *, device: str = "", now: datetime) -> SignedIn:
    """Tokens for whoever knows the password. Refuses as `prove` does."""
    user_id = prove(email, password, now=now)
    return begin(user_id, device=device, now=now, password=password)


def prove(email: str, password: str, *, now: datetime) -> str:
    """The id of the user who knows the password. An unknown e-mail takes as long as a wrong
    password and is refused with the same NotSignedIn; too many tries are TooMany."""
    throttle.count(email, now=now)
    db.session.rollback()
    user = rows.user_by_email(email)
    right = passwords.matches(user.password_hash if user else "", password)
    if user is None or not right or user.disabled_at:
        _record_failure(user, now)
        raise NotSignedIn
    user_id = user.id  # the row is let go with the next transaction
    throttle.forget(email)
    return user_id


def begin(
    user_id: str, *, device: str = "", now: datetime, password: str | None = None
) -> SignedIn:
    """A new sign-in of a user who has proved who they are."""
    with transaction():
        user, family = opened(user_id, device=device, now=now, password=password)
        return SignedIn(tokens=tokens.issue(family, now), user=user)


def opened(
    user_id: str,
    *,
    device: str,
    now: datetime,
    password: str | None = None,
    lasts: timedelta = tokens.SIGN_IN_LASTS,
) -> tuple[UserRow, TokenFamilyRow]:
    """A sign-in on record in the present transaction, its tokens still to be made."""
    user = db.session.get(UserRow, user_id)
    if user is None or user.disabled_at:
        raise NotSignedIn
    if password and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    family = tokens.new_family(user.id, device, now, lasts=lasts)
    audit.changed(caller_for(user), "sign_in.begin", now=now, subject_id=family.id)
    return user, family


def renew(refresh_token: str, *, now: datetime) -> SignedIn:
    """New tokens for a refresh token. One that comes back after its child was used, or too late,
    ends the whole sign-in: somebody else may hold it."""
    token_hash = tokens.hash_of(refresh_token)
    db.session.rollback()
    known = rows.refresh_token(token_hash)
    if known is None:
        raise NotSignedIn
    family_id = known.family_id
    with transaction(Locks(names=frozenset({f"sign-in:{family_id}"}))):
        family, user = _standing(family_id, now)
        made = tokens.rotate(token_hash, family, now)
        if made is None:
            _end(family, user, "reuse", now)
    if made is None:
        raise NotSignedIn
    return SignedIn(tokens=made, user=user)


def _standing(family_id: str, now: datetime) -> tuple[TokenFamilyRow, UserRow]:
    family = db.session.get(TokenFamilyRow, family_id)
    user = db.session.get(UserRow, family.user_id) if family else None
    if family is None or user is None or user.disabled_at:
        raise NotSignedIn
    if family.revoked_at or family.expires_at <= now:
        raise NotSignedIn
    return family, user


def holder(access_token: str, *, now: datetime) -> Caller:
    """Who holds this token. Raises NotSignedIn for one that does not count (any more)."""
    return held(access_token, now=now)[0]


def held(access_token: str, *, now: datetime) -> tuple[Caller, AccessTokenRow]:
    """The same, and the token as it is kept."""
    db.session.rollback()
    found = rows.holder_of(tokens.hash_of(access_token), now)
    if found is None:
        raise NotSignedIn
    user, token = found
    return caller_for(user), token


def caller_for(user: UserRow) -> Caller:
    """A user as the access table knows them."""
    return Caller(
        user_id=user.id,
        clinic_id=user.clinic_id,
        role=Role(user.role),
        patient_id=user.patient_id,
        practitioner_id=user.practitioner_id,
    )


def sign_out(by: Caller, access_token: str, *, now: datetime) -> None:
    """End the sign-in that this token belongs to."""
    _sign_out(by, lambda: rows.family_of(tokens.hash_of(access_token)), now)


def sign_out_device(by: Caller, sign_in_id: str, *, now: datetime) -> None:
    """End one of the caller's own sign-ins, on whatever device."""
    _sign_out(by, lambda: rows.live_family(by.user_id, sign_in_id, now), now)


def _sign_out(by: Caller, find: Callable[[], TokenFamilyRow | None], now: datetime) -> None:
    with transaction():
        family = find()
        user = db.session.get(UserRow, by.user_id)
        if family is None or user is None:
            raise NotFound
        _end(family, user, "sign-out", now)


def listed(
    by: Caller, access_token: str, *, page: int, page_size: int, now: datetime
) -> tuple[list[dict[str, object]], int]:
    """A page of the caller's sign-ins, the present one marked, and how many there are."""
    db.session.rollback()
    present = rows.family_of(tokens.hash_of(access_token))
    found, total = rows.live_families(by.user_id, now, page=page, page_size=page_size)
    return [_shown(row, present) for row in found], total


def _shown(row: TokenFamilyRow, present: TokenFamilyRow | None) -> dict[str, object]:
    return {
        "id": row.id,
        "device": row.device,
        "began_at": row.began_at,
        "expires_at": row.expires_at,
        "present": present is not None and row.id == present.id,
    }


def _end(family: TokenFamilyRow, user: UserRow, because: str, now: datetime) -> None:
    family.revoked_at, family.revoked_because = now, because
    rows.forget_access(family.id)
    facts: dict[str, object] = {"because": because}
    audit.changed(caller_for(user), "sign_in.end", now=now, subject_id=family.id, facts=facts)


def _record_failure(user: UserRow | None, now: datetime) -> None:
    if user is not None:
        who = caller_for(user)
        with transaction():
            audit.changed(who, "sign_in.fail", now=now, subject_id=who.user_id)
