"""The console's screens that are worth a picture: who sees each, and how they get there."""

from collections.abc import Callable

from playwright.sync_api import Page

Steps = Callable[[Page], None]
MOST_LOOKED_AT = 20
"""So many patients, until one still has an infusion before them."""


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
    infusions = page.get_by_role("link", name="Move Infusion")
    for number in range(MOST_LOOKED_AT):
        page.get_by_role("link", name="Patients").click()
        named = page.get_by_role("row").filter(has_text="under way").get_by_role("link")
        named.nth(number).click()
        page.get_by_role("heading", name="Contact").wait_for()
        if infusions.count():
            break
    infusions.first.click()
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
    page.get_by_label("Look for so many seconds").fill("40")
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
    page.get_by_role("link", name="Hours", exact=True).click()


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
