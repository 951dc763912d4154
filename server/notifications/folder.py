"""For trying things out: every message becomes a file that a person can open."""

from dataclasses import dataclass
from pathlib import Path

from server.notifications.channel import Message, NotSent


@dataclass(frozen=True, kw_only=True)
class FolderChannel:
    """A folder with one file a message, named by its key: a second send finds it there."""

    folder: Path
    name: str
    dedupes: bool = True

    def send(self, key: str, address: str, message: Message) -> str:
        """Write the file, whole or not at all. Raises NotSent."""
        if not address:
            raise NotSent("no-address", again=False)
        text = f"To: {address}\nSubject: {message.subject}\nBy: {self.name}\n\n{message.text}\n"
        half = self.folder / f".{key}.half"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_text(text, encoding="utf-8")
            half.replace(self.folder / f"{key}.txt")
        except OSError:
            raise NotSent("folder-unwritable", again=True) from None
        return key
