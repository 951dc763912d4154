"""What docker-compose.yml and the Dockerfile start, as processes of this machine."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.processes import Forked, forked

ROOT = Path(__file__).parents[2]
STOPS_WITHIN_SECONDS = 20


def command_of(service: str) -> list[str]:
    """What a service of docker-compose.yml runs; without a word of its own, the image's."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    if command := compose["services"][service].get("command"):
        return shlex.split(command) if isinstance(command, str) else list(command)
    [words] = re.findall(r"^CMD \[(.*)\]$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    return yaml.safe_load(f"[{words}]")


def free_port() -> int:
    """A port nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Installation:
    """Any number of each, all on one database; each is known to the database by its name."""

    settings: dict[str, str]
    folder: Path
    quickly: bool = False
    """Clocks and workers forked from a process that has imported everything already."""
    processes: dict[str, subprocess.Popen[bytes] | Forked] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def start(self, service: str, count: int) -> None:
        """Start so many of a service, with its own command; a web process gets its own port."""
        for number in range(1, count + 1):
            name = f"{service}-{number}"
            words = command_of(service)
            if service == "web":
                self.ports[name] = free_port()
                place = {"0.0.0.0": "127.0.0.1", "8000": str(self.ports[name])}
                words = [place.get(word, word) for word in words]
            self.processes[name] = self._run(name, words)

    def _run(self, name: str, words: list[str]) -> subprocess.Popen[bytes] | Forked:
        program = Path(sys.executable).parent / words[0]
        env = {key: value for key, value in os.environ.items() if not key.startswith("TANDEM_")}
        env |= {**self.settings, "PGAPPNAME": name, "PYTHONPATH": str(ROOT)}
        if self.quickly and not name.startswith("web"):
            return forked(words[1:], env, self.log_of(name))
        with self.log_of(name).open("wb") as log:
            return subprocess.Popen(
                [program, *words[1:]],
                env=env,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log_of(self, name: str) -> Path:
        """Everything it says."""
        return self.folder / f"{name}.log"

    def answers(self, name: str, path: str) -> int:
        """The status with which a web process answers; 0 where it does not."""
        with suppress(OSError):
            try:
                return urllib.request.urlopen(self.url_of(name) + path, timeout=5).status
            except urllib.error.HTTPError as error:
                return error.code
        return 0

    def url_of(self, name: str) -> str:
        """Where a web process is reached."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def stop(self) -> dict[str, int]:
        """Ask all of them to end, as `docker compose stop` does; with what each ended."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        return {
            name: process.wait(STOPS_WITHIN_SECONDS) for name, process in self.processes.items()
        }

    def kill_one(self, name: str) -> None:
        """kill -9 of this one."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def kill(self) -> None:
        """End whatever is left."""
        for process in self.processes.values():
            process.kill()
            process.wait()
