"""What is on record, in words: one for each row of the access table."""

from collections.abc import Mapping

DID: Mapping[str, str] = {
    "alerts.answer": "took on or closed an answer that needed somebody",
    "alerts.read": "saw the answers that need somebody",
    "appointments.book": "booked a visit",
    "appointments.cancel": "cancelled a visit",
    "appointments.confirm": "confirmed a visit",
    "appointments.move": "moved a visit",
    "appointments.offer": "looked for other times",
    "appointments.progress": "said how a visit goes",
    "appointments.read": "saw visits",
    "appointments.ride": "named who takes the patient home",
    "appointments.take": "took an offered time",
    "audit.read": "looked at this record",
    "bookables.change": "changed who or what can be booked",
    "check_ins.answer": "answered a check-in",
    "check_ins.read": "read check-ins and answers",
    "clinic.change": "changed the clinic",
    "follow_ups.read": "saw visits that did not take place",
    "follow_ups.settle": "settled a visit that did not take place",
    "freed_times.manage": "offered a time that came free",
    "help_line.change": "changed the help line",
    "import.run": "brought in a list",
    "me.export": "took a copy of everything kept about them",
    "me.today": "opened their own pages",
    "message_texts.change": "changed what messages say",
    "messages.resend": "sent a message again",
    "on_call.change": "changed who is on call",
    "paperwork.fill": "filled in paperwork",
    "paperwork.read": "saw paperwork",
    "passwords.choose": "chose a new password",
    "patients.change": "changed contact or times",
    "patients.create": "added the patient",
    "patients.invite": "made a sign-in code",
    "patients.list": "saw the name in a list",
    "patients.read": "opened the patient's page",
    "planning_runs.make": "had all who wait planned at once",
    "planning_runs.read": "saw such a plan",
    "practitioners.change": "changed a practitioner",
    "protocols.migrate": "carried a series over to another edition, or looked what that would do",
    "protocols.publish": "took a protocol a step further",
    "protocols.sign": "signed a value of a protocol",
    "protocols.write": "wrote a protocol",
    "questionnaires.load": "loaded or withdrew a questionnaire",
    "repairs.make": "repaired the calendar",
    "series.book": "booked a series",
    "series.end": "ended a series",
    "series.enrol": "began a series",
    "series.hold": "put a series on hold",
    "series.plan": "looked for plans",
    "series.read": "saw the series",
    "series.release": "released a visit that waited for a decision",
    "series.resume": "resumed a series",
    "sign_ins.manage": "ended a sign-in",
    "slot_offers.answer": "answered an offered time",
    "slot_offers.read": "saw offered times",
    "users.manage": "changed somebody's sign-in",
    "waiting.change": "changed the waiting list",
    "waiting.list": "saw the waiting list",
    "waiting.read": "saw what the patient waits for",
    "week.read": "saw the week",
    "wishes.change": "changed how the patient is written to",
    "wishes.read": "saw how the patient is written to",
}


def did(action: str) -> str:
    """What somebody did."""
    return DID.get(action, action.replace("_", " ").replace(".", ": "))


def is_look(action: str) -> bool:
    """Whether it changed nothing."""
    return action.endswith((".read", ".list"))
