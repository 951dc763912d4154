"""Chairs, rooms, pools and practitioners as something to claim, and when they work."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.hours import hours
from server.api.paging import Page
from server.services.clinic import availability, bookables
from server.services.clinic.availability import Absence
from shared.schemas.bookables import (
    AbsenceIn,
    BookableChange,
    BookableIn,
    BookableOut,
    BookableQuery,
    ChangedBookableOut,
    WeekIn,
)

blp = ApiBlueprint("bookables", description="What appointments can claim, and when it works.")
Sent = Mapping[str, Any]


@blp.route("/bookables", methods=["GET"])
@blp.action("bookables.read", operation="listBookables")
@blp.arguments(BookableQuery, location="query")
@blp.paged(BookableOut)
def listed(wanted: Sent, page: Page) -> Any:
    """What can be claimed, by code; of one site with what serves every site."""
    return bookables.bookables(caller(), page=page.number, page_size=page.size, **wanted)


@blp.route("/bookables", methods=["POST"])
@blp.action("bookables.change", operation="createBookable", also=(409,))
@blp.once
@blp.arguments(BookableIn)
@blp.response(201, BookableOut)
def create(sent: Sent) -> Any:
    """Add a chair, a room or a pool; it is closed until its week is given."""
    return bookables.create(caller(), **sent, now=utc_now())


@blp.route("/bookables/<id:bookable_id>", methods=["GET"])
@blp.action("bookables.read", operation="readBookable")
@blp.response(200, BookableOut)
def read(bookable_id: str) -> Any:
    """One bookable with its hours."""
    return bookables.bookable(caller(), bookable_id)


@blp.route("/bookables/<id:bookable_id>", methods=["PUT"])
@blp.action("bookables.change", operation="changeBookable", if_match=True, also=(409,))
@blp.arguments(BookableChange)
@blp.response(200, ChangedBookableOut)
def change(sent: Sent, bookable_id: str) -> Any:
    """Rename it, or set the most it can ever hold: never less than was claimed at once."""
    seen = if_match()
    return bookables.change(caller(), bookable_id, **sent, expected_version=seen, now=utc_now())


@blp.route("/bookables/<id:bookable_id>/availability", methods=["PUT"])
@blp.action("bookables.change", operation="setWeek", if_match=True)
@blp.arguments(WeekIn)
@blp.response(200, ChangedBookableOut)
def set_week(sent: Sent, bookable_id: str) -> Any:
    """Replace its whole week; the reply names the booked appointments to repair."""
    week = hours(sent["weekly"])
    return availability.set_weekly(
        caller(), bookable_id, week, expected_version=if_match(), now=utc_now()
    )


@blp.route("/bookables/<id:bookable_id>/exceptions", methods=["POST"])
@blp.action("bookables.change", operation="addAbsence", if_match=True, also=(409,))
@blp.once
@blp.arguments(AbsenceIn)
@blp.response(201, ChangedBookableOut)
def add_absence(sent: Sent, bookable_id: str) -> Any:
    """Leave, out of service, or longer hours; the reply names the appointments to repair."""
    seen = if_match()
    return availability.add_absence(
        caller(), bookable_id, Absence(**sent), expected_version=seen, now=utc_now()
    )


@blp.route("/bookables/<id:bookable_id>/exceptions/<id:exception_id>", methods=["DELETE"])
@blp.action("bookables.change", operation="removeException", if_match=True)
@blp.response(200, ChangedBookableOut)
def remove_exception(bookable_id: str, exception_id: str) -> Any:
    """Take back what was said about one date."""
    return availability.remove_exception(
        caller(), bookable_id, exception_id, expected_version=if_match(), now=utc_now()
    )


@blp.route("/bookables/<id:bookable_id>/retire", methods=["POST"])
@blp.action("bookables.change", operation="retireBookable", if_match=True)
@blp.once
@blp.response(200, ChangedBookableOut)
def retire(bookable_id: str) -> Any:
    """Nothing more is booked on it; the reply names the booked appointments to repair."""
    return bookables.retire(caller(), bookable_id, expected_version=if_match(), now=utc_now())
