"""Kills clocks and workers, real processes on a real database, and counts what reached whom."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from server.jobs.failpoints import NAMES
from server.persistence import outbox
from server.persistence.database import db
from server.persistence.outbox import OutboxMessageRow
from server.persistence.people import PatientRow
from server.persistence.transactions import transaction
from server.persistence.types import new_id
from shared.vocabulary import ChannelName, MessageStatus, ReminderKind
from tests.jobs.mail_server import Postbox
from tests.processes import Astray, Forked, forked
from tests.services.a_series import ShortClinic, short_clinic

WAYS = (*NAMES, "at-random")
CHANCE = {"mid-commit": 0.15}
"""Every tick commits: with a greater one nobody would come as far as a message."""
DEADLINE_SECONDS = 60


@dataclass
class Report:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    """Recipients that got two messages which they cannot tell to be the same."""
    repeated: int = 0
    """Messages that came more than once with the same number."""
    dead_versions: int = 0

    def __str__(self) -> str:
        return (
            f"{sum(self.kills.values())} kills ({dict(self.kills)}): {self.lost} lost, "
            f"{self.doubled} doubled, {self.dead_versions} for a time that no longer holds; "
            f"{self.repeated} came again with the same number"
        )


@dataclass
class Harness:
    """A clinic whose messages are due, and the processes that send them."""

    app: Flask
    url: str
    box: Postbox
    chance: random.Random
    report: Report = field(default_factory=Report)
    processes: list[Forked | Astray] = field(default_factory=list)
    run_as: Callable[[tuple[str, ...], dict[str, str]], Forked | Astray] = forked

    def run(self, kills: int, *, at_a_time: int = 6) -> Report:
        """So many kills, each amid fresh messages; then everything left is sent."""
        clinic = short_clinic()
        for number in range(kills):
            self.fill(clinic, f"p{number}", at_a_time)
            self._kill_once(WAYS[number % len(WAYS)])
        self.finish()
        return self.counted()

    def fill(
        self, clinic: ShortClinic, name: str, count: int, ahead: timedelta = timedelta(0)
    ) -> None:
        """So many patients, each with one message due now or that much later; the first one's is
        about a dead time."""
        with transaction() as session:
            at = outbox.now() + ahead
            for place in range(count):
                patient = new_patient(clinic, f"{name}-{place}", at)
                session.add(patient)
                session.flush()
                dead = place == 0
                session.add(new_message(patient, at, dead=dead))

    def steadily(self, work: Callable[[], None]) -> None:
        """Do it once the database answers: while it recovers it refuses."""
        until = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                return work()
            except OperationalError:
                db.session.remove()
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _kill_once(self, way: str) -> None:
        """Start clock and worker so that one of them dies in this way, and kill the other too."""
        failpoint = (
            {} if way == "at-random" else {"TANDEM_FAILPOINT": f"{way}:{CHANCE.get(way, 0.5)}"}
        )
        self.start(failpoint)
        wait = self.chance.uniform(1.5, 4) if way == "at-random" else DEADLINE_SECONDS
        until = time.monotonic() + wait
        while time.monotonic() < until and all(p.lives for p in self.processes):
            if not self.waiting():
                break
            time.sleep(0.05)
        self.kill_all()
        self.report.kills[way] += 1
        self.lapse()

    def start(self, more: dict[str, str], *, clocks: int = 1, workers: int = 1) -> None:
        """Start clocks and workers, with these words more in their environment."""
        env = {
            **os.environ,
            **more,
            "DATABASE_URL": self.url,
            "SECRET_KEY": "only for tests",
            "MAIL_SERVER": self.box.url,
            "MAIL_FROM": "note@clinic.example",
        }
        env.pop("TANDEM_DATA", None)
        self.processes = [
            self.run_as(words, env)
            for words in clocks * [("clock",)] + workers * [("worker", "--threads", "2")]
        ]

    def kill_all(self) -> None:
        """kill -9 of everybody."""
        for process in self.processes:
            process.kill()

    def lapse(self) -> None:
        """Nobody lives who holds a lease: the time for them to run out need not be waited for."""
        with transaction():
            past = outbox.now() - timedelta(seconds=1)
            held = OutboxMessageRow.lease_until.is_not(None)
            db.session.execute(update(OutboxMessageRow).where(held).values(lease_until=past))

    def waiting(self) -> int:
        """How many messages are still to go."""
        db.session.rollback()
        waits = OutboxMessageRow.status == MessageStatus.WAITING
        return db.session.scalars(select(func.count()).where(waits)).one()

    def finish(self) -> None:
        """Send everything that is left."""
        self.start({})
        self.sent_within(DEADLINE_SECONDS, left=0)
        self.kill_all()

    def sent_within(self, seconds: float, *, left: int) -> bool:
        """Whether no more than so many messages are still to go before the time is over."""
        until = time.monotonic() + seconds
        while self.waiting() > left and time.monotonic() < until:
            time.sleep(0.1)
        return self.waiting() <= left

    def counted(self) -> Report:
        """Compare what was to be sent with what arrived."""
        numbers: dict[str, list[str]] = {}
        for letter in self.box.letters:
            numbers.setdefault(str(letter["To"]), []).append(str(letter["Message-ID"]))
        db.session.rollback()
        pairs = select(PatientRow.email, OutboxMessageRow.subject_version).join(
            OutboxMessageRow, OutboxMessageRow.patient_id == PatientRow.id
        )
        for email, version in db.session.execute(pairs):
            got = numbers.get(email, [])
            self.report.dead_versions += bool(got) and version == 0
            self.report.lost += not got and version != 0
            self.report.doubled += len(set(got)) > 1
            self.report.repeated += len(got) > 1
        return self.report


def new_patient(clinic: ShortClinic, name: str, at: datetime) -> PatientRow:
    return PatientRow(
        id=new_id(),
        clinic_id=clinic.by.clinic_id,
        site_id=clinic.site_id,
        full_name=name,
        email=f"{name}@home.example",
        away=[],
        made_at=at,
    )


def new_message(patient: PatientRow, at: datetime, *, dead: bool) -> OutboxMessageRow:
    """Due now. A dead one speaks of an appointment at a time that it never had."""
    kind = ReminderKind.CHANGED if dead else ReminderKind.CHECK_IN_MISSED
    return OutboxMessageRow(
        clinic_id=patient.clinic_id,
        key=outbox.key_of(patient.id, kind, ChannelName.EMAIL, 1),
        kind=kind,
        channel=ChannelName.EMAIL,
        patient_id=patient.id,
        subject_id=patient.id,
        subject_version=0 if dead else 1,
        due_at=at,
        not_after=at + timedelta(days=1),
        made_at=at,
    )
