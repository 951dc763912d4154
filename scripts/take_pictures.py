"""Takes the pictures in docs/screens/ of a demo clinic that it opens on a Monday morning.

.venv/bin/python scripts/take_pictures.py [http://127.0.0.1:8000] [folder]

With an address, of the clinic that is served there, at whatever hour it is.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

PASSWORD = "only-for-the-demo-clinic"  # noqa: S105  (printed at every start; guards nothing)
DESK, PHONE, WALL = (1440, 1000), (320, 720), (2560, 1440)
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")
Steps = Callable[[Page], None]


PORT = 8766
MORNING = "15:38:00"
"""UTC: twenty to eleven at the demo clinic's first site."""


@contextmanager
def on_a_monday() -> Iterator[str]:
    """The address of a demo clinic for which it is a Monday morning, some days ahead of today: its
    sign-ins must not have run out for the browser, which knows the real day."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    spec = find_spec("libfaketime")
    assert spec
    assert spec.origin
    clock = {
        "LD_PRELOAD": str(Path(spec.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"),
        "FAKETIME": f"@{monday} {MORNING}",
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
                time.sleep(1)
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
    page.get_by_role("row").filter(has_text="completed").get_by_role("link").nth(2).click()
    page.get_by_role("link", name="How they are").click()
    page.get_by_role("heading", name="Check-ins").wait_for()


def health(page: Page) -> None:
    """Where an administrator begins."""
    page.get_by_role("heading", name="Clinic health").wait_for()


def timeline(page: Page) -> None:
    """A therapist's own week, where they begin."""
    page.locator("#timeline.laid").wait_for()


def thread(page: Page) -> None:
    """The whole site's week, one visit in focus and its series lit up."""
    page.get_by_role("link", name="Week", exact=True).click()
    page.goto(page.url.split("/week")[0] + "/week/timeline?days=7")
    page.locator(".visit.infusion .grab").nth(4).focus()
    page.get_by_role("heading", name="The whole series").wait_for()


def patients(page: Page) -> None:
    """The caseload."""
    page.get_by_role("link", name="Patients").click()


def needs(page: Page) -> None:
    """What must not be overlooked."""
    page.get_by_role("link", name="Needs you").click()
    page.get_by_role("heading", name="Answers to look at").wait_for()


def waiting(page: Page) -> None:
    """Who would come sooner, and what came free."""
    patients(page)
    page.get_by_role("link", name="Waiting list").click()


def what_if(page: Page) -> None:
    """Closed Fridays, beside the clinic as it is."""
    page.get_by_role("link", name="Planning").click()
    page.get_by_label("Whom").select_option("all")
    page.get_by_label("Look for so many seconds").fill("5")
    page.get_by_label("Every").select_option("Friday")
    page.get_by_role("button", name="Plan and compare").click()
    page.get_by_role("heading", name="The two calendars").wait_for(timeout=240_000)
    page.get_by_role("heading", name="In short").scroll_into_view_if_needed()


def no_plan(page: Page) -> None:
    """Somebody for whom there is no plan, why, and what the nearest fix would do."""
    patients(page)
    page.get_by_label("Part of a name").fill("Yarrow")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("row").get_by_role("link").first.click()
    page.get_by_role("button", name="Plan series").click()
    page.get_by_role("button", name="Show what that would do").first.click()
    page.get_by_role("heading", name="If this were otherwise").wait_for()


def outline(page: Page) -> None:
    """A protocol begun with a few questions."""
    page.get_by_role("link", name="Protocols").click()
    page.get_by_role("link", name="New protocol").click()


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
    ("health", "ana", health),
    ("timeline", "theo", timeline),
    ("thread", "drew", thread),
    ("patients", "drew", patients),
    ("needs", "nora", needs),
    ("waiting", "fay", waiting),
    ("no-plan", "drew", no_plan),
    ("outline", "ana", outline),
    ("what-if", "drew", what_if),
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
        for name, who, steps in SCREENS:
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
