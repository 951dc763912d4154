"""A real gateway for tests: it takes messages over HTTP as docs/operations.md says a gateway must,
and tells doubles by their key."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "known to the gateway only"


@dataclass
class Gateway:
    """What it was given, by key; `answering` is the status of every answer."""

    port: int = 0
    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answering: int = 201

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"


@contextmanager
def gateway_server() -> Iterator[Gateway]:
    """Takes messages as long as the block lasts."""
    gateway = Gateway()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            known = self.headers["Authorization"] == f"Bearer {SECRET}"
            status = gateway.answering if known else 401
            gateway.asked.append(key)
            if status < 300:
                gateway.taken.setdefault(key, body)
            reply = json.dumps({"id": f"no-{key[:8]}"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_args: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        gateway.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield gateway
        server.shutdown()
