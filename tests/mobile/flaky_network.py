"""A network as bad as a cellar's: between phone and server, with chance from a seed."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx

FAULTS = ("none", "none", "drop", "lose", "cut", "twice", "late")
"""As it should be; never sent on; sent on but no reply; half a reply; sent on twice; slow."""


@contextmanager
def flaky(server: str, seed: int) -> Iterator[tuple[str, list[str]]]:
    """The address to ask instead of the server, and what was done to each request."""
    done: list[str] = []
    handler = type("Bad", (_Bad,), {"server_at": server, "luck": random.Random(seed), "done": done})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        proxy.daemon_threads = True
        Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}", done
        proxy.shutdown()


class _Bad(BaseHTTPRequestHandler):
    server_at: str
    luck: random.Random
    done: list[str]

    def _any(self) -> None:
        fault = self.luck.choice(FAULTS)
        self.done.append(fault)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.close_connection = True
        if fault == "drop":
            return
        if fault == "late":
            time.sleep(self.luck.uniform(0.005, 0.05))
        if fault == "twice":
            self._forwarded(body)
        reply = self._forwarded(body)
        if fault != "lose":
            self._answer(reply, cut=fault == "cut")

    do_GET = do_POST = _any  # noqa: N815

    def _forwarded(self, body: bytes) -> httpx.Response:
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("host", "connection", "accept-encoding")
        }
        return httpx.request(
            self.command, self.server_at + self.path, headers=kept, content=body, timeout=20
        )

    def _answer(self, reply: httpx.Response, *, cut: bool) -> None:
        content = reply.content
        with suppress(OSError):
            self.send_response(reply.status_code)
            self.send_header("Content-Type", reply.headers.get("Content-Type", "text/plain"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        del format, args
