"""What staff do on the console in a real browser, counted in clicks, and each page with axe."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from server.app import create_app
from server.config import Settings
from server.persistence import appointments
from server.persistence.clinics import SiteRow
from server.persistence.database import db
from server.persistence.transactions import transaction
from shared.planning_words import PlanningRunStatus
from tests import builders, databases
from tests.console import browser
from tests.console.a_desk import Desk, open_desk
from tests.console.browser import Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clinic that is always open: a series booked, one that waits, and one that cannot be."""
    url = databases.copy_of(sqlite_template, tmp_path_factory.mktemp("work"))
    app = create_app(Settings(database_url=url, secret_key="only for tests", testing=True))
    with app.app_context():
        _fill(open_desk())
        db.session.remove()
    with browser.served(app) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


def _fill(desk: Desk) -> None:
    named = desk.clinic.patient
    _worries(desk.booked())
    with transaction() as session:
        site = session.get_one(SiteRow, desk.clinic.site_id)
        builders.make_planning_run(site, PlanningRunStatus.DONE, compared=True)
    desk.clinic.enrolled(patient_id=named(full_name="Wanda Waiting"))
    desk.clinic.enrolled(patient_id=named(full_name="Sam Single"))
    desk.clinic.enrolled(patient_id=named(full_name="Nell Never", weekly=[]))


def _worries(series_id: str) -> None:
    """An answer to look at, one taken on, and a visit that did not take place."""
    with transaction():
        check_in = builders.make_check_in(appointments.of_series(series_id)[0])
        builders.make_alert(check_in)
        builders.make_alert(check_in, acknowledged=True)
        builders.make_paperwork(check_in)
        then = {"visit": "session-2", "starts_at": "2027-01-05T10:00:00-05:00", "choices": {}}
        row = builders.make_follow_up(check_in)
        row.remedy, row.planned_at = "replan", row.made_at
        row.plan = {"choices": {}, "visits": [{**then, "previous": None}]}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture(params=["light", "dark"])
def drew(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    yield from signed_in(chromium, served, "drew", request.param)


def signed_in(chromium: Browser, served: str, name: str, scheme: str) -> Iterator[Watched]:
    size = {"width": 1280, "height": 900}
    seen = Watched(chromium.new_context(color_scheme=scheme, viewport=size))
    seen.page.goto(served)
    seen.page.get_by_label("E-mail").fill(f"{name}@example.org")
    seen.page.get_by_label("Password").fill(builders.PASSWORD)
    seen.page.get_by_role("button", name="Sign in").click()
    expect(seen.page.get_by_role("navigation", name="Pages")).to_be_visible()
    yield seen
    seen.assert_well_behaved(served)
    seen.page.context.close()


class Clicks:
    """Clicks, counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, on: Locator) -> None:
        on.click()
        self.count += 1


def visit(seen: Watched, name: str) -> None:
    """A patient's page by way of the list."""
    seen.page.get_by_role("link", name="Patients").click()
    seen.page.get_by_role("link", name=name).first.click()


def assert_fit(seen: Watched) -> None:
    """axe finds nothing, wide or narrow, and nothing is lost sideways at 320 px."""
    seen.assert_accessible()
    seen.page.set_viewport_size({"width": 320, "height": 700})
    seen.assert_accessible()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    seen.page.set_viewport_size({"width": 1280, "height": 900})


def test_every_page_about_patients_is_accessible(drew: Watched) -> None:
    drew.page.get_by_role("link", name="Patients").click()
    assert_fit(drew)
    drew.page.get_by_role("link", name="Pat Example").first.click()
    assert_fit(drew)
    visit(drew, "Nell Never")
    drew.page.get_by_role("button", name="Plan series").click()
    expect(drew.page.get_by_text("There is no such plan")).to_be_visible()
    assert_fit(drew)


def test_what_needs_somebody_is_accessible_and_taken_on_by_keyboard(drew: Watched) -> None:
    drew.page.get_by_role("link", name="Needs you").focus()
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("heading", name="What needs somebody")).to_be_visible()
    assert_fit(drew)
    taking = drew.page.get_by_role("button", name="I take it on: Pat Example")
    if taking.count():  # the first to come takes it; the next finds it taken
        taking.focus()
        drew.page.keyboard.press("Enter")
        expect(drew.page.get_by_role("main").get_by_role("status")).to_contain_text(
            "You have taken it on."
        )
    expect(drew.page.get_by_role("button", name="Close it: Pat Example").first).to_be_visible()


def test_planning_is_asked_for_watched_and_read_without_a_mouse(drew: Watched) -> None:
    drew.page.get_by_role("link", name="Planning", exact=True).focus()
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("heading", name="What if?")).to_be_visible()
    assert_fit(drew)
    drew.page.get_by_role("link", name="all who wait, 1 changed").last.focus()
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("heading", name="Week by week")).to_be_visible()
    assert_fit(drew)
    drew.page.get_by_role("link", name="Planning", exact=True).first.click()
    drew.page.get_by_label("Every").select_option("Friday")
    drew.page.get_by_role("button", name="Plan and compare").focus()
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("progressbar")).to_be_visible()
    assert_fit(drew)
    drew.page.get_by_role("button", name="Stop it").focus()
    drew.page.keyboard.press("Enter")
    expect(drew.page.get_by_role("button", name="Begin it anew")).to_be_visible()


def test_a_series_is_booked_in_at_most_four_clicks(chromium: Browser, served: str) -> None:
    for seen in signed_in(chromium, served, "drew", "light"):
        visit(seen, "Wanda Waiting")
        click = Clicks()

        click(seen.page.get_by_role("button", name="Plan series"))
        expect(seen.page.get_by_role("heading", level=2)).to_contain_text(
            ["Look again", "Best", "Second", "Third"]
        )
        assert_fit(seen)
        click(seen.page.get_by_role("button", name="Book the best plan"))

        expect(seen.page.get_by_role("main").get_by_role("status")).to_contain_text("Booked")
        assert click.count <= 4
        assert "Wanda" not in "".join(seen.addresses)


def test_the_next_visit_is_booked_in_at_most_three_clicks(chromium: Browser, served: str) -> None:
    for seen in signed_in(chromium, served, "drew", "light"):
        visit(seen, "Sam Single")
        click = Clicks()

        click(seen.page.get_by_role("button", name="Find a time for"))
        click(seen.page.get_by_role("button", name="Book").first)

        expect(seen.page.get_by_role("main").get_by_role("status")).to_contain_text("Booked")
        assert click.count <= 3


def test_a_visit_is_moved_by_form_with_its_consequences_and_put_back(drew: Watched) -> None:
    visit(drew, "Pat Example")
    drew.page.get_by_role("link", name="Move Infusion 2").click()
    stood = drew.page.locator("main strong").first.inner_text()
    day = drew.page.get_by_label("Day")
    later = date.fromisoformat(day.input_value()) + timedelta(days=1)

    day.fill(later.isoformat())
    drew.page.get_by_role("button", name="Check this time").click()
    expect(drew.page.get_by_role("heading", name="allowed")).to_be_visible()
    assert_fit(drew)
    drew.page.get_by_role("button", name="Move").first.click()
    expect(drew.page.get_by_role("main").get_by_role("status")).to_contain_text("It is now on")
    assert_fit(drew)
    drew.page.get_by_role("button", name="Undo the move").click()

    expect(drew.page.get_by_role("main").get_by_role("status")).to_contain_text(stood)


def test_a_refused_time_shows_the_reasons_of_the_rules(drew: Watched) -> None:
    visit(drew, "Pat Example")
    drew.page.get_by_role("link", name="Move Infusion 2").click()
    drew.page.get_by_label("Begins at").fill("09:07")
    drew.page.get_by_role("button", name="Check this time").click()

    expect(drew.page.get_by_role("heading", name="not possible")).to_be_visible()
    expect(drew.page.locator("#answer li").first).to_contain_text("The nearest is")
    assert_fit(drew)
    drew.page.get_by_role("button", name="Look at that time").click()
    expect(drew.page.get_by_role("heading", name="allowed")).to_be_visible()


def test_a_visit_is_moved_on_the_week_by_keyboard_alone(drew: Watched) -> None:
    visit(drew, "Pat Example")
    drew.page.get_by_role("link", name="Move Session 2").click()
    first = drew.page.get_by_label("Day").input_value()
    drew.page.goto(f"{drew.page.url.partition('/appointments')[0]}/week?day={first}")
    link = drew.page.get_by_role("link", name="Move… Session 2").first
    panel = drew.page.get_by_role("region", name="Moving a visit")

    link.focus()
    drew.page.keyboard.press("Alt+ArrowRight")
    expect(panel.get_by_role("status")).to_contain_text(":")
    drew.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    for _ in range(8):
        drew.page.keyboard.press("Alt+ArrowDown")
    expect(panel.get_by_role("status")).to_contain_text("allowed")
    drew.assert_accessible()
    drew.page.keyboard.press("Enter")

    expect(drew.page.get_by_role("main").get_by_role("status")).to_contain_text("It is now on")
    drew.page.get_by_role("button", name="Undo the move").press("Enter")
    expect(drew.page.get_by_role("main").get_by_role("status")).to_contain_text("It is now on")


def test_a_time_before_the_patient_is_ready_is_refused_on_the_week(drew: Watched) -> None:
    visit(drew, "Pat Example")
    drew.page.get_by_role("link", name="Move Session 2").click()
    first = drew.page.get_by_label("Day").input_value()
    drew.page.goto(f"{drew.page.url.partition('/appointments')[0]}/week?day={first}")
    drew.page.get_by_role("link", name="Move… Session 2").first.focus()
    for _ in range(30):
        drew.page.keyboard.press("Alt+ArrowLeft")

    panel = drew.page.get_by_role("region", name="Moving a visit")
    expect(panel.get_by_role("status")).to_contain_text("refused")
    expect(panel.get_by_role("button", name="Move it there")).to_be_hidden()
    drew.assert_accessible()
    drew.page.keyboard.press("Enter")
    expect(panel).to_be_visible()


PAGES = (
    "/health",
    "/today",
    "/week",
    "/patients",
    "/protocols",
    "/clinic",
    "/clinic/import",
    "/reports",
    "/reports/protocol",
    "/reports/pairing",
    "/reports/hours",
    "/reports/messages",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_room_is_accessible_and_loses_nothing_when_narrow(
    chromium: Browser, served: str, scheme: str
) -> None:
    for seen in signed_in(chromium, served, "ana", scheme):
        for path in PAGES:
            seen.page.goto(served + path)
            seen.page.wait_for_load_state("networkidle" if path != "/today" else "load")
            assert_fit(seen)
        seen.page.goto(f"{served}/clinic")
        seen.page.get_by_role("link", name="chairs").click()
        assert_fit(seen)
        seen.page.goto(f"{served}/protocols")
        seen.page.get_by_role("link", name="short").first.click()
        assert_fit(seen)
        seen.page.get_by_role("link", name="Edition 1").click()
        assert_fit(seen)


def test_a_spreadsheet_with_a_bad_row_is_put_right_and_imported(
    chromium: Browser, served: str
) -> None:
    table = "kind,name,site\npatient,Ida Imported,Only\npatient,Rita Reed,{}\n"
    for seen in signed_in(chromium, served, "ana", "light"):
        seen.page.get_by_role("link", name="Clinic").click()
        seen.page.get_by_role("link", name="Import", exact=True).click()
        rows = seen.page.get_by_label("or the rows themselves")
        rows.fill(table.format("Nowhere"))
        seen.page.get_by_role("button", name="Look first").click()
        expect(seen.page.get_by_role("cell", name="there is no site of that name")).to_be_visible()
        assert_fit(seen)

        rows.fill(table.format("Only"))
        seen.page.get_by_role("button", name="Look first").click()
        expect(seen.page.get_by_role("main").get_by_role("status")).to_contain_text(
            "This would add: 2 patient"
        )
        seen.page.get_by_role("button", name="Import it now").click()

        expect(seen.page.get_by_role("main").get_by_role("status")).to_contain_text(
            "Added: 2 patient"
        )
