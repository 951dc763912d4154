"""Messages on their way: written with what they speak of, claimed with a lease, marked once sent.

The truth about every reminder is here. A double or missed tick of the clock is harmless, for a row
is sent only by whoever holds its lease, and only while what it speaks of still stands as it was.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    and_,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.persistence.database import Base, db
from server.persistence.types import At, Code, Id, Instant, Ref, Title, new_id
from shared.vocabulary import MessageStatus

WAITING = MessageStatus.WAITING
CLAIMABLE = text("status = 'preparation'")
LONGEST_LEASE = timedelta(hours=1)
"""No lease and no wait after a failed try is longer. One that seems to be was written while the
database's clock was wrong, and would keep a message for years."""
ON_ITS_WAY = (MessageStatus.WAITING, MessageStatus.STOPPED)
UNSURE = "unsure"
"""Whoever sent it died on the way, or heard no answer: it may have arrived."""
UNDELIVERED = "undelivered"
"""The far end took it and said later that it never arrived."""


class OutboxMessageRow(Base):
    """One thing to tell one person by one way.

    It speaks of a subject (an appointment, a check-in, an alert) at a version of it: a row for an
    older version is dead. `bundle` joins rows that were due at the same moment for the same person
    and go as one message; it is written once, so that a repeated send has the same key. `lease` is
    held by whoever sends it now, until `lease_until`.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_due_at", "due_at", postgresql_where=CLAIMABLE, sqlite_where=CLAIMABLE
        ),
        Index("ix_outbox_message_subject_id", "subject_id"),
        Index("ix_outbox_message_clinic_id_status", "clinic_id", "status"),
    )

    id: Mapped[Id]
    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[Code]
    channel: Mapped[Code]
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patient.id"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    subject_id: Mapped[Ref]
    subject_version: Mapped[int]
    due_at: Mapped[At]
    not_after: Mapped[At]
    status: Mapped[Code] = mapped_column(default=WAITING)
    bundle: Mapped[str | None] = mapped_column(String(64), index=True)
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[At]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    provider_id: Mapped[Title] = mapped_column(default="")
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the far end said that it has reached the phone."""
    failure: Mapped[Code] = mapped_column(default="")
    """Why the last try failed, as a code; never what anybody wrote."""

    @property
    def recipient(self) -> tuple[str, str, str]:
        """Who gets it and how; rows alike in this may go together."""
        return (self.patient_id or "", self.user_id or "", self.channel)


def key_of(subject_id: str, kind: str, channel: str, version: int, to: str = "") -> str:
    """The same for the same message, however often it is tried: a recipient can tell doubles."""
    words = ":".join((subject_id, kind, channel, str(version), to))
    return hashlib.sha256(words.encode()).hexdigest()


def now() -> datetime:
    """The database's clock, the only one that says what is due."""
    return db.session.scalars(select(clock())).one()


def clock() -> ColumnElement[datetime]:
    """That clock as part of a query."""
    if db.engine.dialect.name == "postgresql":
        return func.clock_timestamp(type_=Instant())
    return func.strftime("%Y-%m-%d %H:%M:%f000", "now", type_=Instant())


def due(at: datetime, limit: int) -> list[OutboxMessageRow]:
    """Rows that wait, are due and leased by nobody; on PostgreSQL locked, those of others skipped.
    Rows of one bundle may come in part: see `of_bundle`."""
    query = _claimable(at).order_by(OutboxMessageRow.due_at, OutboxMessageRow.id).limit(limit)
    return list(db.session.scalars(query.with_for_update(skip_locked=True)))


def _claimable(at: datetime) -> Select[OutboxMessageRow]:
    m = OutboxMessageRow
    free = or_(m.lease_until.is_(None), m.lease_until <= at, m.lease_until > at + LONGEST_LEASE)
    return select(m).where(CLAIMABLE, m.due_at <= at, free)


def of_bundle(bundle: str) -> list[OutboxMessageRow]:
    """The rows that go as one message and have not gone yet."""
    query = select(OutboxMessageRow).where(OutboxMessageRow.bundle == bundle, CLAIMABLE)
    return list(db.session.scalars(query.order_by(OutboxMessageRow.due_at, OutboxMessageRow.id)))


def of_letter(bundle: str) -> list[OutboxMessageRow]:
    """Every row that went, or is to go, as this message."""
    m = OutboxMessageRow
    return list(db.session.scalars(select(m).where(m.bundle == bundle).order_by(m.due_at, m.id)))


def last_letter_to(patient_id: str, channel: str, kinds: Iterable[str]) -> list[OutboxMessageRow]:
    """The rows of the last message that went to a patient this way and told any of these."""
    m = OutboxMessageRow
    query = select(m.bundle).where(
        m.patient_id == patient_id, m.channel == channel, m.kind.in_(list(kinds))
    )
    query = query.where(m.status == MessageStatus.SENT).order_by(m.sent_at.desc()).limit(1)
    bundle = db.session.scalar(query)
    return of_letter(bundle) if bundle else []


def lease(rows: Iterable[OutboxMessageRow], *, at: datetime, lasts: timedelta) -> str:
    """Hold these rows until then; what is returned proves it later."""
    token = new_id()
    for row in rows:
        row.lease, row.lease_until = token, at + lasts
    return token


def handed_on(at: datetime) -> int:
    """How many rows somebody holds now."""
    m = OutboxMessageRow
    held = (CLAIMABLE, m.lease.is_not(None), m.lease_until.between(at, at + LONGEST_LEASE))
    return db.session.scalars(select(func.count()).select_from(m).where(*held)).one()


def let_go(leases: Iterable[str]) -> None:
    """Give up leases that were handed on to nobody."""
    m = OutboxMessageRow
    query = update(m).where(m.lease.in_(list(leases)), CLAIMABLE)
    values = {"lease": None, "lease_until": None}
    db.session.execute(query.values(values).execution_options(synchronize_session=False))


def take(
    leases: Iterable[str],
    *,
    at: datetime,
    lasts: timedelta,
    anew: bool = True,
    bundle: str | None = None,
) -> list[OutboxMessageRow]:
    """Take over leases that were handed on: only one of those who come with them gets the rows.
    `anew`: this begins another try; `bundle`: of what is leased only this."""
    m, fresh = OutboxMessageRow, new_id()
    mine = and_(m.lease.in_(list(leases)), CLAIMABLE, m.lease_until > at)
    mine = and_(mine, m.bundle == bundle) if bundle else mine
    values = {"lease": fresh, "lease_until": at + lasts, "attempts": m.attempts + int(anew)}
    db.session.execute(
        update(m).where(mine).values(values).execution_options(synchronize_session=False)
    )
    query = select(m).where(m.lease == fresh).order_by(m.due_at, m.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def hold_on(leases: Iterable[str], *, lasts: timedelta) -> None:
    """Whoever sends these still lives: nobody else may have them for as long again."""
    m = OutboxMessageRow
    query = update(m).where(m.lease.in_(list(leases)), CLAIMABLE, m.lease_until > now())
    values = {"lease_until": now() + lasts}
    db.session.execute(query.values(values).execution_options(synchronize_session=False))


def mark_sent(bundle: str, token: str, provider_id: str) -> None:
    """It has left the house, also where it was called off meanwhile: what staff read must be
    true."""
    m = OutboxMessageRow
    mine = (m.bundle == bundle, m.lease == token, m.status.in_(ON_ITS_WAY))
    values = {
        "status": MessageStatus.SENT,
        "sent_at": clock(),
        "failure": "",
        "provider_id": provider_id,
    }
    query = update(m).where(*mine).values(values)
    db.session.execute(query.execution_options(synchronize_session=False))


def stop(subject_ids: Iterable[str], *, before_version: int | None = None) -> None:
    """What was to be told of these subjects no longer holds; `before_version` spares the rows for
    that version and later ones."""
    m = OutboxMessageRow
    query = update(m).where(m.subject_id.in_(list(subject_ids)), CLAIMABLE)
    if before_version is not None:
        query = query.where(m.subject_version < before_version)
    values = {"status": MessageStatus.STOPPED}
    db.session.execute(query.values(values).execution_options(synchronize_session="fetch"))


def of_subject(clinic_id: str, subject_id: str) -> list[OutboxMessageRow]:
    """Every message there ever was about something, in the order in which they are due."""
    m = OutboxMessageRow
    query = select(m).where(m.clinic_id == clinic_id, m.subject_id == subject_id)
    return list(db.session.scalars(query.order_by(m.due_at, m.id)))


def with_key(keys: Iterable[str]) -> set[str]:
    """Which of these keys are known already."""
    query = select(OutboxMessageRow.key).where(OutboxMessageRow.key.in_(list(keys)))
    return set(db.session.scalars(query))


def message(clinic_id: str, message_id: str) -> OutboxMessageRow | None:
    """A message of this clinic."""
    m = OutboxMessageRow
    return db.session.scalar(select(m).where(m.clinic_id == clinic_id, m.id == message_id))


def due_by(at: datetime) -> list[OutboxMessageRow]:
    """What waits and was due by then, leased or not."""
    m = OutboxMessageRow
    return list(db.session.scalars(select(m).where(CLAIMABLE, m.due_at <= at)))


def waiting_for(patient_id: str) -> list[OutboxMessageRow]:
    """What a patient has not been told yet and nobody has begun to send."""
    m = OutboxMessageRow
    query = select(m).where(m.patient_id == patient_id, CLAIMABLE, m.bundle.is_(None))
    return list(db.session.scalars(query))


def revive_for(patient_id: str, after: datetime) -> None:
    """A patient wants to hear from us again: what was stopped and is not due yet waits again. What
    no longer holds is found out before it goes."""
    m = OutboxMessageRow
    stopped = (m.status == MessageStatus.STOPPED, m.bundle.is_(None), m.due_at > after)
    query = update(m).where(m.patient_id == patient_id, *stopped)
    values = {"status": WAITING}
    db.session.execute(query.values(values).execution_options(synchronize_session="fetch"))


def stop_for(patient_id: str) -> None:
    """A patient wants to hear nothing more."""
    m = OutboxMessageRow
    query = update(m).where(m.patient_id == patient_id, CLAIMABLE)
    values = {"status": MessageStatus.STOPPED}
    db.session.execute(query.values(values).execution_options(synchronize_session="fetch"))
