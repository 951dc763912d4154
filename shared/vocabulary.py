"""The clinic's words, spelled once for server and phone; statuses as FHIR R4 spells them."""

from enum import StrEnum


class VisitKind(StrEnum):
    """What a visit is for."""

    SCREENING = "screening"
    PREPARATION = "preparation"
    INFUSION = "infusion"
    INTEGRATION = "integration"
    THERAPY = "therapy"
    ASSESSMENT = "assessment"
    FOLLOW_UP = "follow_up"


class AppointmentStatus(StrEnum):
    """FHIR Appointment.status, as far as the clinic uses it."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "noshow"


class Stage(StrEnum):
    """How far somebody who arrived for an infusion is; finer than the appointment's status."""

    ARRIVED = "arrived"
    CHECKS = "checks"
    INFUSING = "infusing"
    OBSERVING = "observing"
    READY = "ready"


LIVE_APPOINTMENT = frozenset(
    {
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
    }
)
"""An appointment in one of these holds its claims against everybody else."""


class SeriesStatus(StrEnum):
    """FHIR CarePlan.status of one patient's run of a protocol."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    REVOKED = "revoked"
    COMPLETED = "completed"


class PlannedVisitStatus(StrEnum):
    """FHIR ServiceRequest.status of a visit due in a series."""

    DRAFT = "draft"
    """Waits for a prescriber's decision (maintenance, boosters); never booked by itself."""
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    REVOKED = "revoked"
    COMPLETED = "completed"


class VersionStatus(StrEnum):
    """Where a protocol version stands; a published one never changes again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class BookableKind(StrEnum):
    """What can be claimed by an appointment."""

    CHAIR = "chair"
    ROOM = "room"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    THERAPIST = "therapist"


class Role(StrEnum):
    """What a signed-in person is to the clinic."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    FRONT_DESK = "front_desk"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class WindowUnit(StrEnum):
    """Elapsed hours between instants, or differences of clinic-local dates."""

    HOURS = "hours"
    DAYS = "days"


class Edge(StrEnum):
    """Which end of the anchoring visit a window is measured from."""

    START = "start"
    END = "end"


class DayPart(StrEnum):
    """The half of the day a patient prefers."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Evidence(StrEnum):
    """How far a number in a protocol can be trusted (clinical/protocols.md, section 0)."""

    VERIFIED = "V"
    SECONDARY = "S"
    RECALLED = "R"
    DERIVED = "D"
    SIGNED = "signed"
    """Filled in and signed by a prescriber of the clinic."""
    INVENTED = "invented"
    """Made up for the demonstration protocol; never allowed elsewhere."""


class AfterMissedCheckIn(StrEnum):
    """What a clinic wants done when a check-in was not answered in its time."""

    TELL = "tell"
    """The first on duty is told, once."""
    ALERT = "alert"
    """An alert is opened, which climbs until somebody takes it on."""
    LIST = "list"
    """It stands with the patient's check-ins, and nobody is told."""


class ReminderKind(StrEnum):
    """What the clinic writes to somebody about."""

    CONFIRM = "confirm"
    BEFORE = "before"
    MORNING = "morning"
    RIDE_HOME = "ride-home"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    TIME_FREE = "time-free"
    """A time has come free that this patient waits for."""
    CHECK_IN_DUE = "check-in-due"
    CHECK_IN_OVERDUE = "check-in-overdue"
    FORGOTTEN = "forgotten"
    """To a patient who forgot their password."""
    ALERT = "alert"
    """To staff: an answer that somebody must see."""
    CHECK_IN_MISSED = "check-in-missed"
    """To staff: a check-in that was not answered in its time."""
    NO_SHOW = "noshow"
    """To staff: a visit that the patient did not come to."""
    MOVE_ASKED = "move-asked"
    """To staff: a patient asks for another time."""
    WINDOW_CLOSED = "window-closed"
    """To staff: the time for a visit has passed without it."""
    RESUMED = "resumed"
    """To staff: a series goes on, and some of its visits have no time."""
    PAPERWORK_DUE = "paperwork-due"
    """To staff: a form that somebody of the clinic must fill in."""
    DIGEST = "digest"
    """To staff, in the morning: there are visits today."""


TO_STAFF = frozenset(
    {
        ReminderKind.ALERT,
        ReminderKind.CHECK_IN_MISSED,
        ReminderKind.NO_SHOW,
        ReminderKind.MOVE_ASKED,
        ReminderKind.WINDOW_CLOSED,
        ReminderKind.RESUMED,
        ReminderKind.PAPERWORK_DUE,
        ReminderKind.DIGEST,
    }
)
"""What the people of the clinic are told; all else is for patients."""


class MessageStatus(StrEnum):
    """FHIR Communication.status of a message on its way."""

    WAITING = "preparation"
    SENT = "completed"
    EXPIRED = "not-done"
    """Its time was over before it could be sent."""
    STOPPED = "stopped"
    """What it spoke of no longer holds."""
    DEAD = "on-hold"
    """Given up after many tries; somebody must look and send it again."""


class ChannelName(StrEnum):
    """By what way a message goes."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


class MessageDetail(StrEnum):
    """How much a message may say."""

    LITTLE = "little"
    """Only that there is something to look at."""
    TIMES = "times"
    """Day and time too; never what it is about."""


class CheckInStatus(StrEnum):
    """FHIR Task.status of a form asked of a patient at a time."""

    REQUESTED = "requested"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """Its time went by without an answer."""


class PaperworkStatus(StrEnum):
    """FHIR Task.status of a form that the clinic itself must fill in."""

    REQUESTED = "requested"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    """Its visit was given up."""


class ItemKind(StrEnum):
    """How an item of a questionnaire is answered."""

    CHOICE = "choice"
    SCALE = "scale"
    YES_NO = "yes-no"
    TEXT = "text"


class AlertStatus(StrEnum):
    """Where an answer stands that a clinician must see."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class FollowUpCause(StrEnum):
    """Why a visit needs somebody."""

    UNSAID = "unsaid"
    """It is over and nobody has said what became of it."""
    NO_SHOW = "noshow"
    WINDOW_CLOSED = "window-closed"
    """The time in which the protocol wants it has passed."""
    RESUMED = "resumed"
    """Its series goes on after a hold, and it has no time."""


class FollowUpStatus(StrEnum):
    """Where that stands."""

    OPEN = "open"
    APPLIED = "applied"
    """The plan beside it was taken."""
    SETTLED = "settled"


class FreedStatus(StrEnum):
    """Where a time stands that an appointment gave up."""

    OPEN = "open"
    TAKEN = "taken"
    """Somebody who waited has it."""
    CLOSED = "closed"
    """The clinic uses it otherwise, or it is over."""


class OfferStatus(StrEnum):
    """Where a freed time stands that was offered to somebody who waits."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    GONE = "gone"
    """Somebody else was first, or it no longer fits."""
    EXPIRED = "expired"
