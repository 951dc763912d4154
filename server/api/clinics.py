"""The clinic's sites and their holidays."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.clinic import clinics
from shared.schemas.clinics import ChangedSiteOut, HolidayIn, HolidayOut, SiteIn, SiteOut

blp = ApiBlueprint("sites", description="Places, their clocks, and the days they are closed.")
Sent = Mapping[str, Any]


@blp.route("/sites", methods=["GET"])
@blp.action("clinic.read", operation="listSites")
@blp.response(200, SiteOut(many=True))
def listed() -> Any:
    """Every site of the clinic, by name."""
    return clinics.sites(caller())


@blp.route("/sites", methods=["POST"])
@blp.action("clinic.change", operation="createSite", also=(409,))
@blp.once
@blp.arguments(SiteIn)
@blp.response(201, SiteOut)
def create(sent: Sent) -> Any:
    """Open a site."""
    return clinics.create_site(caller(), **sent, now=utc_now())


@blp.route("/sites/<id:site_id>", methods=["GET"])
@blp.action("clinic.read", operation="readSite")
@blp.response(200, SiteOut)
def read(site_id: str) -> Any:
    """One site."""
    return clinics.site(caller(), site_id)


@blp.route("/sites/<id:site_id>", methods=["PUT"])
@blp.action("clinic.change", operation="changeSite", if_match=True, also=(409,))
@blp.arguments(SiteIn)
@blp.response(200, SiteOut)
def change(sent: Sent, site_id: str) -> Any:
    """Rename a site or set its clock, which stays while booked visits go by it."""
    seen = if_match()
    return clinics.change_site(caller(), site_id, **sent, expected_version=seen, now=utc_now())


@blp.route("/sites/<id:site_id>/holidays", methods=["GET"])
@blp.action("clinic.read", operation="listHolidays")
@blp.response(200, HolidayOut(many=True))
def holidays(site_id: str) -> Any:
    """The days a site is closed, in order."""
    return clinics.holidays(caller(), site_id)


@blp.route("/sites/<id:site_id>/holidays", methods=["POST"])
@blp.action("clinic.change", operation="addHoliday", if_match=True, also=(409,))
@blp.once
@blp.arguments(HolidayIn)
@blp.response(201, ChangedSiteOut)
def add_holiday(sent: Sent, site_id: str) -> Any:
    """Close a site on a date; the reply names the booked appointments to repair."""
    seen = if_match()
    return clinics.add_holiday(caller(), site_id, **sent, expected_version=seen, now=utc_now())


@blp.route("/sites/<id:site_id>/holidays/<id:holiday_id>", methods=["DELETE"])
@blp.action("clinic.change", operation="removeHoliday", if_match=True)
@blp.response(200, ChangedSiteOut)
def remove_holiday(site_id: str, holiday_id: str) -> Any:
    """Open a site again on a date."""
    return clinics.remove_holiday(
        caller(), site_id, holiday_id, expected_version=if_match(), now=utc_now()
    )
