"""What the console says when it has to refuse: a heading and what to do now."""

from collections.abc import Mapping

Words = tuple[str, str]

WORDS: Mapping[int, Words] = {
    400: ("That could not be read", "Go back, and try once more."),
    403: (
        "This page is not part of your work here",
        "Your sign-in is for other things. If you need this page, ask your administrator.",
    ),
    404: (
        "There is nothing at this address",
        "It may be mistyped or out of date, or belong to another clinic.",
    ),
    405: ("That cannot be done here", "Go back, and try once more from the page itself."),
    409: ("Somebody else was faster", "Go back to see how things stand now, then decide again."),
    413: ("That was too much at once", "Send less, or send it in parts."),
    500: (
        "Something went wrong here",
        "It is not your doing. Try again; if it happens once more, tell your administrator this:",
    ),
    503: ("Tandem cannot reach its records", "Nothing is lost. Try again in a minute."),
}
"""By status."""
FOREIGN: Words = (
    "This form has gone out of date",
    "You may have signed in again since it was opened. Open the page anew, then try once more.",
)
PATIENT: Words = (
    "Your own pages are waiting for you",
    """You are signed in, and all is well: this part of Tandem is only for the clinic's staff.
    Your visits and check-ins are in the phone app, and on your own pages at this same address with
    /my behind it. If you are not sure where to find them, your clinic will gladly help.""",
)
