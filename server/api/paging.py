"""Long lists come in pages: which one is asked for, and how the reply tells of the others."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import post_load

from shared.schemas.fields import Query, Whole

USUAL, MOST, LAST_PAGE = 20, 100, 100_000
HEADERS = {
    "X-Total-Count": {
        "description": "How many there are on all pages together.",
        "schema": {"type": "integer", "minimum": 0},
        "required": True,
    },
    "Link": {
        "description": "The first, previous, next and last page (RFC 8288).",
        "schema": {"type": "string"},
        "required": True,
    },
}


@dataclass(frozen=True, slots=True)
class Page:
    """Pages are counted from 1."""

    number: int
    size: int


class PageQuery(Query):
    """Which page."""

    page = Whole(1, LAST_PAGE, load_default=1)
    page_size = Whole(1, MOST, load_default=USUAL)

    @post_load
    def make(self, read: dict[str, int], **_: Any) -> Page:
        """The value."""
        return Page(number=read["page"], size=read["page_size"])


def headers(page: Page, total: int) -> dict[str, str]:
    """What the reply says of the other pages."""
    last = max(1, -(-total // page.size))
    pages = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": last}
    links = [
        f'<{_address(number, page.size)}>; rel="{relation}"'
        for relation, number in pages.items()
        if 1 <= number <= last
    ]
    return {"X-Total-Count": str(total), "Link": ", ".join(links)}


def _address(number: int, size: int) -> str:
    others = [(n, v) for n, v in request.args.items(multi=True) if n not in ("page", "page_size")]
    return f"{request.path}?{urlencode([*others, ('page', number), ('page_size', size)])}"
