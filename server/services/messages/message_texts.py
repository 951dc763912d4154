"""What messages say: the words that come with Tandem, and a clinic's own instead of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from server.domain import discretion
from server.notifications.render import Note, catalogue, render
from server.persistence import message_texts as rows
from server.persistence.database import db
from server.persistence.message_texts import MessageTextRow
from server.persistence.outbox import OutboxMessageRow
from server.persistence.transactions import Locks, transaction
from server.persistence.types import new_id
from server.services.access import Caller, require
from server.services.messages import letters
from server.services.record import audit
from server.services.refusals import Invalid, NotFound
from shared.problems import FieldFault
from shared.vocabulary import TO_STAFF, ChannelName, MessageDetail, MessageStatus, ReminderKind

SHOWN_LINK = "/p/…"
"""Stands in a preview for the link that only the patient gets."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is told of one kind: the usual words, the clinic's own if it has any, what may stand in
    braces, and the whole message as it would go by e-mail on a day like this."""

    kind: str
    to_staff: bool
    usual: str
    own: str | None
    placeholders: tuple[str, ...]
    example: str


def listed(by: Caller, language: str, address: str, *, now: datetime) -> list[Text]:
    """Every text in a language. NotFound for a language there are no words in."""
    require(by, "message_texts.read")
    known, own = _kinds(language), rows.own(by.clinic_id, language)
    example = partial(_example, language, address, now=now)
    return [_text(kind, usual, own.get(kind), example) for kind, usual in known.items()]


def _kinds(language: str) -> dict[str, str]:
    words = catalogue().get(language)
    if words is None:
        raise NotFound
    return dict(words["kinds"])


def _text(
    kind: str, usual: str, own: MessageTextRow | None, example: Callable[[str, str], str]
) -> Text:
    return Text(
        kind=kind,
        to_staff=kind in TO_STAFF,
        usual=usual,
        own=own.text if own else None,
        placeholders=tuple(sorted(_allowed(usual))),
        example=example(kind, own.text if own else usual),
    )


def _example(language: str, address: str, kind: str, text: str, *, now: datetime) -> str:
    """A whole message as it would go by e-mail."""
    at = (now + timedelta(days=2)).replace(hour=10, minute=0)
    url = None if kind in TO_STAFF else f"{address}{SHOWN_LINK}"
    note = Note(kind=ReminderKind(kind), at=at if _allowed(text) else None, url=url)
    return render(language, MessageDetail.TIMES, [note], address, own={kind: text}).text


def _allowed(usual: str) -> frozenset[str]:
    """A text may hold what the usual one holds: only of that is anything known."""
    return frozenset(each for each in discretion.PLACEHOLDERS if f"{{{each}}}" in usual)


def change(by: Caller, language: str, kind: str, text: str, address: str, *, now: datetime) -> Text:
    """The clinic's own words from now on, also in messages that wait. Invalid names everything that
    is wrong with them."""
    require(by, "message_texts.change")
    known = _kinds(language)
    if kind not in known:
        raise NotFound
    if wrong := list(discretion.faults(text, _allowed(known[kind]))):
        raise Invalid(FieldFault(path="text", reason=each) for each in wrong)
    with transaction(_lock(by)):
        row = rows.own(by.clinic_id, language).get(kind) or MessageTextRow(
            id=new_id(), clinic_id=by.clinic_id, language=language, kind=kind
        )
        row.text, row.changed_at, row.changed_by = text.strip(), now, by.user_id
        db.session.add(row)
        _on_record(by, language, kind, "own", now)
        return _text(kind, known[kind], row, partial(_example, language, address, now=now))


def reset(by: Caller, language: str, kind: str, *, now: datetime) -> None:
    """The usual words again."""
    require(by, "message_texts.change")
    if kind not in _kinds(language):
        raise NotFound
    with transaction(_lock(by)):
        if row := rows.own(by.clinic_id, language).get(kind):
            db.session.delete(row)
            _on_record(by, language, kind, "usual", now)


def _lock(by: Caller) -> Locks:
    return Locks(names=frozenset({f"message-texts:{by.clinic_id}"}))


def _on_record(by: Caller, language: str, kind: str, what: str, now: datetime) -> None:
    db.session.flush()
    facts: dict[str, object] = {"language": language, "kind": kind, "what": what}
    audit.changed(by, "message_texts.change", now=now, facts=facts)


def exactly(row: OutboxMessageRow, address: str) -> str | None:
    """The whole text of a message that waits, as it would go now, but for its link; None for one
    that no longer does: what was sent is kept nowhere."""
    if row.status != MessageStatus.WAITING:
        return None
    letter = letters.draft(row)
    url = f"{address}{SHOWN_LINK}"
    notes = [Note(kind=n.kind, at=n.at, url=url if n.token else None) for n in letter.lines]
    by_answer = letter.channel is ChannelName.SMS
    said = render(
        letter.language, letter.detail, notes, address, by_answer=by_answer, own=letter.texts
    )
    return said.text
