"""One good request for every operation of the API that needs a sign-in.

A new route joins here: its operationId, whose thing it is about, and a body where it takes one.
Ids in the path fill themselves from the things of the patient or clinic it is tried on:
`{series_id}` becomes `things["series"]`; `path` says otherwise. Bodies and queries are made from
the same things. What has a version is changed with `If-Match: "1"`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from tests.builders import OWN_FORM, SHORT_PROTOCOL
from tests.cast import Things

Make = Callable[[Things], dict[str, object]]
SOON = datetime.now(UTC) + timedelta(days=2)


class Whose(Enum):
    """Whom the things belong to, and so who reaches them."""

    PATIENT = auto()
    CLINIC = auto()
    SELF = auto()
    """The caller's own, out of everybody else's reach."""
    NOBODY = auto()
    """Shipped with Tandem; the same for all."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A request, and what somebody gets who may ask for it."""

    whose: Whose = Whose.CLINIC
    answers: int = 200
    path: Mapping[str, str] = field(default_factory=dict)
    body: Make | None = None
    query: Make | None = None
    foreign: int = 404
    """What somebody gets whose role may, for things out of reach."""


def patients(**more: object) -> Example:
    """About one patient's things."""
    return Example(whose=Whose.PATIENT, **more)  # type: ignore[arg-type]


def patient_body(things: Things) -> dict[str, object]:
    return {"site_id": things["site"], "full_name": "Rowan Elder"}


DRAFT = {"version_id": "draft"}

EXAMPLES: dict[str, Example] = {
    "readMe": Example(whose=Whose.SELF),
    "readToday": Example(whose=Whose.SELF),
    "exportMe": Example(whose=Whose.SELF),
    "listSignIns": Example(whose=Whose.SELF),
    "endSignIn": Example(whose=Whose.SELF, answers=204),
    "signOut": Example(whose=Whose.SELF, answers=204),
    "invitePatient": patients(answers=201),
    "listUsers": Example(),
    "readUser": Example(),
    "createUser": Example(
        answers=201,
        foreign=422,
        body=lambda t: {
            "email": "new@example.org",
            "password": "seven green bottles",
            "role": "patient",
            "patient_id": t["patient"],
        },
    ),
    "changeUser": Example(body=lambda _: {"disabled": False}),
    "listAuditEvents": Example(
        foreign=200, query=lambda t: {"patient_id": t["patient"], "since": "2020-01-01T00:00:00Z"}
    ),
    "listSites": Example(),
    "createSite": Example(
        answers=201,
        body=lambda _: {"title": "Mill Lane", "time_zone": "Europe/Paris", "grid_minutes": 15},
    ),
    "readSite": Example(),
    "changeSite": Example(
        body=lambda _: {
            "title": "New name",
            "time_zone": "America/New_York",
            "grid_minutes": 15,
        },
    ),
    "listHolidays": Example(),
    "addHoliday": Example(answers=201, body=lambda _: {"on": "2031-05-14", "title": "Fair"}),
    "removeHoliday": Example(),
    "listBookables": Example(foreign=200, query=lambda t: {"site_id": t["site"]}),
    "createBookable": Example(
        answers=201,
        foreign=422,
        body=lambda t: {
            "title": "Chair 9",
            "capacity": 1,
            "kind": "chair",
            "code": "chair-9",
            "site_id": t["site"],
        },
    ),
    "readBookable": Example(),
    "changeBookable": Example(body=lambda _: {"title": "Rooms", "capacity": 3}),
    "setWeek": Example(
        body=lambda _: {"weekly": [{"days": ["mon", "tue"], "opens": 480, "closes": 1080}]},
    ),
    "addAbsence": Example(
        answers=201, body=lambda _: {"first_on": "2031-05-14", "last_on": "2031-05-15"}
    ),
    "removeException": Example(),
    "retireBookable": Example(),
    "listPractitioners": Example(),
    "createPractitioner": Example(
        answers=201,
        foreign=422,
        body=lambda t: {"title": "Tilda", "role": "therapist", "site_id": t["site"]},
    ),
    "readPractitioner": Example(),
    "changePractitioner": Example(body=lambda _: {"title": "Renamed", "credentials": []}),
    "importPeople": Example(
        query=lambda _: {"dry_run": "true"},
        body=lambda _: {"csv": "kind,name,site\npatient,Rowan Elder,Larkfield House\n"},
        foreign=200,
    ),
    "importAvailability": Example(
        query=lambda _: {"dry_run": "true"},
        body=lambda _: {
            "csv": "bookable,site,days,opens,closes\nchairs,Larkfield House,mon,08:00,18:00\n"
        },
        foreign=200,
    ),
    "listPatients": patients(),
    "searchPatients": patients(body=lambda _: {"name": "r"}),
    "createPatient": Example(answers=201, foreign=422, body=patient_body),
    "readPatient": patients(),
    "changePatient": patients(body=patient_body),
    "listLibrary": Example(whose=Whose.NOBODY),
    "readLibraryDraft": Example(whose=Whose.NOBODY, path={"code": "demo-ketamine-integration"}),
    "adoptDraft": Example(
        whose=Whose.NOBODY, answers=201, path={"code": "demo-ketamine-integration"}
    ),
    "listProtocols": Example(),
    "createProtocol": Example(
        answers=201, body=lambda _: {"document": {**SHORT_PROTOCOL, "code": "another"}}
    ),
    "readProtocol": Example(),
    "listVersions": Example(),
    "addVersion": Example(
        answers=201, body=lambda t: {"document": {**SHORT_PROTOCOL, "code": t["code"]}}
    ),
    "readVersion": Example(),
    "replaceDraft": Example(
        path=DRAFT, body=lambda t: {"document": {**SHORT_PROTOCOL, "code": t["draft_code"]}}
    ),
    "exportVersion": Example(),
    "lintVersion": Example(),
    "listObstacles": Example(),
    "listOpenFields": Example(),
    "compareVersions": Example(query=lambda t: {"since": t["draft"]}),
    "publishVersion": Example(path=DRAFT),
    "signVersion": Example(
        path=DRAFT,
        answers=422,  # the demonstration protocol is complete: nothing is left to sign
        body=lambda _: {"fills": {"arms.0.dose": 1}},
    ),
    "activateVersion": Example(path=DRAFT, answers=409),  # it is to be published first
    "retireVersion": Example(),
    "listSeries": patients(foreign=200, query=lambda t: {"patient_id": t["patient"]}),
    "enrolPatient": patients(
        answers=409,  # the patient has a series that has not ended
        body=lambda t: {
            "patient_id": t["patient"],
            "protocol_version_id": t["version"],
            "ready_on": SOON.date().isoformat(),
            "candidates": {"therapist": [t["therapist"]]},
        },
    ),
    "readSeries": patients(),
    "proposePlans": patients(answers=201, body=lambda _: {}),
    "bookPlan": patients(answers=201, body=lambda t: {"plan_id": t["plan"]}),
    "holdSeries": patients(body=lambda _: {"reason": "Blood pressure"}),
    "resumeSeries": patients(answers=409),
    "revokeSeries": patients(body=lambda _: {"reason": "Moved away"}),
    "completeSeries": patients(answers=409),
    "releaseVisits": patients(answers=422, body=lambda _: {"visits": ["infusion"]}),
    "decideOnMissedVisit": patients(
        body=lambda _: {"visit": "infusion", "decision": "resume", "reason": "Was ill"},
    ),
    "listAppointments": patients(
        foreign=200,
        query=lambda t: {
            "patient_id": t["patient"],
            "start": (SOON - timedelta(days=5)).isoformat(),
            "end": (SOON + timedelta(days=5)).isoformat(),
        },
    ),
    "bookVisit": patients(
        answers=409,  # it is booked already
        body=lambda t: {
            "series_id": t["series"],
            "visit": "preparation",
            "starts_at": SOON.isoformat(),
            "choices": {"therapist": t["therapist"]},
        },
    ),
    "readAppointment": patients(),
    "previewMove": patients(
        answers=409,  # off the clinic's grid, for one
        body=lambda _: {"starts_at": SOON.replace(minute=7).isoformat()},
    ),
    "applyMove": patients(body=lambda t: {"preview_id": t["preview"]}),
    "confirmAppointment": patients(body=lambda _: {"schedule_version": 1}),
    "nameRide": patients(body=lambda _: {"name": "Sam", "phone": "555 0100"}),
    "offerTimes": patients(answers=201),
    "readQuestionnaire": Example(whose=Whose.NOBODY, path={"questionnaire": "pcl-5"}),
    "listQuestionnaires": Example(),
    "loadQuestionnaire": Example(
        whose=Whose.NOBODY,
        path={"questionnaire": "house-worries"},
        body=lambda _: {"document": OWN_FORM, "may_use": "Contract 17, of 3 March"},
    ),
    "withdrawQuestionnaire": Example(
        whose=Whose.NOBODY, answers=204, path={"questionnaire": "house-worries"}
    ),
    "listCheckIns": patients(),
    "readCheckIn": patients(),
    "answerCheckIn": patients(
        answers=201,
        body=lambda _: {
            "answers": {"mood": 6, "note": "slept well"},
            "answered_at": datetime.now(UTC).isoformat(),
        },
    ),
    "listAlerts": patients(foreign=200),
    "acknowledgeAlert": patients(),
    "closeAlert": patients(path={"alert_id": "acknowledged"}, body=lambda _: {"outcome": "Rang"}),
    "listMessageTexts": Example(whose=Whose.NOBODY, path={"language": "en"}),
    "changeMessageText": Example(
        whose=Whose.NOBODY,
        path={"language": "en", "kind": "confirm"},
        body=lambda _: {"text": "We would like to see you on {day} at {time}. Can you come?"},
    ),
    "resetMessageText": Example(
        whose=Whose.NOBODY, answers=204, path={"language": "en", "kind": "confirm"}
    ),
    "listWaiting": patients(foreign=200),
    "readWaiting": patients(),
    "joinWaiting": patients(
        answers=201,
        body=lambda things: {"series_id": things["series"], "visit_code": "preparation"},
    ),
    "leaveWaiting": patients(answers=204),
    "listFreedTimes": Example(),
    "offerFreedTime": Example(),
    "closeFreedTime": Example(),
    "listSlotOffers": patients(),
    "acceptSlotOffer": patients(path={"slot_offer_id": "lapsed"}, answers=409),
    "declineSlotOffer": patients(),
    "listFollowUps": patients(foreign=200),
    "planFollowUp": patients(),
    "applyFollowUp": patients(answers=409),
    "settleFollowUp": patients(body=lambda _: {"outcome": "Rang; comes on Monday"}),
    "listPaperwork": patients(foreign=200),
    "listPaperworkOfPatient": patients(),
    "fillPaperwork": patients(body=lambda _: {"done_at": "2026-01-05T15:00:00Z", "total": 31}),
    "readHouseRules": Example(),
    "changeHouseRules": Example(
        body=lambda _: {
            "confirm_hours": 48,
            "ride_home_hours": 24,
            "evening": 1080,
            "morning": 420,
            "noshow_after_minutes": 90,
            "offers_freed_times": False,
            "digest_at": None,
        }
    ),
    "readOnCall": Example(),
    "setOnCall": Example(body=lambda _: {"rota": []}),
    "listMessages": Example(),
    "resendMessage": Example(),
    "listReminders": patients(),
    "readWishes": patients(),
    "changeWishes": patients(
        body=lambda _: {
            "channel": "sms",
            "detail": "little",
            "quiet_from": 1260,
            "quiet_until": 420,
            "stopped": False,
        }
    ),
    "changeHelpLine": Example(
        body=lambda _: {"title": "Help by night", "phone": "988", "clinic_phone": "555 0100"}
    ),
    "askPlanningRun": Example(
        answers=202,
        body=lambda things: {
            "seconds": 2,
            "changes": [{"kind": "capacity", "bookable_id": things["bookable"], "capacity": 3}],
        },
    ),
    "listPlanningRuns": Example(),
    "readPlanningRun": Example(path={"run_id": "run"}),
    "readPlanningResult": Example(path={"run_id": "run"}),
    "cancelPlanningRun": Example(path={"run_id": "waiting_run"}),
    "restartPlanningRun": Example(path={"run_id": "lost_run"}),
    "bookPlanningRun": Example(path={"run_id": "run"}),
    "previewRepair": Example(answers=201),
    "previewImpact": Example(answers=201, body=lambda _: {"series_ids": None}),
    "applyImpact": Example(path={"impact_id": "impact"}),
    "applyRepair": Example(path={"repair_id": "repair"}),
    "cancelAppointment": patients(body=lambda _: {"reason": "Ill"}),
    "recordProgress": patients(body=lambda _: {"status": "arrived"}),
}
