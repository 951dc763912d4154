"""A real mail server for tests: it speaks SMTP on a port of its own and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Postbox:
    """What has arrived, oldest first. `refusing` answers every letter with that code."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusing: str = ""
    away: bool = False
    """Ends every connection before a word is said, as if nobody were there."""
    hanging: threading.Event | None = None
    """No letter is answered before this is set."""
    calls: int = 0
    """How often somebody has connected."""
    hangs_up: bool = False
    """Ends the connection after each letter, as mail servers do after a while."""
    loses_replies: int = 0
    """So many letters are taken, and whoever brought them never hears of it."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server(port: int = 0, host: str = "127.0.0.1") -> Iterator[Postbox]:
    """Receives mail as long as the block lasts, on this port or on any."""
    box = Postbox()

    class Receiver(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError):  # who sent it was killed
                _talk(self, box)

    with socketserver.ThreadingTCPServer((host, port), Receiver) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield box
        server.shutdown()


def _talk(to: socketserver.StreamRequestHandler, box: Postbox) -> None:
    box.calls += 1
    if box.away:
        return
    _say(to, "220 ready")
    for line in iter(to.rfile.readline, b""):
        word = line.split(b":")[0].split(b" ")[0].strip().upper()
        if word == b"DATA":
            _say(to, "354 go on")
            if not _receive(to, box):
                return
        elif word == b"QUIT":
            _say(to, "221 bye")
            return
        else:
            _say(to, "250 ok")


def _receive(to: socketserver.StreamRequestHandler, box: Postbox) -> bool:
    """Take a letter; False where the connection ends with it."""
    lines = []
    for line in iter(to.rfile.readline, b""):
        if line == b".\r\n":
            break
        lines.append(line[1:] if line.startswith(b".") else line)
    if box.hanging:
        box.hanging.wait(300)
    if box.refusing:
        _say(to, f"{box.refusing} not now")
        return True
    letter = message_from_bytes(b"".join(lines), policy=policy.default)
    box.letters.append(cast(EmailMessage, letter))
    if box.loses_replies > 0:
        box.loses_replies -= 1
        return False
    _say(to, "250 taken")
    return not box.hangs_up


def _say(to: socketserver.StreamRequestHandler, words: str) -> None:
    to.wfile.write(f"{words}\r\n".encode())
