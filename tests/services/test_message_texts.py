"""A clinic's own words for its messages, and the exact text of what waits."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from server.services.messages import message_texts
from server.services.refusals import Invalid, NotFound
from shared.vocabulary import TO_STAFF, ReminderKind
from tests.cast import Cast

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
HERE = "https://clinic.example"


def confirm(cast: Cast) -> message_texts.Text:
    found = message_texts.listed(cast.ana.caller, "en", HERE, now=NOW)
    return next(each for each in found if each.kind == ReminderKind.CONFIRM)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_text_is_shown_as_the_whole_message_it_makes(cast: Cast, language: str) -> None:
    found = message_texts.listed(cast.ana.caller, language, HERE, now=NOW)

    assert {each.kind for each in found} == {str(kind) for kind in ReminderKind}
    for each in found:
        assert "{" not in each.example
        assert (f"{HERE}/p/…" in each.example) == (each.kind not in TO_STAFF)


def test_a_clinics_own_words_are_used_until_it_wants_the_usual_ones(cast: Cast) -> None:
    by = cast.ana.caller
    message_texts.change(by, "en", "confirm", "See you {day}, {time}?", HERE, now=NOW)
    assert confirm(cast).example.startswith("See you Wednesday 3 March, 10:00?\n")

    message_texts.reset(by, "en", "confirm", now=NOW)

    assert confirm(cast).own is None
    assert confirm(cast).example.startswith("You have a visit on Wednesday 3 March at 10:00.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Your ketamine visit is on {day}", "gives too much away"),
        ("Su INFUSIÓN es el {day}", "gives too much away"),
        ("Psychotherapy at {time}", "gives too much away"),
        ("See {name} on {day}", "{name}"),
        ("On {day!r}", "{day}"),
        ("On {day.year}", "{day.year}"),
        ("On {day", "brace"),
        ("On }day", "brace"),
        ("Look at https://elsewhere.example", "link"),
        ("x" * 301, "300"),
        ("   ", "empty"),
    ],
)
def test_words_that_give_too_much_away_or_cannot_be_filled_are_refused(
    cast: Cast, text: str, why: str
) -> None:
    with pytest.raises(Invalid) as refused:
        message_texts.change(cast.ana.caller, "en", "confirm", text, HERE, now=NOW)

    assert any(why in fault.reason for fault in refused.value.faults)
    assert confirm(cast).own is None


def test_a_text_about_no_visit_cannot_name_a_day(cast: Cast) -> None:
    with pytest.raises(Invalid):
        message_texts.change(cast.ana.caller, "en", "check-in-due", "On {day}", HERE, now=NOW)


@pytest.mark.parametrize(("language", "kind"), [("fr", "confirm"), ("en", "nothing")])
def test_there_are_no_words_for_what_there_is_not(cast: Cast, language: str, kind: str) -> None:
    with pytest.raises(NotFound):
        message_texts.change(cast.ana.caller, language, kind, "Hello", HERE, now=NOW)


def test_a_message_that_waits_is_shown_word_for_word_but_for_its_link(
    client: FlaskClient, cast: Cast
) -> None:
    from server.domain.reminders import Reminder
    from server.persistence.appointments import AppointmentRow
    from server.persistence.database import db
    from server.persistence.transactions import transaction
    from server.services.messages import outgoing
    from server.services.messages.outgoing import Recipient, Subject

    visit_id = cast.things["pat"]["appointment"]
    with transaction():
        row = db.session.get_one(AppointmentRow, visit_id)
        told = Reminder(kind=ReminderKind.BEFORE, due_at=row.starts_at, not_after=row.starts_at)
        to = Recipient(channel="email", patient_id=row.patient_id)
        subject = Subject(clinic_id=row.clinic_id, id=row.id, version=row.schedule_version)
        outgoing.write(to, subject, [told], now=NOW)

    reply = client.get(f"/api/v1/appointments/{visit_id}/reminders", headers=cast.nora.headers)

    texts = {each["status"]: each["text"] for each in reply.json["reminders"]}
    assert "Please read what to do before it." in texts["preparation"]
    assert "/p/…" in texts["preparation"]
    assert texts["on-hold"] is None
