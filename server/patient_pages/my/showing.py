"""What every page of a signed-in patient shows: their language, whom to call, where to go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Response, request

from server.patient_pages.my import browser
from server.patient_pages.pages import page
from server.services.access import Caller
from server.services.clinic.help_lines import HelpLine
from server.services.days import sync
from server.services.refusals import NotFound

AWAITED = ("booked", "pending", "arrived")
NOTES = ("confirmed", "saved", "moved", "taken", "soon", "again", "answered", "early", "kept")


@dataclass(frozen=True)
class Plan:
    """All that the phone app would show, for a page."""

    document: dict[str, Any]

    @property
    def language(self) -> str:
        """The patient's."""
        return str(self.document["patient"]["language"])

    @property
    def help_line(self) -> HelpLine:
        """Whom to call."""
        return cast(HelpLine, self.document["help_line"])

    @property
    def as_of(self) -> datetime:
        """The present instant on the clinic's clock."""
        return cast(datetime, self.document["as_of"])

    def coming(self) -> list[dict[str, Any]]:
        """Visits ahead, the next one first."""
        return [
            each
            for each in self.document["appointments"]
            if each["status"] in AWAITED and each["ends_at"] > self.as_of
        ]

    def past(self) -> list[dict[str, Any]]:
        """Visits that are over, the last one first."""
        over = [each for each in self.document["appointments"] if each["ends_at"] <= self.as_of]
        return over[::-1]

    def open_now(self) -> list[dict[str, Any]]:
        """Check-ins that can be answered."""
        return [
            each
            for each in self.document["check_ins"]
            if each["status"] == "requested" and each["opens_at"] <= self.as_of < each["closes_at"]
        ]

    def one(self, kind: str, wanted: str) -> dict[str, Any]:
        """A visit or a check-in by its id; NotFound for that of anybody else."""
        for each in self.document[kind]:
            if each["id"] == wanted:
                return cast(dict[str, Any], each)
        raise NotFound


def plan_of(by: Caller) -> Plan:
    """What there is for this patient now."""
    return Plan(sync.today(by, now=browser.utc_now()))


def shown(name: str, plan: Plan, status: int = 200, **more: Any) -> Response:
    """A page for a patient who is signed in."""
    note = more.pop("note", request.args.get("note", ""))
    more |= {"note": note if note in NOTES else "", "form": browser.token(browser.held())}
    return page(f"my_{name}", plan.language, plan.help_line, status, plan=plan, **more)
