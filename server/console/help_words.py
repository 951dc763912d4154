"""What one does on each page of the console, in a few sentences."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "today": (
        (
            "Everybody who comes today, in the order of the day. One press takes a visit a step "
            "on, and for a while another takes it back."
        ),
        (
            "“Live” says that what you see is true now. When it says since when it is stale, wait "
            "or load the page again before you rely on it."
        ),
    ),
    "health": (
        (
            "How the clinic stands now: what waits for somebody, whether messages go out, how full "
            "the chairs are, which licences end. Each figure leads to where it is seen to."
        ),
    ),
    "needs": (
        (
            "What must not be overlooked. Take an answer on, and whoever else was to be asked is "
            "not; close it with what was done."
        ),
        (
            "A visit that did not take place comes with a plan for the rest. Book all of it, look "
            "afresh, or write what was done instead."
        ),
    ),
    "week": (
        (
            "The week by chair, room and person. A visit leads to its patient, “Move…” to other "
            "times."
        ),
    ),
    "timeline": (
        "A day or a week as a timeline. A visit in focus lights up its whole series.",
        (
            "Drag it, or press m and use Alt with the arrow keys; Enter confirms, Esc lets go. "
            "The rules answer at every step, and nothing moves before you confirm."
        ),
    ),
    "patients": (
        (
            "Everybody you may see. “Needs” says who waits for somebody. Names are looked for "
            "with the form, so that none stands in an address."
        ),
    ),
    "patient": (
        (
            "One patient's series from first visit to last. The plan button shows three ways to "
            "place whatever has no time; a visit by itself has its own search or “Move…”."
        ),
    ),
    "course": (
        (
            "Every check-in and what was answered. Scores are set against the last one before the "
            "first infusion; how large a change is says nothing about its cause."
        ),
    ),
    "patient_messages": (
        (
            "What the patient was told and what waits, word for word. What was given up says why, "
            "and can be sent again once the cause is mended."
        ),
    ),
    "looked": ("Whoever saw this patient or changed something. Nothing here can be changed.",),
    "details": ("How to reach a patient, whom they bring, and when they can come.",),
    "plans": (
        (
            "Up to three plans with their reasons. “Book” takes a whole plan or nothing of it. "
            "Where there is none, the page says why and what would help."
        ),
    ),
    "move": ("Other times for one visit. Each is checked by the rules that book it.",),
    "waiting": (
        (
            "Who would come at another time, and times that came free. Offered ones are kept for "
            "those who were asked while they think."
        ),
    ),
    "planning": (
        (
            "Runs that plan many series at once, and trials of what would be otherwise. Nothing "
            "is booked before you take a plan over."
        ),
    ),
    "protocols": (
        (
            "What the clinic treats by. An edition is written, published, signed where open, and "
            "activated; new series start on the active one."
        ),
    ),
    "outline": (
        (
            "The quickest way to a protocol of one's own: a few questions make a draft, which is "
            "then changed, signed by a prescriber and published like any other."
        ),
    ),
    "edition": (
        (
            "An edition as sentences, each number with how far it can be trusted: V read in the "
            "source, S secondary, R recalled, D a default to be decided."
        ),
        "While it is written an example patient lives through it beside the text.",
    ),
    "compare": ("Two editions in words, and lived through by the same example patient.",),
    "impact": (
        (
            "Series stay on the edition they began with until you carry them over. Look first; "
            "then exactly what is shown is done, for all or for those you choose."
        ),
    ),
    "clinic": (
        (
            "Rooms, chairs and people with their hours. After an absence, “Look for visits to "
            "repair” shows the fewest changes that make everything hold again."
        ),
    ),
    "people": (
        (
            "Who signs in and as what; who treats, and until when their licences last. Shutting "
            "somebody out ends their sign-ins at once."
        ),
    ),
    "on_call": ("Who is asked first when an answer needs somebody, and after how long the next.",),
    "house": ("When the clinic writes, what counts as missed, and whom patients can call.",),
    "texts": ("What messages say. Each stands here whole, as it would go.",),
    "places": ("Sites with their clocks and the days they are closed; new rooms and chairs.",),
    "import_page": ("Bring in people or hours from a sheet: tried first, then taken whole.",),
    "reports": ("Figures with their tables. CSV gives a table to a spreadsheet.",),
    "record": ("Who did what, and who looked at whom. Ask by person and by day.",),
}
"""By page, as its address is named; a page without words of its own has those of its room."""


def of(page: str, room: str) -> tuple[str, ...]:
    """What one does on a page."""
    return WORDS.get(page) or WORDS.get(room, ())
