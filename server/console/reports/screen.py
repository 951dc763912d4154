"""Reports: figures with their tables, and the same tables for a spreadsheet."""

from datetime import timedelta
from typing import Any

from flask import Response, request

from server.console.asking import caller, utc_now
from server.console.days import a_day
from server.console.pages import guarded, staff_page
from server.console.reports import tables
from server.services import reports
from server.services.access import Caller
from server.services.refusals import Invalid, NotFound
from server.services.reports import Report

SPAN = timedelta(days=83)
"""What is shown where nobody asks for other days: twelve weeks with today."""


def show() -> Any:
    """All reports on one page."""
    by = caller()
    try:
        report = _report(by)
    except Invalid as refused:
        fault = " ".join(each.reason for each in refused.faults)
        return staff_page("reports/reports.html", by, 422, here="reports", fault=fault, tables=())
    return staff_page(
        "reports/reports.html", by, here="reports", report=report, tables=tables.tables(report)
    )


def sheet(code: str) -> Any:
    """One of them as CSV."""
    report = _report(caller())
    table = next((each for each in tables.tables(report) if each.code == code), None)
    if table is None:
        raise NotFound
    reply = guarded(Response(tables.as_csv(table), content_type="text/csv; charset=utf-8"))
    reply.headers["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return reply


def _report(by: Caller) -> Report:
    today = utc_now().date()
    last = a_day(request.args.get("last", "")) or today
    first = a_day(request.args.get("first", "")) or last - SPAN
    return reports.report(by, first, last, now=utc_now())
