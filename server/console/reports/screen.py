"""Reports: figures with their tables, and the same tables for a spreadsheet."""

from datetime import date, timedelta
from typing import Any

from flask import Response, request

from server.console.asking import caller, utc_now
from server.console.days import a_day
from server.console.pages import guarded, staff_page
from server.console.reports import care_tables, tables
from server.services.access import Caller
from server.services.record import care_reports, reports
from server.services.record.reports import Report
from server.services.refusals import Invalid, NotFound

MAIN = ("windows", "no-shows", "waiting")
SPAN = timedelta(days=83)
"""What is shown where nobody asks for other days: twelve weeks with today."""


def show() -> Any:
    """All reports on one page."""
    by = caller()
    try:
        report = _report(by)
    except Invalid as refused:
        return _refused(by, refused)
    return staff_page(
        "reports/reports.html", by, here="reports", report=report, tables=tables.tables(report)
    )


def care() -> Any:
    """Hours, pairing, messages and check-ins, on a page of their own."""
    by = caller()
    first, last = _span()
    try:
        found = care_tables.tables(care_reports.report(by, first, last))
    except Invalid as refused:
        return _refused(by, refused)
    span = {"first": first, "last": last}
    return staff_page("reports/reports.html", by, here="reports", report=span, tables=found)


def _refused(by: Caller, refused: Invalid) -> Any:
    """The page with what is wrong with the days asked for, and no report."""
    fault = " ".join(each.reason for each in refused.faults)
    return staff_page("reports/reports.html", by, 422, here="reports", fault=fault, tables=())


def sheet(code: str) -> Any:
    """One of them as CSV."""
    by = caller()
    found = tables.tables(_report(by)) if code in MAIN else _care(by)
    table = next((each for each in found if each.code == code), None)
    if table is None:
        raise NotFound
    reply = guarded(Response(tables.as_csv(table), content_type="text/csv; charset=utf-8"))
    reply.headers["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return reply


def _care(by: Caller) -> tuple[tables.Table, ...]:
    return care_tables.tables(care_reports.report(by, *_span()))


def _span() -> tuple[date, date]:
    last = a_day(request.args.get("last", "")) or utc_now().date()
    return a_day(request.args.get("first", "")) or last - SPAN, last


def _report(by: Caller) -> Report:
    first, last = _span()
    return reports.report(by, first, last, now=utc_now())
