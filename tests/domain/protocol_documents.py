"""A small complete protocol document for tests, and ways to change one entry of it."""

import json
import re
from copy import deepcopy

from server.domain.calendars import WeeklyHours

STEP = re.compile(r"([A-Za-z_]+)|\[(\d+)\]")
MONDAY_TO_FRIDAY = (WeeklyHours(days=(0, 1, 2, 3, 4), opens=8 * 60, closes=18 * 60),)
INFUSION, INTEGRATION = "phases[0].visits[0]", "phases[0].visits[1]"


def at_hours(opens, closes, *days):
    """Opening hours on the weekdays given (Monday 0), in whole hours."""
    return (WeeklyHours(days=days, opens=opens * 60, closes=closes * 60),)


def complete(**changes):
    """Three infusions two to four days apart, each followed by an integration in 24-72 hours.

    `changes` replace whole entries of the document.
    """
    return json.loads(json.dumps(COMPLETE)) | changes


def changed(path, value, document=None):
    """The document with one entry replaced, or taken out where the value is `GONE`."""
    document = complete() if document is None else deepcopy(document)
    steps = [name or int(number) for name, number in STEP.findall(path)]
    inner = document
    for step in steps[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[steps[-1]]
    elif isinstance(inner, list) and steps[-1] == len(inner):
        inner.append(value)
    else:
        inner[steps[-1]] = value
    return document


GONE = object()

NURSE = {"bookable": "nurses", "units": 2, "evidence": "invented"}
ON_SITE = {"bookable": "prescriber-on-site", "units": 0}


def part(name, minutes, *claims, **more):
    """One part of a visit."""
    found = {"name": name, "minutes": minutes, "claims": list(claims), **more}
    return found if minutes in ("as-arms", None) else found | {"evidence": "invented"}


SESSION = part("session", 60, {"choice": "therapist"})

COMPLETE = {
    "format": "tandem.protocol/1",
    "code": "small",
    "title": "Small (invented)",
    "description": "Invented for tests.",
    "off_label": True,
    "demonstration": True,
    "start_visit": "infusion-1",
    "sources": [{"id": "10", "citation": "A paper"}],
    "arms": [
        {
            "code": "ketamine",
            "title": "Ketamine",
            "drug": "ketamine",
            "route": "intravenous",
            "dose": {"mg_per_kg": 0.5, "evidence": "invented"},
            "cap": {"mg": 60, "evidence": "invented"},
            "duration": {"minutes": 40, "evidence": "invented"},
        }
    ],
    "choices": [{"name": "therapist", "role": "therapist", "kept": True}],
    "phases": [
        {
            "code": "induction",
            "title": "Induction",
            "visits": [
                {
                    "code": "infusion",
                    "title": "Infusion",
                    "kind": "infusion",
                    "repeat": {
                        "times": 3,
                        "evidence": "invented",
                        "gap": {"unit": "days", "min": 2, "max": 4, "evidence": "invented"},
                    },
                    "parts": [
                        part("preparation", 20, {"bookable": "chairs"}, NURSE),
                        part("infusion", "as-arms", {"bookable": "chairs"}, NURSE, ON_SITE),
                        part("observation", 60, {"bookable": "chairs"}, NURSE),
                        part("turnover", 15, {"bookable": "chairs"}, with_patient=False),
                    ],
                },
                {
                    "code": "integration",
                    "title": "Integration",
                    "kind": "integration",
                    "for_each": "infusion",
                    "parts": [SESSION],
                    "windows": [
                        {
                            "from": "infusion",
                            "edge": "end",
                            "unit": "hours",
                            "min": 24,
                            "max": 72,
                            "evidence": "invented",
                        },
                        {"before": "infusion", "which": "next"},
                    ],
                },
            ],
        }
    ],
    "gates": [{"code": "suicide-screen", "title": "Screened", "before": "infusion"}],
    "fasting": {"solids_hours": 6, "clear_liquids_hours": 2, "evidence": "invented"},
    "no_drive": {"until": "next-day"},
    "escort": {"required": True},
}
