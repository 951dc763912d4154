"""How the clinic may write to the patient: as it knows it, with what was changed since."""

from typing import Any

from mobile.viewmodels.phone import Document, Phone

FROM = (20 * 60, 21 * 60, 22 * 60)
UNTIL = (6 * 60, 7 * 60, 8 * 60, 9 * 60)
ASKED = ("channel", "detail", "quiet_from", "quiet_until", "stopped")


def current(phone: Phone) -> Document:
    """What holds now, sent or not; nothing before the phone has heard of it."""
    wishes = dict((phone.document("today") or {}).get("wishes") or {})
    for change in phone.waiting():
        if change.kind == "wishes":
            wishes.update(change.body)
    return wishes


def change(phone: Phone, **chosen: Any) -> None:
    """One thing is different from now on; it is sent as soon as that works."""
    held, patient = current(phone), (phone.document("today") or {}).get("patient")
    if held and patient:
        kept = {name: held[name] for name in ASKED}
        phone.queue("wishes", {"patient_id": patient["id"], **kept, **chosen})


def hours(present: int, usual: tuple[int, ...]) -> list[int]:
    """The usual times to choose from, and the present one if it is another."""
    return sorted({*usual, present})
