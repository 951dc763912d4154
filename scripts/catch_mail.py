"""A mail catcher to try Tandem with: it takes every letter over SMTP, puts each into a folder as a
file to be read, and sends nothing on.

    python scripts/catch_mail.py FOLDER [PORT [HOST]]
"""

import sys
import time
from contextlib import suppress
from email.message import EmailMessage
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.jobs.mail_server import mail_server


def main(folder: str, port: str = "1025", host: str = "127.0.0.1") -> None:
    """Catch until Ctrl-C."""
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    with mail_server(int(port), host) as box:
        print(f"Catching mail on smtp://{host}:{box.port} into {folder}", flush=True)
        for number in count():
            while len(box.letters) <= number:
                time.sleep(0.2)
            (into / f"{number + 1:04}.txt").write_text(as_text(box.letters[number]), "utf-8")


def as_text(letter: EmailMessage) -> str:
    """What its reader sees."""
    head = [f"{name}: {letter[name]}" for name in ("To", "Subject", "Message-ID")]
    return "\n".join([*head, "", *letter.get_content().splitlines(), ""])


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(*sys.argv[1:])
