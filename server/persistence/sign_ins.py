"""Who may sign in, and the tokens they hold; only hashes of secrets are kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Id, Instant, Ref, Title


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
    """A refresh token, by its SHA-256; used once, then its child takes over."""

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


def holder_of(access_hash: str, now: datetime) -> UserRow | None:
    """Whose valid access token this is; None for unknown, expired, revoked or disabled."""
    query = (
        select(UserRow)
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
    return db.session.scalar(query)
