"""What the console calls messages, how they stand, and why one did not go."""

from shared.vocabulary import MessageStatus, ReminderKind

KINDS = {
    ReminderKind.CONFIRM: "Asks to confirm a visit",
    ReminderKind.BEFORE: "A visit comes up",
    ReminderKind.MORNING: "On the morning of a visit",
    ReminderKind.RIDE_HOME: "Asks who takes them home",
    ReminderKind.CHANGED: "A visit has another time",
    ReminderKind.CANCELLED: "A visit is cancelled",
    ReminderKind.TIME_FREE: "A time has come free",
    ReminderKind.CHECK_IN_DUE: "A check-in is open",
    ReminderKind.CHECK_IN_OVERDUE: "A check-in is still open",
    ReminderKind.FORGOTTEN: "A new password was asked for",
    ReminderKind.ALERT: "An answer needs somebody",
    ReminderKind.CHECK_IN_MISSED: "A check-in was missed",
    ReminderKind.NO_SHOW: "A patient did not come",
    ReminderKind.MOVE_ASKED: "A patient asks for another time",
    ReminderKind.WINDOW_CLOSED: "The time for a visit has passed",
    ReminderKind.RESUMED: "A series goes on",
    ReminderKind.PAPERWORK_DUE: "A form of the clinic is due",
    ReminderKind.DIGEST: "The morning mail",
}
WAYS = {"email": "e-mail", "sms": "text message", "push": "phone app"}
STANDINGS = {
    MessageStatus.WAITING: "waits",
    MessageStatus.SENT: "sent",
    MessageStatus.EXPIRED: "not sent",
    MessageStatus.STOPPED: "not sent",
    MessageStatus.DEAD: "given up",
}
FAILURES = {
    "no-address": "there is no address or number to send it to. Add one, then send it again.",
    "address-refused": "the mail server refuses this address. Check how it is written.",
    "smtp-unreachable": "the mail server could not be reached.",
    "gateway-unreachable": "the service for text messages could not be reached.",
    "gateway-refused": "the service for text messages refused it.",
    "folder-unwritable": "the folder for messages cannot be written to.",
    "undelivered": "it left, and the network said later that it never arrived.",
    "restored": "the clinic was restored from a backup, and nobody knows if it had gone already.",
    "unexpected": "something went wrong while it was made.",
}


def kind(code: str) -> str:
    """What a message is about."""
    return KINDS.get(ReminderKind(code), code.replace("-", " ").capitalize())


def why(status: str, failure: str, attempts: int) -> str:
    """Why it has not gone, or not yet; "" where there is nothing to say."""
    told = FAILURES.get(failure, failure.replace("-", " "))
    match MessageStatus(status):
        case MessageStatus.WAITING if failure:
            return f"Tried {attempts} time{'s' if attempts != 1 else ''}: {told} It is tried again."
        case MessageStatus.DEAD:
            return f"Given up: {told}"
        case MessageStatus.EXPIRED:
            return "Its time was over before it could go."
        case MessageStatus.STOPPED:
            said = "What it spoke of no longer held, or the patient wants no messages."
            return f"Stopped: {told}" if failure else said
        case _:
            return ""
