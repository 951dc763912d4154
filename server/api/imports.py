"""People and opening hours from a spreadsheet."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.clinic import imports
from shared.schemas.imports import ImportOut, ImportQuery, TableIn

blp = ApiBlueprint("imports", description="People and hours from a spreadsheet, all or nothing.")
Sent = Mapping[str, Any]


@blp.route("/imports/people", methods=["POST"])
@blp.action("import.run", operation="importPeople")
@blp.once
@blp.arguments(ImportQuery, location="query")
@blp.arguments(TableIn)
@blp.response(200, ImportOut)
def people(how: Sent, sent: Sent) -> Any:
    """Add patients, therapists, prescribers and nurses.

    Columns: kind, name, site, language, email, phone, contact_name, contact_phone, prefers, code,
    credential, credential_expires_on; only kind and name must be there.
    """
    return imports.people(caller(), sent["csv"], **how, now=utc_now())


@blp.route("/imports/availability", methods=["POST"])
@blp.action("import.run", operation="importAvailability")
@blp.once
@blp.arguments(ImportQuery, location="query")
@blp.arguments(TableIn)
@blp.response(200, ImportOut)
def availability(how: Sent, sent: Sent) -> Any:
    """Give bookables the weekly hours of a table, in place of those they have.

    Columns: bookable (its code), site, days (mon-fri), opens (08:00), closes (18:00), capacity.
    """
    return imports.availability(caller(), sent["csv"], **how, now=utc_now())
