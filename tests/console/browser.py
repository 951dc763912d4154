"""The real application on a free port, a Chromium to look at it with, and what both may not do."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without them Chromium looks things up elsewhere, and refuses to run as root.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective));
"""


class Silent(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, *_args: object, **_more: object) -> None:
        """Nothing."""


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The address at which an application answers; on a free port if none is named."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own; the tests are skipped where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip(
            "no Chromium; as root: "
            "apt-get update && apt-get install --no-install-recommends chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS])
        yield browser
        browser.close()


class Watched:
    """A page of a browser of its own, with a note of all that it should not have done."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.addresses: set[str] = set()
        context.set_default_timeout(20_000)
        context.add_init_script(LISTEN)
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.addresses.add(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message) -> None:
        # A refused sign-in is no fault; that the page was refused something is.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def assert_well_behaved(self, address: str) -> None:
        """Nothing was asked of another host, the policy had nothing to refuse, nothing broke."""
        elsewhere = {each for each in self.addresses if not each.startswith(f"{address}/")}
        assert not elsewhere
        refused = self.page.evaluate("window.refused")
        assert not refused, refused
        assert not self.faults, self.faults
        assert "@" not in "".join(urlsplit(each).query for each in self.addresses)

    def assert_accessible(self) -> None:
        """axe finds nothing against WCAG 2.2 A and AA."""
        if not AXE.exists():
            pytest.skip("no axe-core; run: sh scripts/console_packages.sh dev")
        self.page.evaluate(AXE.read_text("utf-8"))  # past the policy, as the developer tools are
        found = self.page.evaluate(
            "levels => axe.run(document, {runOnly: levels, resultTypes: ['violations']})", LEVELS
        )
        faults = [
            (each["id"], node["html"][:200], node["failureSummary"])
            for each in found["violations"]
            for node in each["nodes"][:3]
        ]
        assert not faults, faults
