"""How the app looks and whom to call: known before the PIN is given, and nobody's secret."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a patient chose, and the help line their clinic set."""

    address: str = "http://127.0.0.1:8000"
    language: str = "en"
    text_size: float = 1.0
    dark: bool = False
    less_motion: bool = False
    reminders: bool = True
    help_title: str = "988 Suicide and Crisis Lifeline"
    help_phone: str = "988"
    clinic_phone: str = ""


class SettingsFile:
    """The settings on disk; a file nobody can read counts as none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.now = _read(file)

    def change(self, **chosen: Any) -> Settings:
        """Write what is different. On a full phone it holds until the app is closed."""
        before, self.now = self.now, replace(self.now, **chosen)
        fresh = self._file.with_suffix(".new")
        try:
            if self.now != before or not self._file.exists():
                fresh.write_text(json.dumps(asdict(self.now)), encoding="utf-8")
                fresh.replace(self._file)
        except OSError:
            fresh.unlink(missing_ok=True)
        return self.now


def _read(file: Path) -> Settings:
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(written, dict):
        return Settings()
    usual = asdict(Settings())
    sound = {name: written[name] for name in usual if type(written.get(name)) is type(usual[name])}
    return Settings(**sound)
