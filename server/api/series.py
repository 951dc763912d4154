"""Series: enrol, plan, book whole, hold, resume, release, decide, end."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.booking import booking
from server.services.planning import planning
from server.services.planning.planning import Wishes
from server.services.series import series, series_changes
from server.services.series.series import Enrolment
from shared.schemas.series import (
    WEEKDAYS,
    BookedOut,
    BookPlanIn,
    DecisionIn,
    EndIn,
    EnrolmentIn,
    HoldIn,
    OfferOut,
    ReleaseIn,
    SeriesOut,
    SeriesQuery,
    WishesIn,
)

blp = ApiBlueprint("series", description="One patient's run of a protocol.")
Sent = Mapping[str, Any]


@blp.route("/series", methods=["GET"])
@blp.action("series.read", operation="listSeries")
@blp.arguments(SeriesQuery, location="query")
@blp.paged(SeriesOut)
def listed(wanted: Sent, page: Page) -> Any:
    """The series this person may see, those ready first coming first."""
    return series.listed(caller(), now=utc_now(), page=page.number, page_size=page.size, **wanted)


@blp.route("/series", methods=["POST"])
@blp.action("series.enrol", operation="enrolPatient", also=(404, 409))
@blp.once
@blp.arguments(EnrolmentIn)
@blp.response(201, SeriesOut)
def enrol(sent: Sent) -> Any:
    """Begin a series: every visit of the protocol is planned, none has a time yet."""
    return series.enrol(caller(), Enrolment(**sent), now=utc_now())


@blp.route("/series/<id:series_id>", methods=["GET"])
@blp.action("series.read", operation="readSeries")
@blp.response(200, SeriesOut)
def read(series_id: str) -> Any:
    """One series with its planned visits and holds."""
    return series.read(caller(), series_id, now=utc_now())


@blp.route("/series/<id:series_id>/plans", methods=["POST"])
@blp.action("series.plan", operation="proposePlans", also=(409,))
@blp.arguments(WishesIn)
@blp.response(201, OfferOut)
def propose(sent: Sent, series_id: str) -> Any:
    """Up to three plans for every visit without a time, best first, each with its reasons; where
    there is none, what stands in the way and the nearest thing that would work."""
    return planning.propose(caller(), series_id, now=utc_now(), wishes=_wishes(sent))


@blp.route("/series/<id:series_id>/bookings", methods=["POST"])
@blp.action("series.book", operation="bookPlan", if_match=True, also=(409,))
@blp.once
@blp.arguments(BookPlanIn)
@blp.response(201, BookedOut)
def book(sent: Sent, series_id: str) -> Any:
    """Book a plan that was proposed: all of its visits, or none and every reason why not."""
    seen = if_match()
    rows = booking.book_plan(
        caller(), series_id, sent["plan_id"], expected_version=seen, now=utc_now()
    )
    return {"appointments": rows}


@blp.route("/series/<id:series_id>/hold", methods=["POST"])
@blp.action("series.hold", operation="holdSeries", if_match=True, also=(409,))
@blp.once
@blp.arguments(HoldIn)
@blp.response(200, SeriesOut)
def hold(sent: Sent, series_id: str) -> Any:
    """Stop a series for a clinical reason."""
    return series_changes.hold(
        caller(), series_id, **sent, expected_version=if_match(), now=utc_now()
    )


@blp.route("/series/<id:series_id>/resume", methods=["POST"])
@blp.action("series.resume", operation="resumeSeries", if_match=True, also=(409,))
@blp.once
@blp.response(200, SeriesOut)
def resume(series_id: str) -> Any:
    """End the hold; what lost its time is planned anew."""
    return series_changes.resume(caller(), series_id, expected_version=if_match(), now=utc_now())


@blp.route("/series/<id:series_id>/revoke", methods=["POST"])
@blp.action("series.end", operation="revokeSeries", if_match=True, also=(409,))
@blp.once
@blp.arguments(EndIn)
@blp.response(200, SeriesOut)
def revoke(sent: Sent, series_id: str) -> Any:
    """End a series early; everything later is cancelled."""
    return series_changes.revoke(
        caller(), series_id, **sent, expected_version=if_match(), now=utc_now()
    )


@blp.route("/series/<id:series_id>/complete", methods=["POST"])
@blp.action("series.end", operation="completeSeries", if_match=True, also=(409,))
@blp.once
@blp.response(200, SeriesOut)
def complete(series_id: str) -> Any:
    """Close a series whose every decided visit has taken place."""
    return series_changes.complete(caller(), series_id, expected_version=if_match(), now=utc_now())


@blp.route("/series/<id:series_id>/release", methods=["POST"])
@blp.action("series.release", operation="releaseVisits", if_match=True, also=(409,))
@blp.once
@blp.arguments(ReleaseIn)
@blp.response(200, SeriesOut)
def release(sent: Sent, series_id: str) -> Any:
    """A prescriber decides that visits which waited for it are due."""
    return series_changes.release(
        caller(), series_id, **sent, expected_version=if_match(), now=utc_now()
    )


@blp.route("/series/<id:series_id>/decisions", methods=["POST"])
@blp.action("series.release", operation="decideOnMissedVisit", if_match=True, also=(409,))
@blp.once
@blp.arguments(DecisionIn)
@blp.response(200, SeriesOut)
def decide(sent: Sent, series_id: str) -> Any:
    """A prescriber decides about a visit that was missed and has no time left."""
    return series_changes.decide(
        caller(), series_id, **sent, expected_version=if_match(), now=utc_now()
    )


def _wishes(sent: Sent) -> Wishes:
    candidates = {name: tuple(ids) for name, ids in sent.get("candidates", {}).items()}
    return Wishes(
        candidates=candidates,
        start_on_or_after=sent["start_on_or_after"],
        start_by=sent["start_by"],
        not_on_weekdays=frozenset(WEEKDAYS.index(day) for day in sent.get("not_on", ())),
        prefers=sent["prefers"],
    )
