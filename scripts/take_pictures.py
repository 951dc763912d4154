"""Takes the pictures in docs/screens/ of the demo clinic that `make run` serves.

.venv/bin/python scripts/take_pictures.py [http://127.0.0.1:8000] [folder]
"""

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright

E_MAIL, PASSWORD = "nora@demo.invalid", "only-for-the-demo-clinic"
DESK, PHONE = (1440, 1280), (320, 720)
PICTURES = (
    ("week-light", DESK, "light"),
    ("week-dark", DESK, "dark"),
)
BESIDES = (
    ("week-phone-light", PHONE, "light"),
    ("week-phone-dark", PHONE, "dark"),
    ("week-wall-light", (2560, 1440), "light"),
)
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")


def main() -> None:
    """Two for the README; with a folder named, those of a phone and a wall as well."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screens")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = PICTURES + (BESIDES if len(sys.argv) > 2 else ())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox", "--no-first-run", *QUIET]
        )
        for name, size, scheme in wanted:
            picture = folder / f"{name}.png"
            take(browser, address, picture, size, scheme)
            print(f"{picture}: {picture.stat().st_size // 1024} KB")
        browser.close()


def take(browser: Browser, address: str, picture: Path, size: tuple[int, int], scheme: str) -> None:
    """One picture, in a browser of its own."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    sign_in(page, address)
    page.screenshot(path=picture)
    context.close()


def sign_in(page: Page, address: str) -> None:
    """As the demo clinic's nurse, at its smaller site: a picture holds all of its week."""
    page.goto(address)
    page.get_by_label("E-mail").fill(E_MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Mesa").click()
    page.get_by_role("table", name="at Mesa").wait_for()


if __name__ == "__main__":
    main()
