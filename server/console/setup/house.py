"""The clinic's own habits, and whom a patient can call."""

from typing import Any

from flask import redirect, request, url_for

from server.console.asking import caller, poster, utc_now
from server.console.pages import staff_page
from server.console.sent import Outcome, attempt, load, number, seen, text
from server.console.setup import tabs
from server.services.access import ACTIONS
from server.services.clinic import help_lines, house_rules
from server.services.clinic.help_lines import HelpLine
from server.services.clinic.house_rules import HouseRules
from server.services.refusals import Invalid
from shared.schemas.house_rules import HouseRulesIn
from shared.schemas.sync import HelpLineSchema
from shared.vocabulary import AfterMissedCheckIn
from shared.weekdays import read_clock, write_clock

MISSED = [
    (AfterMissedCheckIn.TELL.value, "tells the first on duty"),
    (AfterMissedCheckIn.ALERT.value, "opens an alert that climbs"),
    (AfterMissedCheckIn.LIST.value, "stands on the patient's page only"),
]


def show(outcome: Outcome | None = None) -> Any:
    """What holds now."""
    by = caller()
    rules = house_rules.read(by)
    return staff_page(
        "setup/house.html",
        by,
        outcome.status if outcome else 200,
        here="clinic",
        tab="house",
        tabs=tabs.of(by),
        may={name for name, roles in ACTIONS.items() if by.role in roles},
        rules=rules,
        clock={
            name: "" if (at := getattr(rules, name)) is None else write_clock(at)
            for name in ("evening", "morning", "digest_at")
        },
        missed=MISSED,
        help_line=help_lines.of_clinic(by.clinic_id),
        outcome=outcome,
        form=request.form.get("what", "") if outcome else "",
        done="Saved." if "done" in request.args and outcome is None else "",
    )


def _answered(outcome: Outcome) -> Any:
    return redirect(url_for("console.house", done=1), 303) if outcome.done else show(outcome)


def change() -> Any:
    """Other habits from now on."""
    by, version = poster(), seen()

    def changed() -> None:
        wanted = HouseRules(**load(HouseRulesIn, _rules()))
        house_rules.change(by, wanted, expected_version=version, now=utc_now())

    return _answered(attempt(changed))


def _rules() -> dict[str, object]:
    return {
        "confirm_hours": number("confirm_hours"),
        "ride_home_hours": number("ride_home_hours"),
        "evening": _clock("evening"),
        "morning": _clock("morning"),
        "digest_at": _clock("digest_at") if text("digest_at") else None,
        "noshow_after_minutes": number("noshow_after_minutes"),
        "offers_freed_times": "offers_freed_times" in request.form,
        "after_missed_check_in": text("after_missed_check_in") or AfterMissedCheckIn.TELL.value,
        "rise_limit": number("rise_limit"),
        "side_effect_limit": number("side_effect_limit"),
    }


def _clock(name: str) -> int:
    try:
        return read_clock(text(name))
    except ValueError as error:
        raise Invalid.field(name, str(error)) from None


def change_help_line() -> Any:
    """Another line for a bad hour."""
    by = poster()

    def changed() -> None:
        given = {name: text(name) for name in ("title", "phone", "clinic_phone")}
        help_lines.change(by, HelpLine(**load(HelpLineSchema, given)), now=utc_now())

    return _answered(attempt(changed))
