"""Where reminders go: the telephone's own alarm clock, or the open window on a computer."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from mobile.patient_phone import PatientPhone
from mobile.viewmodels.reminders import MOST, Planned, planned

Tell = Callable[[str], object]
CallIn = Callable[[Callable[[], object], float], Any]
RECEIVER = "org.tandem.Reminder"
EXTRA = "text"


class Notifier(Protocol):
    """Takes the whole plan each time; what was planned before is forgotten."""

    def plan(self, reminders: Sequence[Planned], *, now: datetime) -> None:
        """From now on remind of these and of nothing else."""


class WindowNotifier:
    """On a computer: tells the open app when a reminder's time has come."""

    def __init__(self, call_in: CallIn, tell: Tell) -> None:
        self._call_in, self._tell = call_in, tell
        self._due: list[Any] = []

    def plan(self, reminders: Sequence[Planned], *, now: datetime) -> None:
        """Each at its own time, as long as the window is open."""
        for each in self._due:
            each.cancel()
        self._due = [self._one(each, now) for each in reminders]

    def _one(self, reminder: Planned, now: datetime) -> Any:
        seconds = (reminder.at - now).total_seconds()
        return self._call_in(lambda: self._tell(reminder.text), max(0.0, seconds))


class AndroidNotifier:
    """On a telephone: the system's alarm clock, also when the app is closed.

    Written by the platform's documentation and never run: nobody has built the package yet. The
    alarms wake `mobile/android/src`, which shows the words. The system forgets alarms when the
    telephone is started anew; they are planned again when the app is next opened.
    """

    def plan(self, reminders: Sequence[Planned], *, now: datetime) -> None:
        """Hand them to the system; an alarm that is not needed any more is cancelled."""
        from android.permissions import Permission, request_permissions
        from jnius import autoclass, cast

        if reminders:
            request_permissions([Permission.POST_NOTIFICATIONS])

        activity = autoclass("org.kivy.android.PythonActivity").mActivity
        context = autoclass("android.content.Context")
        clock = activity.getSystemService(context.ALARM_SERVICE)
        alarms = cast("android.app.AlarmManager", clock)
        system_now = autoclass("java.lang.System").currentTimeMillis()
        for place in range(MOST):
            text = reminders[place].text if place < len(reminders) else ""
            intent = self._intent(activity, place, text)
            alarms.cancel(intent)
            if text:
                # So long from now: the telephone's own clock may be wrong.
                ahead = int((reminders[place].at - now).total_seconds() * 1000)
                alarms.setAndAllowWhileIdle(alarms.RTC_WAKEUP, system_now + ahead, intent)

    def _intent(self, activity: Any, place: int, text: str) -> Any:
        from jnius import autoclass

        pending = autoclass("android.app.PendingIntent")
        intent = autoclass("android.content.Intent")()
        intent.setClassName(activity.getPackageName(), RECEIVER)
        intent.putExtra(EXTRA, text)
        flags = pending.FLAG_UPDATE_CURRENT | pending.FLAG_IMMUTABLE
        return pending.getBroadcast(activity, place, intent, flags)


class Reminding:
    """Keeps the plan of reminders in step with what is on the phone."""

    def __init__(self, phone: PatientPhone, notifier: Notifier) -> None:
        self._phone, self._notifier = phone, notifier
        self.told = ""
        """The reminder that waits to be seen in the app."""

    def replan(self) -> None:
        """After anything changed. A locked phone keeps the plan that it has."""
        if self._phone.is_open:
            wanted = self._phone.settings.now.reminders and self._phone.signed_in
            reminders = planned(self._phone) if wanted else ()
            self._notifier.plan(reminders, now=self._phone.now())
        elif not self._phone.store.pin.is_set:
            self._notifier.plan((), now=self._phone.now())


def fitting(call_in: CallIn, tell: Tell) -> Notifier:
    """The one for this machine."""
    return AndroidNotifier() if "ANDROID_ARGUMENT" in os.environ else WindowNotifier(call_in, tell)
