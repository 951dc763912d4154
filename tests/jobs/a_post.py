"""The way of a message by hand: claim, take, send, mark, on the real outbox and a real server."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select, update

from server.jobs import send
from server.jobs.work import Work
from server.notifications.channel import Channel
from server.notifications.email import EmailChannel
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import transaction
from shared.vocabulary import ChannelName
from tests.jobs.mail_server import Postbox

ZONE = ZoneInfo("America/New_York")


@dataclass
class Post:
    """Sends what is due; `queue` is what the clock handed on and no worker has taken yet."""

    app: Flask
    box: Postbox
    queue: list[tuple[str, str]] = field(default_factory=list)
    more: dict[ChannelName, Channel] = field(default_factory=dict)
    """Ways of sending beside mail."""
    rather_not: frozenset[ChannelName] = frozenset()

    @property
    def work(self) -> Work:
        mail = EmailChannel(server=self.box.url, sender="note@clinic.example")
        return Work(
            context=nullcontext,
            secret="only for tests",
            address="https://clinic.example",
            channels={ChannelName.EMAIL: mail, **self.more},
            rather_not=self.rather_not,
        )

    def claim(self) -> None:
        send.sweep(self.work, self.queue.extend)

    def deliver(self, *, together: int = 1) -> None:
        """What the workers do with what was claimed, so many at a time."""
        while self.queue:
            group, self.queue = self.queue[:together], self.queue[together:]
            send.several(self.work, group)

    def run(self) -> None:
        self.claim()
        self.deliver()

    def rows(self, **wanted: object) -> list[OutboxMessageRow]:
        query = select(OutboxMessageRow).filter_by(**wanted).order_by(OutboxMessageRow.due_at)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    def bring_forward(self, **wanted: object) -> None:
        """Make messages due now and for another day, whatever they were."""
        from server.persistence import outbox

        with transaction():
            at = outbox.now()
            late = {"due_at": at - timedelta(seconds=1), "not_after": at + timedelta(days=1)}
            db.session.execute(update(OutboxMessageRow).filter_by(**wanted).values(late))

    def lapse(self) -> None:
        """As if every lease had run out."""
        from server.persistence import outbox

        with transaction():
            past = outbox.now() - timedelta(seconds=1)
            held = OutboxMessageRow.lease_until.is_not(None)
            db.session.execute(update(OutboxMessageRow).where(held).values(lease_until=past))

    def texts(self) -> list[str]:
        return [letter.get_content() for letter in self.box.letters]
