"""How the clinic writes to a patient, in which language, and where they are signed in."""

from contextlib import suppress
from typing import Any

from flask import request

from server.patient_pages.my import browser
from server.patient_pages.my.showing import plan_of, shown
from server.services.access import Caller
from server.services.people import wishes
from server.services.people.wishes import Wishes
from server.services.refusals import NotFound
from server.services.sign_ins import browser_sign_in, sign_in
from shared.vocabulary import ChannelName, MessageDetail

LANGUAGES = {"en": "English", "es": "Español"}
CHANNELS = (ChannelName.EMAIL, ChannelName.SMS)
MOST_DEVICES = 50


def show(by: Caller, *, status: int = 200, mend: bool = False) -> Any:
    """What holds now."""
    now = browser.utc_now()
    held = wishes.read(by, str(by.patient_id), now=now)
    devices, _ = browser_sign_in.listed(by, browser.held(), page=1, page_size=MOST_DEVICES, now=now)
    more = {"held": held, "devices": devices, "languages": LANGUAGES, "channels": CHANNELS}
    return shown("settings", plan_of(by), status, mend=mend, details=list(MessageDetail), **more)


def change(by: Caller) -> Any:
    """How to write to the patient from now on."""
    try:
        wanted = Wishes(
            channel=ChannelName(request.form.get("channel", "")),
            detail=MessageDetail(request.form.get("detail", "")),
            time_zone=None,
            quiet_from=_minutes("quiet_from"),
            quiet_until=_minutes("quiet_until"),
            stopped=request.form.get("stopped") == "yes",
        )
    except ValueError:
        return show(by, status=422, mend=True)
    wishes.change(by, str(by.patient_id), wanted, now=browser.utc_now())
    return browser.to("my_settings", note="saved")


def speak(by: Caller) -> Any:
    """Another language, on these pages and in messages."""
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        return show(by, status=422, mend=True)
    wishes.speak(by, str(by.patient_id), wanted, now=browser.utc_now())
    return browser.to("my_settings", note="saved")


def end_device(by: Caller, sign_in_id: str) -> Any:
    """Sign out on another device."""
    with suppress(NotFound):  # it had ended by itself
        sign_in.sign_out_device(by, sign_in_id, now=browser.utc_now())
    return browser.to("my_settings", note="saved")


def _minutes(name: str) -> int:
    """A time of day as a page sends it, "21:30", in minutes after midnight."""
    hours, _, minutes = request.form.get(name, "").partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(hours) == len(minutes) == 2):
        raise ValueError(name)
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError(name)
    return int(hours) * 60 + int(minutes)
