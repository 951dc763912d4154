"""E-mail over SMTP. The Message-ID is made from the key: the same message sent twice is told apart
by mail programs and archives that look at it."""

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from urllib.parse import unquote, urlsplit

from server.notifications.channel import Message, NotSent

TIMEOUT_SECONDS = 30
FOR_GOOD = 500
OK = 250


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
    lines: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    def send(self, key: str, address: str, message: Message) -> str:
        """Hand it to the mail server. Raises NotSent."""
        if not address:
            raise NotSent("no-address", again=False)
        letter = self._letter(key, address, message)
        try:
            with self._line() as smtp:
                smtp.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            worst = max(code for code, _ in refused.recipients.values())
            raise NotSent("address-refused", again=worst < FOR_GOOD) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"smtp-{error.smtp_code}", again=error.smtp_code < FOR_GOOD) from None
        except (OSError, smtplib.SMTPException):
            raise NotSent("smtp-unreachable", again=True) from None
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
    def _line(self) -> Iterator[smtplib.SMTP]:
        """A connection that works; kept for this thread's next letter only where all went well."""
        smtp = self._kept() or self._open()
        try:
            yield smtp
        except BaseException:
            smtp.close()
            raise
        if self.keeps_line:
            self.lines.smtp = smtp
        else:
            smtp.close()

    def _kept(self) -> smtplib.SMTP | None:
        """The connection of this thread's last letter, if the mail server still answers on it."""
        smtp: smtplib.SMTP | None = self.lines.__dict__.pop("smtp", None)
        if smtp is None:
            return None
        with suppress(OSError, smtplib.SMTPException):
            if smtp.noop()[0] == OK:
                return smtp
        smtp.close()
        return None

    def hang_up(self) -> None:
        """Close what this thread has kept."""
        if smtp := self._kept():
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        place = urlsplit(self.server)
        kind = smtplib.SMTP_SSL if place.scheme == "smtps" else smtplib.SMTP
        smtp = kind(str(place.hostname), place.port or 25, timeout=TIMEOUT_SECONDS)
        if self.starttls:
            smtp.starttls()
        if place.username:
            smtp.login(unquote(place.username), unquote(place.password or ""))
        return smtp
