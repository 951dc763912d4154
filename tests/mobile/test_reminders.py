"""The phone reminds by itself, with no signal, and says nothing of what for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mobile.android import package_hook
from mobile.reminding import WindowNotifier
from mobile.viewmodels.reminders import MOST, Planned, planned
from mobile.words import LANGUAGES, Words

NOW = datetime.fromisoformat("2026-11-20T09:00:00-05:00")


def visit(starts_at: str, status: str = "booked") -> dict[str, Any]:
    return {"starts_at": starts_at, "status": status}


def asked(opens_at: str, status: str = "requested") -> dict[str, Any]:
    return {"id": "check-1", "opens_at": opens_at, "status": status}


class Kept:
    """A phone as far as reminders ask it."""

    words = Words("en")

    def __init__(self, *visits: dict[str, Any], asks: Any = (), **wishes: Any) -> None:
        self._document = {"appointments": visits, "check_ins": list(asks), "wishes": wishes}
        self.changes: list[Any] = []

    def now(self) -> datetime:
        return NOW

    def document(self, _: str) -> dict[str, Any]:
        return self._document

    def waiting(self) -> list[Any]:
        return self.changes


def moments(phone: Any) -> list[str]:
    return [each.at.strftime("%d %H:%M") for each in planned(phone)]


def test_a_visit_is_called_to_mind_the_evening_before_and_two_hours_before() -> None:
    assert moments(Kept(visit("2026-11-26T10:00:00-05:00"))) == ["25 18:00", "26 08:00"]


def test_what_would_come_in_the_quiet_hours_does_not_come() -> None:
    early = visit("2026-11-26T08:30:00-05:00")

    assert moments(Kept(early)) == ["25 18:00"]
    assert moments(Kept(early, quiet_from=17 * 60, quiet_until=6 * 60)) == ["25 16:59", "26 06:30"]
    assert moments(Kept(early, quiet_from=0, quiet_until=19 * 60)) == ["24 23:59"]


def test_a_visit_that_is_off_or_over_is_not_called_to_mind() -> None:
    past, off = visit("2026-11-19T10:00:00-05:00"), visit("2026-11-26T10:00:00-05:00", "cancelled")

    assert moments(Kept(past, off)) == []


def test_a_check_in_that_opens_at_night_waits_for_the_morning() -> None:
    assert moments(Kept(asks=[asked("2026-11-22T02:00:00-05:00")])) == ["22 07:00"]
    assert moments(Kept(asks=[asked("2026-11-22T22:00:00-05:00")])) == ["23 07:00"]


def test_a_check_in_answered_with_no_signal_is_not_asked_for_again() -> None:
    phone = Kept(asks=[asked("2026-11-22T12:00:00-05:00")])
    phone.changes = [SimpleNamespace(kind="answer", body={"check_in_id": "check-1"})]

    assert moments(phone) == []


def test_who_wants_to_hear_nothing_hears_nothing() -> None:
    assert moments(Kept(visit("2026-11-26T10:00:00-05:00"), stopped=True)) == []


def test_two_reminders_never_come_one_after_the_other() -> None:
    two = visit("2026-11-26T10:00:00-05:00"), visit("2026-11-26T10:15:00-05:00")

    assert moments(Kept(*two)) == ["25 18:00", "26 08:00"]


def test_a_telephone_keeps_only_so_many() -> None:
    days = (NOW + timedelta(days=n, hours=3) for n in range(60))

    assert len(planned(Kept(*(visit(day.isoformat()) for day in days)))) == MOST  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_locked_screen_says_nothing_of_the_treatment(language: str) -> None:
    said = Words(language)("reminder").casefold()
    telling = "infusi ketamin clinic clínic visit cita therap terap medic salud health tandem"

    assert [each for each in telling.split() if each in said] == []


def test_a_new_plan_takes_the_old_one_back() -> None:
    due: list[Any] = []
    told: list[str] = []

    def call_in(call: Any, seconds: float) -> Any:
        one = SimpleNamespace(call=call, seconds=seconds, off=False)
        one.cancel = lambda: setattr(one, "off", True)
        due.append(one)
        return one

    notifier, now = WindowNotifier(call_in, told.append), datetime.now(UTC)
    notifier.plan([Planned(at=now + timedelta(hours=2), text="a")], now=now)
    notifier.plan([Planned(at=now + timedelta(hours=3), text="b")], now=now)

    assert [(each.seconds, each.off) for each in due] == [(7200, True), (10800, False)]
    due[1].call()
    assert told == ["b"]


def test_the_package_knows_the_class_that_shows_reminders(tmp_path: Path) -> None:
    manifest = tmp_path / "src" / "main" / "AndroidManifest.xml"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("<manifest><application></application></manifest>", encoding="utf-8")
    toolchain = SimpleNamespace(_dist=SimpleNamespace(dist_dir=str(tmp_path)))

    for _ in range(2):
        package_hook.before_apk_assemble(toolchain)

    assert manifest.read_text(encoding="utf-8").count("org.tandem.Reminder") == 1
    java = Path(package_hook.__file__).parent / "src" / "org" / "tandem" / "Reminder.java"
    assert "class Reminder extends BroadcastReceiver" in java.read_text(encoding="utf-8")
