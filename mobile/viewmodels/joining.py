"""The clinic's code, however it came to the patient: typed from paper, or as a pasted link."""

import re

LINK = "/my/join/"
"""Where the clinic's QR code and link lead on the web; the code comes after it."""
LINKED = re.compile(re.escape(LINK) + r"([A-Za-z0-9-]*)")


def code_in(pasted: str) -> str:
    """The code alone. A link only lends its code: nothing is ever sent to where it points."""
    linked = LINKED.search(pasted)
    return linked[1] if linked else pasted.strip()
