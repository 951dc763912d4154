from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.library import loader
from server.persistence.database import db
from server.services.access import Caller
from server.services.protocols import protocol_editions, protocol_reviews, protocols
from server.services.protocols.protocol_documents import Document
from server.services.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from shared.vocabulary import Role, VersionStatus
from tests.services.a_clinic import NOW, a_clinic, colleague
from tests.services.a_protocol import DEMO, a_draft, a_prescriber, demo, fills, recalled


def created(by: Caller, document: Document | str | None = None) -> Any:
    return protocols.create(by, demo() if document is None else document, now=NOW)


def published(by: Caller, document: Document | None = None) -> Any:
    row = created(by, document)
    return protocol_editions.publish(by, row.id, expected_version=row.version, now=NOW)


def paths(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [each.path for each in refusal.value.faults]


@pytest.mark.parametrize("code", sorted(loader.drafts()))
def test_every_draft_of_the_library_can_be_adopted(app: Flask, code: str) -> None:
    by = a_clinic()

    row = protocols.adopt(by, code, now=NOW)

    assert (row.number, row.status, row.activated_at) == (1, VersionStatus.DRAFT, None)
    assert row.document == loader.drafts()[code]
    assert [each.code for each in protocols.protocols(by)[0]] == [code]


def test_a_draft_that_is_here_already_is_not_adopted_again(app: Flask) -> None:
    by = a_clinic()
    protocols.adopt(by, DEMO, now=NOW)

    with pytest.raises(Conflict):
        protocols.adopt(by, DEMO, now=NOW)
    with pytest.raises(NotFound):
        protocols.adopt(by, "no-such-draft", now=NOW)


def test_yaml_that_was_exported_comes_back_as_the_same_document(app: Flask) -> None:
    by = a_clinic()
    first = created(by)

    text_of_it = protocol_reviews.as_yaml(by, first.id)
    second = protocols.add_version(by, first.protocol_id, text_of_it, now=NOW)

    assert second.document == first.document
    assert second.number == 2
    assert protocol_reviews.differences(by, first.id, second.id) == []


BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param({}, "document.format", id="an empty record"),
        pytest.param({"format": "tandem.protocol/1"}, "document.code", id="only its format"),
        pytest.param("", "document", id="no text"),
        pytest.param("- a\n- list", "document", id="a list"),
        pytest.param(BOMB, "document", id="an alias bomb"),
        pytest.param("code: !!python/object/apply:os.system [ls]", "document", id="a tag"),
        pytest.param("a: [" * 50, "document", id="nested deeply"),
        pytest.param("a: 1\na: 2", "document", id="a key twice"),
        pytest.param("a: \0", "document", id="a NUL"),
        pytest.param("x" * 300_001, "document", id="too long a text"),
        pytest.param(demo(title="x" * 300_001), "document", id="too long a record"),
        pytest.param(demo(title="A\0b"), "document.title", id="a NUL in a title"),
        pytest.param(demo(title=7), "document.title", id="a number for a title"),
        pytest.param(demo(title="half \ud800"), "document.title", id="half a character"),
        pytest.param(demo(surprise=1), "document.surprise", id="an unknown entry"),
        pytest.param(demo(start_visit="nowhere"), "document.start_visit", id="no such visit"),
    ],
)
def test_a_document_that_is_no_protocol_is_refused_with_its_place(
    app: Flask, document: Document | str, path: str
) -> None:
    by = a_clinic()

    with pytest.raises(Invalid) as refusal:
        created(by, document)

    assert path in paths(refusal)
    assert protocols.protocols(by) == ([], 0)


def test_a_draft_is_written_anew_and_the_protocol_takes_its_title(app: Flask) -> None:
    by = a_clinic()
    row = created(by)

    protocols.replace(by, row.id, demo(title="Shorter"), expected_version=1, now=NOW)

    assert protocols.version(by, row.id).document["title"] == "Shorter"
    assert protocols.protocol(by, row.protocol_id).title == "Shorter"
    with pytest.raises(Stale):
        protocols.replace(by, row.id, demo(), expected_version=1, now=NOW)


def test_a_protocol_keeps_its_code(app: Flask) -> None:
    by = a_clinic()
    row = created(by)

    for change in (
        lambda: protocols.replace(by, row.id, demo(code="other"), expected_version=1, now=NOW),
        lambda: protocols.add_version(by, row.protocol_id, demo(code="other"), now=NOW),
    ):
        with pytest.raises(Invalid) as refusal:
            change()
        assert paths(refusal) == ["document.code"]


def test_the_difference_of_two_versions_is_said_in_words(app: Flask) -> None:
    by = a_clinic()
    first = created(by)
    changed = demo()
    changed["phases"][1]["visits"][0]["repeat"]["gap"]["max"] = 4  # type: ignore[index]
    second = protocols.add_version(by, first.protocol_id, changed, now=NOW)

    said = protocol_reviews.differences(by, first.id, second.id)

    assert len(said) == 1
    assert "5" in said[0]
    assert "4" in said[0]


def test_a_published_version_never_changes(app: Flask) -> None:
    by = a_clinic()
    row = published(by)

    with pytest.raises(Conflict):
        protocols.replace(by, row.id, demo(), expected_version=row.version, now=NOW)
    with pytest.raises(Conflict):
        protocol_editions.publish(by, row.id, expected_version=row.version, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE protocol_version SET document = '{}'",
        "UPDATE protocol_version SET status = 'draft'",
        "UPDATE protocol_version SET signatures = '[1]'",
        "UPDATE protocol_version SET number = 7",
        "DELETE FROM protocol_version",
    ],
)
def test_the_database_itself_keeps_what_is_published(app: Flask, statement: str) -> None:
    by = a_clinic()
    row = published(by)

    with pytest.raises(DatabaseError):
        db.session.execute(text(statement))
    db.session.rollback()

    assert protocols.version(by, row.id).document == demo()


def test_a_draft_with_an_error_is_not_published_and_the_error_has_its_place(app: Flask) -> None:
    by = a_clinic()
    row = created(by, a_draft())

    with pytest.raises(Invalid) as refusal:
        protocol_editions.publish(by, row.id, expected_version=1, now=NOW)

    assert "document.phases[1].visits[0].parts[2].minutes" in paths(refusal)
    assert protocols.version(by, row.id).status == VersionStatus.DRAFT


def test_signing_a_draft_fills_it_where_it_stands(app: Flask) -> None:
    by = a_clinic()
    row = created(by, a_draft())
    doctor = a_prescriber(by)

    signed = protocol_editions.sign(doctor, row.id, fills(a_draft()), expected_version=1, now=NOW)

    assert (signed.id, signed.status) == (row.id, VersionStatus.DRAFT)
    assert protocol_reviews.open_fields(by, row.id) == []
    [record] = protocols.version(by, row.id).signatures
    assert record["practitioner_id"] == doctor.practitioner_id
    assert record["signed_at"] == NOW.isoformat()


def test_signing_a_published_version_makes_the_next_one_and_leaves_it_alone(app: Flask) -> None:
    by = a_clinic()
    first = published(by, recalled())

    signed = protocol_editions.sign(
        a_prescriber(by), first.id, fills(recalled()), expected_version=first.version, now=NOW
    )

    assert (signed.number, signed.status) == (2, VersionStatus.PUBLISHED)
    assert protocols.version(by, first.id).document == first.document
    assert protocol_reviews.open_fields(by, signed.id) == []


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        pytest.param({}, "document", id="nothing"),
        pytest.param({"title": "x"}, "document.title", id="no safety field"),
        pytest.param({"arms[0].cap.mg": "lots"}, "document.arms[0].cap.mg", id="no number"),
        pytest.param({"arms[0].cap.mg": -1}, "document.arms[0].cap.mg", id="less than nothing"),
    ],
)
def test_what_cannot_be_signed_is_named_and_nothing_is(
    app: Flask, wanted: dict[str, object], path: str
) -> None:
    by = a_clinic()
    row = created(by, a_draft())

    with pytest.raises(Invalid) as refusal:
        protocol_editions.sign(a_prescriber(by), row.id, wanted, expected_version=1, now=NOW)

    assert path in paths(refusal)
    assert protocols.version(by, row.id).signatures == []


def test_a_signature_written_by_hand_is_refused(app: Flask) -> None:
    by = a_clinic()
    row = created(by, a_draft())
    forged = a_draft()
    forged["signatures"] = [
        {
            "signed_by": "Dr. Nobody",
            "signed_at": NOW.isoformat(),
            "values": [{"path": "arms[0].cap.mg", "value": 60}],
        }
    ]

    for write in (
        lambda: protocols.replace(by, row.id, forged, expected_version=1, now=NOW),
        lambda: protocols.add_version(by, row.protocol_id, forged, now=NOW),
        lambda: created(by, {**forged, "code": "another"}),
    ):
        with pytest.raises(Invalid) as refusal:
            write()
        assert paths(refusal) == ["document.signatures[0]"]


def test_a_signature_is_carried_over_to_the_next_version(app: Flask) -> None:
    by = a_clinic()
    row = created(by, a_draft())
    signed = protocol_editions.sign(
        a_prescriber(by), row.id, fills(a_draft()), expected_version=1, now=NOW
    )
    assert signed.document["signatures"]

    next_one = protocols.add_version(
        by, row.protocol_id, {**signed.document, "title": "Shorter"}, now=NOW
    )

    assert protocol_reviews.open_fields(by, next_one.id) == []


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.PRESCRIBER])
def test_only_a_prescriber_signs(app: Flask, role: Role) -> None:
    by = a_clinic()
    row = created(by, a_draft())

    with pytest.raises(NotAllowed):
        protocol_editions.sign(
            colleague(by, role), row.id, fills(a_draft()), expected_version=1, now=NOW
        )


def test_a_prescriber_without_a_name_cannot_sign(app: Flask) -> None:
    by = a_clinic()
    row = created(by, a_draft())

    with pytest.raises(Conflict):
        protocol_editions.sign(
            colleague(by, Role.PRESCRIBER),
            row.id,
            fills(a_draft()),
            expected_version=1,
            now=NOW,
        )


def test_someone_from_another_clinic_sees_nothing(app: Flask) -> None:
    by = a_clinic("Larkfield")
    row = created(by)
    stranger = a_prescriber(a_clinic("Moorgate"))
    stale = {"expected_version": 1, "now": NOW}

    assert protocols.protocols(stranger) == ([], 0)
    for ask in (
        lambda: protocols.protocol(stranger, row.protocol_id),
        lambda: protocols.versions(stranger, row.protocol_id),
        lambda: protocols.version(stranger, row.id),
        lambda: protocols.active(stranger, DEMO),
        lambda: protocols.add_version(stranger, row.protocol_id, demo(), now=NOW),
        lambda: protocols.replace(stranger, row.id, demo(), **stale),
        lambda: protocol_reviews.faults(stranger, row.id),
        lambda: protocol_reviews.open_fields(stranger, row.id),
        lambda: protocol_reviews.differences(stranger, row.id, row.id),
        lambda: protocol_reviews.as_yaml(stranger, row.id),
        lambda: protocol_reviews.against_activation(stranger, row.id),
        lambda: protocol_editions.publish(stranger, row.id, **stale),
        lambda: protocol_editions.sign(stranger, row.id, {}, **stale),
        lambda: protocol_editions.activate(stranger, row.id, **stale),
        lambda: protocol_editions.retire(stranger, row.id, **stale),
    ):
        with pytest.raises(NotFound):
            ask()
