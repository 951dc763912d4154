"""Every page says what one does there."""

from server.console import help_words
from server.console.rooms import ROOMS
from tests.cast import Cast
from tests.console.conftest import Browser


def test_every_room_has_words() -> None:
    assert {page for page, _, _ in ROOMS} - {"planning_runs", "planning", "runs"} <= set(
        help_words.WORDS
    )


def test_every_page_says_what_one_does_there(cast: Cast, browser_of: Browser) -> None:
    ana, pat = browser_of("ana"), cast.things["pat"]["patient"]
    for page in ("/today", "/week", "/patients", f"/patients/{pat}", "/clinic/people", "/reports"):
        assert '<details class="help">' in ana.get(page).text, page


def test_no_words_promise_anything() -> None:
    every = " ".join(each for words in help_words.WORDS.values() for each in words).lower()
    assert not any(word in every for word in ("heal", "cure", "improve", "better outcomes"))
