"""Who may sign in, and the tokens they hold; only hashes of secrets are kept."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Select, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.bookables import BookableRow
from server.persistence.database import Base, db
from server.persistence.pages import page_of
from server.persistence.types import At, Code, Id, Instant, Ref, Title
from shared.vocabulary import Role


class UserRow(Base):
    """A login. A patient's points to the patient, a practitioner's to the practitioner."""

    __tablename__ = "user"

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), index=True)
    email: Mapped[Title] = mapped_column(unique=True)
    """In lower case."""
    password_hash: Mapped[Title]
    role: Mapped[Code]
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patient.id"), index=True)
    practitioner_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class TokenFamilyRow(Base):
    """One sign-in on one device: every token handed out in its course belongs to it."""

    __tablename__ = "token_family"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user.id"), index=True)
    device: Mapped[Title] = mapped_column(default="")
    began_at: Mapped[At]
    expires_at: Mapped[At]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_because: Mapped[Code] = mapped_column(default="")


class AccessTokenRow(Base):
    """A short opaque access token, by its SHA-256."""

    __tablename__ = "access_token"

    hash: Mapped[str] = mapped_column(primary_key=True)
    family_id: Mapped[Ref] = mapped_column(ForeignKey("token_family.id"), index=True)
    expires_at: Mapped[At]


class RefreshTokenRow(Base):
    """A refresh token, by its SHA-256; used once, then its child takes over.

    `used_at` is also set on a child that was replaced unused: it never gets a child of its own.
    """

    __tablename__ = "refresh_token"

    hash: Mapped[str] = mapped_column(primary_key=True)
    family_id: Mapped[Ref] = mapped_column(ForeignKey("token_family.id"), index=True)
    made_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    parent_hash: Mapped[str | None]


class SignInAttemptRow(Base):
    """A failed sign-in, counted by what was tried so that guessing slows down."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[Id]
    subject: Mapped[Title] = mapped_column(index=True)
    """SHA-256 of the e-mail tried: the table names nobody."""
    at: Mapped[At]


def user_by_email(email: str) -> UserRow | None:
    """The login with this e-mail, whatever its clinic."""
    return db.session.scalar(select(UserRow).where(UserRow.email == email.lower()))


def holder_of(access_hash: str, now: datetime) -> tuple[UserRow, AccessTokenRow] | None:
    """Whose valid access token this is, and the token; None for unknown, expired, revoked or
    disabled."""
    query = (
        select(UserRow, AccessTokenRow)
        .join(TokenFamilyRow, TokenFamilyRow.user_id == UserRow.id)
        .join(AccessTokenRow, AccessTokenRow.family_id == TokenFamilyRow.id)
        .where(
            AccessTokenRow.hash == access_hash,
            AccessTokenRow.expires_at > now,
            TokenFamilyRow.expires_at > now,
            TokenFamilyRow.revoked_at.is_(None),
            UserRow.disabled_at.is_(None),
        )
    )
    found = db.session.execute(query).first()
    return (found[0], found[1]) if found else None


def user(clinic_id: str, user_id: str) -> UserRow | None:
    """A login of this clinic."""
    return db.session.scalar(
        select(UserRow).where(UserRow.clinic_id == clinic_id, UserRow.id == user_id)
    )


def emails(clinic_id: str, user_ids: Iterable[str]) -> dict[str, str]:
    """By what e-mail these logins of the clinic sign in."""
    u = UserRow
    query = select(u.id, u.email).where(u.clinic_id == clinic_id, u.id.in_(list(user_ids)))
    return dict(db.session.execute(query).all())


def users(clinic_id: str, *, page: int, page_size: int) -> tuple[list[UserRow], int]:
    """A page of a clinic's logins by e-mail, and how many there are."""
    query = select(UserRow).where(UserRow.clinic_id == clinic_id).order_by(UserRow.email)
    return page_of(query, page=page, page_size=page_size)


def staff(clinic_id: str) -> list[UserRow]:
    """All logins of a clinic but patients', by e-mail."""
    u = UserRow
    query = select(u).where(u.clinic_id == clinic_id, u.role != Role.PATIENT)
    return list(db.session.scalars(query.order_by(u.email)))


def users_with(clinic_id: str, roles: Iterable[str]) -> list[UserRow]:
    """Everybody of a clinic with one of these roles whose login is open."""
    u = UserRow
    query = select(u).where(
        u.clinic_id == clinic_id, u.role.in_(list(roles)), u.disabled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(u.email)))


def treating(clinic_id: str, bookable_ids: Iterable[str]) -> list[UserRow]:
    """The open logins of those whose time these bookables are."""
    u, b = UserRow, BookableRow
    query = select(u).join(b, b.practitioner_id == u.practitioner_id)
    query = query.where(u.clinic_id == clinic_id, b.id.in_(list(bookable_ids)))
    return list(db.session.scalars(query.where(u.disabled_at.is_(None)).order_by(u.email)))


def family_of(access_hash: str) -> TokenFamilyRow | None:
    """The sign-in that an access token belongs to."""
    query = select(TokenFamilyRow).join(
        AccessTokenRow, AccessTokenRow.family_id == TokenFamilyRow.id
    )
    return db.session.scalar(query.where(AccessTokenRow.hash == access_hash))


def live_families(
    user_id: str, now: datetime, *, page: int, page_size: int
) -> tuple[list[TokenFamilyRow], int]:
    """A page of a person's sign-ins that still count, newest first, and how many there are."""
    query = _live(user_id, now).order_by(TokenFamilyRow.began_at.desc(), TokenFamilyRow.id)
    return page_of(query, page=page, page_size=page_size)


def live_family(user_id: str, family_id: str, now: datetime) -> TokenFamilyRow | None:
    """One of a person's sign-ins that still count."""
    return db.session.scalar(_live(user_id, now).where(TokenFamilyRow.id == family_id))


def _live(user_id: str, now: datetime) -> Select[TokenFamilyRow]:
    return select(TokenFamilyRow).where(
        TokenFamilyRow.user_id == user_id,
        TokenFamilyRow.expires_at > now,
        TokenFamilyRow.revoked_at.is_(None),
    )


def revoke_families(user_id: str, now: datetime, because: str) -> None:
    """End every sign-in of a person."""
    live = update(TokenFamilyRow).where(
        TokenFamilyRow.user_id == user_id, TokenFamilyRow.revoked_at.is_(None)
    )
    db.session.execute(live.values(revoked_at=now, revoked_because=because))


def refresh_token(token_hash: str) -> RefreshTokenRow | None:
    """A refresh token, used or not."""
    return db.session.get(RefreshTokenRow, token_hash)


def unused_child(token_hash: str) -> RefreshTokenRow | None:
    """The token handed out for this one, as long as nobody has used it."""
    query = select(RefreshTokenRow).where(
        RefreshTokenRow.parent_hash == token_hash, RefreshTokenRow.used_at.is_(None)
    )
    return db.session.scalar(query)


def forget_access(family_id: str, *, expired_before: datetime | None = None) -> None:
    """Delete a sign-in's access tokens, or those of them that have expired."""
    gone = delete(AccessTokenRow).where(AccessTokenRow.family_id == family_id)
    if expired_before:
        gone = gone.where(AccessTokenRow.expires_at <= expired_before)
    db.session.execute(gone)


def attempts_since(subject: str, since: datetime) -> list[datetime]:
    """When sign-ins with this subject failed or are under way, oldest first."""
    query = select(SignInAttemptRow.at).where(
        SignInAttemptRow.subject == subject, SignInAttemptRow.at > since
    )
    return list(db.session.scalars(query.order_by(SignInAttemptRow.at)))


def forget_attempts(subject: str, *, before: datetime | None = None) -> None:
    """Delete what was counted against this subject, or only what is older."""
    gone = delete(SignInAttemptRow).where(SignInAttemptRow.subject == subject)
    if before:
        gone = gone.where(SignInAttemptRow.at <= before)
    db.session.execute(gone)


def user_of_browser(access_hash: str) -> UserRow | None:
    """Whose sign-in this was, whether or not it still counts."""
    query = (
        select(UserRow)
        .join(TokenFamilyRow, TokenFamilyRow.user_id == UserRow.id)
        .join(AccessTokenRow, AccessTokenRow.family_id == TokenFamilyRow.id)
        .where(AccessTokenRow.hash == access_hash)
    )
    return db.session.scalar(query)
