from typing import Any

import pytest
from flask import Flask

from server.persistence.database import db
from server.services.access import Caller
from server.services.clinic import bookables
from server.services.protocols import protocol_editions, protocol_reviews, protocols
from server.services.refusals import Conflict, Invalid, NotFound
from shared.vocabulary import VersionStatus
from tests.services.a_clinic import NOW, a_clinic
from tests.services.a_protocol import (
    DEMO,
    a_draft,
    a_prescriber,
    an_equipped_clinic,
    demo,
    fills,
    recalled,
)


@pytest.fixture
def by(app: Flask) -> Caller:
    return an_equipped_clinic()


def published(by: Caller, document: Any = None) -> Any:
    row = protocols.create(by, demo() if document is None else document, now=NOW)
    return protocol_editions.publish(by, row.id, expected_version=row.version, now=NOW)


def activated(by: Caller, row: Any) -> Any:
    return protocol_editions.activate(by, row.id, expected_version=row.version, now=NOW)


def reasons(refusal: pytest.ExceptionInfo[Invalid]) -> str:
    return " ".join(f"{each.path}: {each.reason}" for each in refusal.value.faults)


def test_a_complete_protocol_that_the_clinic_can_run_is_activated(by: Caller) -> None:
    row = published(by)
    assert protocol_reviews.against_activation(by, row.id) == []

    activated(by, row)

    assert protocols.active(by, DEMO).id == row.id
    assert protocols.protocol(by, row.protocol_id).active_version_id == row.id


def test_a_draft_is_not_activated(by: Caller) -> None:
    row = protocols.create(by, demo(), now=NOW)

    with pytest.raises(Conflict):
        activated(by, row)
    with pytest.raises(NotFound):
        protocols.active(by, DEMO)


def test_open_safety_fields_keep_a_protocol_from_use_until_a_prescriber_signs(by: Caller) -> None:
    row = published(by, recalled())

    with pytest.raises(Invalid) as refusal:
        activated(by, row)

    assert "document.arms[0].duration.minutes" in reasons(refusal)
    signed = protocol_editions.sign(
        a_prescriber(by), row.id, fills(recalled()), expected_version=row.version, now=NOW
    )
    activated(by, signed)
    assert protocols.active(by, DEMO).number == 2


def test_a_draft_of_the_library_is_signed_published_and_activated(by: Caller) -> None:
    row = protocols.adopt(by, "shiroma-pe-rct", now=NOW)
    signed = protocol_editions.sign(
        a_prescriber(by), row.id, fills(a_draft()), expected_version=1, now=NOW
    )
    frozen = protocol_editions.publish(by, signed.id, expected_version=2, now=NOW)

    activated(by, frozen)

    assert protocols.active(by, "shiroma-pe-rct").number == 1


def test_a_mark_of_signed_without_a_signature_keeps_a_protocol_from_use(by: Caller) -> None:
    forged = a_draft()
    forged["arms"][0]["cap"] = {"mg": 60, "evidence": "signed"}  # type: ignore[index]
    row = protocols.create(by, forged, now=NOW)
    protocol_editions.sign(a_prescriber(by), row.id, fills(forged), expected_version=1, now=NOW)
    frozen = protocol_editions.publish(by, row.id, expected_version=2, now=NOW)

    with pytest.raises(Invalid) as refusal:
        activated(by, frozen)

    assert "no signature covers" in reasons(refusal)


def test_a_bookable_no_site_has_is_named(by: Caller) -> None:
    chairs = next(row for row in bookables.bookables(by)[0] if row.code == "chairs")
    bookables.retire(by, chairs.id, expected_version=chairs.version, now=NOW)
    row = published(by)

    with pytest.raises(Invalid) as refusal:
        activated(by, row)

    assert "no site has something called chairs" in reasons(refusal)


def test_a_clinic_with_nobody_to_treat_is_told_whom_it_needs(app: Flask) -> None:
    by = a_clinic()
    row = published(by)

    with pytest.raises(Invalid) as refusal:
        activated(by, row)

    assert "the clinic has no site" in reasons(refusal)


def test_of_two_versions_only_the_one_activated_last_takes_new_series(by: Caller) -> None:
    first = activated(by, published(by))
    changed = demo(title="Second edition (invented, not for patients)")
    draft = protocols.add_version(by, first.protocol_id, changed, now=NOW)
    frozen = protocol_editions.publish(by, draft.id, expected_version=1, now=NOW)

    second = activated(by, frozen)

    assert protocols.active(by, DEMO).id == second.id
    before = protocols.version(by, first.id)
    assert (before.status, before.activated_at) == (VersionStatus.PUBLISHED, None)


def test_a_retired_version_takes_no_new_series_and_is_not_activated_again(by: Caller) -> None:
    row = activated(by, published(by))

    retired = protocol_editions.retire(by, row.id, expected_version=row.version, now=NOW)

    assert retired.status == VersionStatus.RETIRED
    with pytest.raises(NotFound):
        protocols.active(by, DEMO)
    with pytest.raises(Conflict):
        activated(by, retired)
    with pytest.raises(Conflict):
        protocol_editions.retire(by, row.id, expected_version=retired.version, now=NOW)


def test_nothing_of_a_refused_activation_stays(by: Caller) -> None:
    row = published(by, recalled())

    with pytest.raises(Invalid):
        activated(by, row)

    db.session.expire_all()
    assert protocols.version(by, row.id).version == row.version
