"""People and opening hours from a spreadsheet: looked at first, then all of it or nothing."""

from typing import Any

from flask import request

from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.services.access import Caller, require
from server.services.clinic import imports
from server.services.refusals import Invalid

TABLES = {"people": imports.people, "availability": imports.availability}
LONGEST = 1_000_000
UNREADABLE = "This file could not be read as text. Save it from the spreadsheet as CSV, UTF-8."


def show() -> Any:
    """The form, and which columns a table may have."""
    by = caller()
    require(by, "import.run")
    return _page(by)


def run() -> Any:
    """A dry run, unless the table has been looked at; what was pasted stays in the form."""
    by = poster()
    require(by, "import.run")
    table = "availability" if request.form.get("table") == "availability" else "people"
    text = _text()
    if text is None:
        return _page(by, 422, table=table, fault=UNREADABLE)
    dry_run = request.form.get("step") != "import"
    try:
        outcome = TABLES[table](by, text, dry_run=dry_run, now=utc_now())
    except Invalid as refused:
        faults = [(each.path.removeprefix("csv."), each.reason) for each in refused.faults]
        return _page(by, 422, table=table, text=text, refused=faults)
    return _page(by, table=table, text=text if dry_run else "", outcome=outcome)


def _text() -> str | None:
    sent = request.files.get("file")
    raw = sent.read(LONGEST + 1) if sent and sent.filename else b""
    if not raw:
        return request.form.get("text", "").replace("\0", "")[:LONGEST]
    try:
        return raw.decode("utf-8-sig").replace("\0", "") if len(raw) <= LONGEST else None
    except UnicodeDecodeError:
        return None


def _page(by: Caller, status: int = 200, **shown: Any) -> Any:
    return staff_page("clinic/import.html", by, status, here="clinic", **shown)
