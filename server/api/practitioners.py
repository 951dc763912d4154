"""Those who treat."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.people import practitioners
from server.services.people.practitioners import Credential, NewPractitioner
from shared.schemas.people import (
    ChangedPractitionerOut,
    PractitionerChange,
    PractitionerIn,
    PractitionerOut,
)

blp = ApiBlueprint("practitioners", description="Those who treat, and what allows them to.")
Sent = Mapping[str, Any]


@blp.route("/practitioners", methods=["GET"])
@blp.action("practitioners.read", operation="listPractitioners")
@blp.paged(PractitionerOut)
def listed(page: Page) -> Any:
    """Those who treat, by name."""
    return practitioners.practitioners(caller(), page=page.number, page_size=page.size)


@blp.route("/practitioners", methods=["POST"])
@blp.action("practitioners.change", operation="createPractitioner", also=(409,))
@blp.once
@blp.arguments(PractitionerIn)
@blp.response(201, PractitionerOut)
def create(sent: Sent) -> Any:
    """Add somebody who treats; a therapist or prescriber can then be claimed by a code."""
    new = NewPractitioner(**{**sent, "credentials": _credentials(sent)})
    return practitioners.create(caller(), new, now=utc_now())


@blp.route("/practitioners/<id:practitioner_id>", methods=["GET"])
@blp.action("practitioners.read", operation="readPractitioner")
@blp.response(200, PractitionerOut)
def read(practitioner_id: str) -> Any:
    """One of them."""
    return practitioners.practitioner(caller(), practitioner_id)


@blp.route("/practitioners/<id:practitioner_id>", methods=["PUT"])
@blp.action("practitioners.change", operation="changePractitioner", if_match=True)
@blp.arguments(PractitionerChange)
@blp.response(200, ChangedPractitionerOut)
def change(sent: Sent, practitioner_id: str) -> Any:
    """Rename somebody or renew what allows them; the reply names the appointments to repair."""
    return practitioners.change(
        caller(),
        practitioner_id,
        title=sent["title"],
        credentials=_credentials(sent),
        expected_version=if_match(),
        now=utc_now(),
    )


def _credentials(sent: Sent) -> tuple[Credential, ...]:
    return tuple(Credential(**each) for each in sent["credentials"])
