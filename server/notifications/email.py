"""E-mail over SMTP. The Message-ID is made from the key: the same message sent twice is told apart
by mail programs and archives that look at it."""

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from server.notifications.channel import Message, NotSent
from server.notifications.deadline import SILENCE_SECONDS, WITHIN_SECONDS, Deadline

FOR_GOOD = 500
OK = 250


class _Bounded(smtplib.SMTP):
    """A connection on which nothing is waited for longer than the deadline of the moment."""

    def __init__(self, *words: Any, deadline: Deadline, **more: Any) -> None:
        self.deadline = deadline
        super().__init__(*words, **more)

    def getreply(self) -> tuple[int, bytes]:
        """What the mail server says; a server that says it too slowly is cut off."""
        if self.sock:
            self.deadline.watch(self.sock)
        return super().getreply()


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


@dataclass(frozen=True, kw_only=True)
class EmailChannel:
    """`server` is smtp://user:password@host:port, or smtps:// for TLS from the start; with
    `starttls` an smtp:// connection is encrypted before anything is said."""

    server: str
    sender: str
    sender_name: str = ""
    starttls: bool = False
    keeps_line: bool = False
    """One connection a thread for many letters, instead of one a letter."""
    dedupes: bool = False
    within_seconds: float = WITHIN_SECONDS
    lines: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    def send(self, key: str, address: str, message: Message) -> str:
        """Hand it to the mail server. Raises NotSent."""
        if not address:
            raise NotSent("no-address", again=False)
        letter = self._letter(key, address, message)
        try:
            with Deadline(self.within_seconds) as deadline, self._line(deadline) as smtp:
                smtp.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            worst = max(code for code, _ in refused.recipients.values())
            raise NotSent("address-refused", again=worst < FOR_GOOD) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"smtp-{error.smtp_code}", again=error.smtp_code < FOR_GOOD) from None
        except ConnectionRefusedError:
            raise NotSent("smtp-unreachable", again=True) from None
        except (OSError, smtplib.SMTPException):
            raise NotSent("smtp-unreachable", again=True, unsure=True) from None
        return str(letter["Message-ID"])

    def _letter(self, key: str, address: str, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = formataddr((self.sender_name, self.sender))
        letter["To"] = address
        letter["Subject"] = message.subject
        letter["Date"] = formatdate()
        letter["Message-ID"] = f"<{key}@{self.sender.partition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text)
        return letter

    @contextmanager
    def _line(self, deadline: Deadline) -> Iterator[smtplib.SMTP]:
        """A connection that works; kept for this thread's next letter only where all went well."""
        smtp = self._kept(deadline) or self._open(deadline)
        try:
            yield smtp
        except BaseException:
            smtp.close()
            raise
        if self.keeps_line:
            self.lines.smtp = smtp
        else:
            smtp.close()

    def _kept(self, deadline: Deadline) -> smtplib.SMTP | None:
        """The connection of this thread's last letter, if the mail server still answers on it."""
        smtp: _Bounded | None = self.lines.__dict__.pop("smtp", None)
        if smtp is None:
            return None
        smtp.deadline = deadline
        with suppress(OSError, smtplib.SMTPException):
            if smtp.noop()[0] == OK:
                return smtp
        smtp.close()
        return None

    def hang_up(self) -> None:
        """Close what this thread has kept."""
        with Deadline(self.within_seconds) as deadline:
            if smtp := self._kept(deadline):
                smtp.close()

    def _open(self, deadline: Deadline) -> smtplib.SMTP:
        place = urlsplit(self.server)
        kind = _BoundedTls if place.scheme == "smtps" else _Bounded
        silence = min(SILENCE_SECONDS, self.within_seconds)
        address = str(place.hostname), place.port or 25
        smtp = kind(*address, timeout=silence, deadline=deadline)
        if self.starttls:
            smtp.starttls()
        if place.username:
            smtp.login(unquote(place.username), unquote(place.password or ""))
        return smtp
