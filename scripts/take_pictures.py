"""Takes the pictures in docs/screens/ of the demo clinic that `make run` serves.

.venv/bin/python scripts/take_pictures.py [http://127.0.0.1:8000] [folder]
"""

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "only-for-the-demo-clinic"  # noqa: S105  (printed at every start; guards nothing)
DESK, PHONE, WALL = (1440, 1000), (320, 720), (2560, 1440)
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")
Steps = Callable[[Page], None]


def today(page: Page) -> None:
    """The board, once it is live."""
    page.get_by_text("Live:").wait_for()


def week(page: Page) -> None:
    """The smaller site: a picture holds all of its week."""
    page.get_by_role("link", name="Week").click()
    page.get_by_role("link", name="Mesa").click()
    page.get_by_role("table", name="at Mesa").wait_for()


def patient(page: Page) -> None:
    """Somebody in the middle of a series."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("row").filter(has_text="under way").get_by_role("link").nth(11).click()
    page.get_by_role("heading", name="Contact").wait_for()


def plans(page: Page) -> None:
    """Somebody whose series waits for a plan."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("row").filter(has_text="not planned yet").get_by_role("link").first.click()
    page.get_by_role("button", name="Plan series").click()
    page.get_by_role("heading", name="Best").wait_for()


def move(page: Page) -> None:
    """A wished time, three days on, and what the rules say of it."""
    patient(page)
    page.get_by_role("link", name="Move Infusion").first.click()
    page.get_by_label("Day").press("ArrowRight")
    for _ in range(3):
        page.get_by_label("Day").press("ArrowUp")
    page.get_by_role("button", name="Check this time").click()
    page.locator("#answer").wait_for()


def protocol(page: Page) -> None:
    """An edition as sentences."""
    page.get_by_role("link", name="Protocols").click()
    page.get_by_role("link", name="Demonstration").first.click()
    page.get_by_role("link", name="Edition 1").click()
    page.get_by_role("heading", name="To look at").wait_for()


def clinic(page: Page) -> None:
    """Who and what can be booked, and when."""
    page.get_by_role("link", name="Clinic", exact=True).click()


def reports(page: Page) -> None:
    """The figures."""
    page.get_by_role("link", name="Reports").click()


def course(page: Page) -> None:
    """Somebody who was asked how they are for weeks."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_label("Part of a name").fill("Olive")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("row").get_by_role("link").first.click()
    page.get_by_role("link", name="How they are").click()
    page.get_by_role("heading", name="Check-ins").wait_for()


def messages(page: Page) -> None:
    """What waits, word for word."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("row").filter(has_text="under way").get_by_role("link").first.click()
    page.get_by_role("link", name="Messages").click()
    page.locator("main summary").first.click()


def impact(page: Page) -> None:
    """A draft with shorter windows, and what it would do to the series that run."""
    protocol(page)
    text = page.get_by_label("The document, as YAML")
    text.fill(text.input_value().replace("max: 72", "max: 40"))
    page.get_by_role("button", name="Make a draft of it").click()
    page.get_by_role("link", name="What it does to running series").click()
    page.get_by_role("button", name="Look at all running series").click()
    page.get_by_role("heading", name="In short").wait_for(timeout=60_000)
    page.locator("main summary").first.click()


def editor(page: Page) -> None:
    """A draft beside the example patient."""
    protocol(page)
    page.get_by_label("The document, as YAML").scroll_into_view_if_needed()


def compare(page: Page) -> None:
    """Two editions on one timeline; `impact` has written the second."""
    page.get_by_role("link", name="Protocols").click()
    page.get_by_role("link", name="Demonstration").first.click()
    page.get_by_role("link", name="Compare editions").click()


def people(page: Page) -> None:
    """Who signs in, and who treats."""
    clinic(page)
    page.get_by_role("link", name="People").click()
    page.locator("main summary").first.click()


def texts(page: Page) -> None:
    """What messages say."""
    clinic(page)
    page.get_by_role("link", name="Message texts").click()
    page.locator("main summary").first.click()


def care_reports(page: Page) -> None:
    """How full the hours are, and more."""
    reports(page)
    page.get_by_role("link", name="Hours, messages, check-ins").click()


SCREENS: tuple[tuple[str, str, Steps], ...] = (
    ("today", "nora", today),
    ("week", "nora", week),
    ("patient", "drew", patient),
    ("plans", "drew", plans),
    ("move", "drew", move),
    ("protocol", "drew", protocol),
    ("clinic", "ana", clinic),
    ("reports", "ana", reports),
    ("course", "drew", course),
    ("messages", "nora", messages),
    ("impact", "drew", impact),
    ("editor", "drew", editor),
    ("compare", "drew", compare),
    ("people", "ana", people),
    ("texts", "ana", texts),
    ("care-reports", "ana", care_reports),
)
"""Name of the picture, who signs in, and the way there."""


def main() -> None:
    """Each screen on a desk; with a folder named, on a phone and on a wall as well."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screens")
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"": DESK} | ({"-phone": PHONE, "-wall": WALL} if len(sys.argv) > 2 else {})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox", "--no-first-run", *QUIET]
        )
        for name, who, steps in SCREENS:
            for suffix, size in sizes.items():
                for scheme in ("light", "dark"):
                    picture = folder / f"{name}{suffix}-{scheme}.png"
                    take(browser, address, picture, (who, steps, size, scheme))
        browser.close()


def take(
    browser: Browser, address: str, picture: Path, of: tuple[str, Steps, tuple[int, int], str]
) -> None:
    """One picture, in a browser of its own."""
    who, steps, (width, height), scheme = of
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
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
