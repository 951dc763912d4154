"""What a person might really send, where chance alone would hardly ever hit upon it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.builders import SHORT_PROTOCOL

Known = Mapping[str, str]


def _soon() -> str:
    day = datetime.now(UTC) + timedelta(days=4)
    return day.replace(hour=18, minute=0, second=0, microsecond=0).isoformat()


def _protocol(known: Known) -> dict[str, Any]:
    return {"document": {**SHORT_PROTOCOL, "code": f"p-{uuid4().hex[:8]}"}}


GOOD_BODIES: Mapping[str, Callable[[Known], dict[str, Any]]] = {
    "signIn": lambda k: {"email": k["email"], "password": k["password"]},
    "createUser": lambda _: {
        "email": f"{uuid4().hex}@example.org",
        "password": "seven green bottles",
        "role": "nurse",
        "patient_id": None,
        "practitioner_id": None,
    },
    "changeUser": lambda _: {"password": "seven green bottles", "role": "nurse"},
    "importPeople": lambda _: {"csv": "kind,name,site\npatient,Rowan Elder,Larkfield House\n"},
    "importAvailability": lambda _: {
        "csv": "bookable,site,days,opens,closes\nchairs,Larkfield House,mon,08:00,18:00\n"
    },
    "createProtocol": _protocol,
    "addVersion": lambda k: {"document": {**SHORT_PROTOCOL, "code": k["code_of_protocol"]}},
    "replaceDraft": lambda k: {"document": {**SHORT_PROTOCOL, "code": k["code_of_protocol"]}},
    "enrolPatient": lambda k: {
        "patient_id": k["patient"],
        "protocol_version_id": k["version"],
        "candidates": {"therapist": [k["therapist"]]},
        "arm": None,
        "start_by": None,
    },
    "proposePlans": lambda _: {"candidates": {}, "start_by": None},
    "previewMove": lambda _: {"starts_at": _soon(), "choices": {}},
    "bookVisit": lambda k: {
        "series_id": k["series_to_book"],
        "visit": "infusion",
        "starts_at": _soon(),
        "choices": {},
    },
    "answerCheckIn": lambda _: {
        "answers": {"mood": 5},
        "answered_at": datetime.now(UTC).isoformat(),
    },
    "setOnCall": lambda _: {"rota": []},
    "decideOnMissedVisit": lambda _: {"visit": "infusion", "decision": "resume"},
    "releaseVisits": lambda _: {"visits": ["infusion"]},
    "addAbsence": lambda _: {
        "first_on": "2031-05-14",
        "last_on": "2031-05-15",
        "opens": None,
        "closes": None,
    },
    "setWeek": lambda _: {"weekly": [{"days": ["mon"], "opens": 480, "closes": 1080}]},
    "createPatient": lambda _: {"weekly": None, "email": None},
    "changePatient": lambda _: {"weekly": None, "email": None},
    "createPractitioner": lambda _: {"code": f"c-{uuid4().hex[:8]}", "role": "therapist"},
}
