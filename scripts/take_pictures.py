"""Takes the pictures in docs/screens/ of a demo clinic that it opens on a Monday morning.

.venv/bin/python scripts/take_pictures.py [http://127.0.0.1:8000] [folder]

With an address, of the clinic that is served there, at whatever hour it is.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from time import sleep

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from screens import SCREENS, Steps

PASSWORD = "only-for-the-demo-clinic"  # noqa: S105  (printed at every start; guards nothing)
DESK, PHONE, WALL = (1440, 1000), (320, 720), (2560, 1440)
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")
PORT = 8766
MORNING = time(15, 38)
"""UTC: twenty to eleven at the demo clinic's first site."""


@contextmanager
def on_a_monday() -> Iterator[str]:
    """The address of a demo clinic for which it is a Monday morning, some days ahead of today: its
    sign-ins must not have run out for the browser, which knows the real day."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    ahead = datetime.combine(monday, MORNING, UTC) - datetime.now(UTC)
    spec = find_spec("libfaketime")
    assert spec
    assert spec.origin
    clock = {
        "LD_PRELOAD": str(Path(spec.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"),
        # By so much, not at such a time: whatever the clinic starts must have the same clock.
        "FAKETIME": f"{ahead.total_seconds():+.0f}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with TemporaryDirectory() as data:
        command = [sys.executable, "-m", "server", "serve", "--port", str(PORT), "--data", data]
        serving = subprocess.Popen(command, env={**os.environ, **clock})  # noqa: S603 (our own)
        address = f"http://127.0.0.1:{PORT}"
        try:
            while not answers(address):
                if serving.poll() is not None:
                    raise SystemExit("the demo clinic did not open")
                sleep(1)
            yield address
        finally:
            serving.terminate()
            serving.wait()


def answers(address: str) -> bool:
    """Whether somebody serves there."""
    try:
        return httpx.get(f"{address}/sign-in", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def main() -> None:
    """Each screen on a desk; with a folder named, on a phone and on a wall as well."""
    if len(sys.argv) > 1:
        return take_all(sys.argv[1])
    with on_a_monday() as address:
        return take_all(address)


def take_all(address: str) -> None:
    """Every screen, light and dark."""
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screens")
    folder.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    sizes = {"": DESK} | ({"-phone": PHONE, "-wall": WALL} if len(sys.argv) > 2 else {})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox", "--no-first-run", *QUIET]
        )
        for name, who, steps in asked_for():
            for suffix, size in sizes.items():
                for scheme in ("light", "dark"):
                    picture = folder / f"{name}{suffix}-{scheme}.png"
                    try:
                        take(browser, address, picture, (who, steps, size, scheme))
                    except PlaywrightError as error:
                        failed.append(f"{picture}: {error}")
        browser.close()
    if failed:
        raise SystemExit("\n".join(failed))


def asked_for() -> list[tuple[str, str, Steps]]:
    """All screens, or those that PICTURES names."""
    names = os.environ.get("PICTURES", "").split()
    return [each for each in SCREENS if not names or each[0] in names]


def take(
    browser: Browser, address: str, picture: Path, of: tuple[str, Steps, tuple[int, int], str]
) -> None:
    """One picture, in a browser of its own."""
    who, steps, (width, height), scheme = of
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(90_000)
    page = context.new_page()
    sign_in(page, address, who)
    steps(page)
    page.screenshot(path=picture)
    context.close()
    print(f"{picture}: {picture.stat().st_size // 1024} KB")


def sign_in(page: Page, address: str, who: str) -> None:
    """As somebody of the demo clinic."""
    page.goto(address)
    page.get_by_label("E-mail").fill(f"{who}@demo.invalid")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Pages").wait_for()


if __name__ == "__main__":
    main()
