"""Reports: figures with their tables, and the same tables for a spreadsheet."""

from datetime import timedelta
from typing import Any

from flask import Response, request

from server.console.asking import caller, utc_now
from server.console.days import a_day
from server.console.pages import guarded, staff_page
from server.console.reports import tables, tabs
from server.console.reports.tabs import Asked
from server.services.refusals import Invalid, NotFound

SPAN = timedelta(days=83)
"""What is shown where nobody asks for other days: twelve weeks with today."""


def show(code: str = "") -> Any:
    """A page of reports."""
    found, asked = tabs.tab(code), _asked()
    if found is None:
        raise NotFound
    said: dict[str, Any] = {"here": "reports", "tab": found, "tabs": tabs.TABS, "asked": asked}
    try:
        shown = [tabs.REPORTS[each](asked) for each in found.reports]
    except Invalid as refused:
        fault = " ".join(each.reason for each in refused.faults)
        return staff_page("reports/reports.html", asked.by, 422, **said, fault=fault, tables=())
    return staff_page("reports/reports.html", asked.by, **said, tables=shown)


def sheet(code: str) -> Any:
    """One of them as CSV."""
    asked = _asked()
    if code not in tabs.REPORTS:
        raise NotFound
    written = tables.as_csv(tabs.REPORTS[code](asked))
    reply = guarded(Response(written, content_type="text/csv; charset=utf-8"))
    reply.headers["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return reply


def _asked() -> Asked:
    now = utc_now()
    last = a_day(request.args.get("last", "")) or now.date()
    first = a_day(request.args.get("first", "")) or last - SPAN
    return Asked(by=caller(), first=first, last=last, now=now)
