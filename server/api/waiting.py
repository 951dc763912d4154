"""The waiting list, and freed times offered to those on it."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.waiting import freed_times, slot_offers, waiting_list
from server.services.waiting.waiting_list import Wanted
from shared.schemas.series import BookedOut
from shared.schemas.waiting import (
    FreedTimeOut,
    SlotOfferOut,
    SlotOffersOut,
    WaitingIn,
    WaitingListOut,
    WaitingOut,
)

blp = ApiBlueprint("waiting", description="Sooner times for those who wait for one.")
Sent = Mapping[str, Any]


@blp.route("/waiting")
@blp.action("waiting.list", operation="listWaiting")
@blp.paged(WaitingOut)
def listed(page: Any) -> Any:
    """Those who wait, of patients within reach, longest first."""
    return waiting_list.listed(caller(), page=page.number, page_size=page.size, now=utc_now())


@blp.route("/patients/<id:patient_id>/waiting")
@blp.action("waiting.read", operation="readWaiting")
@blp.response(200, WaitingListOut)
def of_patient(patient_id: str) -> Any:
    """What a patient waits for."""
    return {"waiting": waiting_list.of_patient(caller(), patient_id, now=utc_now())}


@blp.route("/patients/<id:patient_id>/waiting", methods=["POST"])
@blp.action("waiting.change", operation="joinWaiting", also=(409,))
@blp.once
@blp.arguments(WaitingIn)
@blp.response(201, WaitingOut)
def join(sent: Sent, patient_id: str) -> Any:
    """Wait for a time."""
    wanted = Wanted(**(dict(sent) | {"weekdays": tuple(sent["weekdays"])}))
    return waiting_list.join(caller(), patient_id, wanted, now=utc_now())


@blp.route("/waiting/<id:waiting_id>", methods=["DELETE"])
@blp.action("waiting.change", operation="leaveWaiting")
@blp.response(204)
def leave(waiting_id: str) -> None:
    """Wait no longer."""
    waiting_list.leave(caller(), waiting_id, now=utc_now())


@blp.route("/freed-times")
@blp.action("freed_times.manage", operation="listFreedTimes")
@blp.paged(FreedTimeOut)
def freed(page: Any) -> Any:
    """Times that came free and still are, soonest first, and to whom they were offered."""
    return freed_times.listed(caller(), page=page.number, page_size=page.size, now=utc_now())


@blp.route("/freed-times/<id:freed_time_id>/offer", methods=["POST"])
@blp.action("freed_times.manage", operation="offerFreedTime", also=(409,))
@blp.response(200, FreedTimeOut)
def offer(freed_time_id: str) -> Any:
    """Offer it to the waiting list now."""
    return freed_times.offer(caller(), freed_time_id, now=utc_now())


@blp.route("/freed-times/<id:freed_time_id>/close", methods=["POST"])
@blp.action("freed_times.manage", operation="closeFreedTime", also=(409,))
@blp.once
@blp.response(200, FreedTimeOut)
def close(freed_time_id: str) -> Any:
    """The clinic uses it otherwise; it is kept for nobody any more."""
    return freed_times.close(caller(), freed_time_id, now=utc_now())


@blp.route("/patients/<id:patient_id>/slot-offers")
@blp.action("slot_offers.read", operation="listSlotOffers")
@blp.response(200, SlotOffersOut)
def offers(patient_id: str) -> Any:
    """Everything offered to a patient."""
    return {"offers": slot_offers.of_patient(caller(), patient_id, now=utc_now())}


@blp.route("/slot-offers/<id:slot_offer_id>/accept", methods=["POST"])
@blp.action("slot_offers.answer", operation="acceptSlotOffer", also=(409,))
@blp.once
@blp.response(200, BookedOut)
def accept(slot_offer_id: str) -> Any:
    """Take the time; 409 where it has gone."""
    return {"appointments": slot_offers.accept(caller(), slot_offer_id, now=utc_now())}


@blp.route("/slot-offers/<id:slot_offer_id>/decline", methods=["POST"])
@blp.action("slot_offers.answer", operation="declineSlotOffer", also=(409,))
@blp.once
@blp.response(200, SlotOfferOut)
def decline(slot_offer_id: str) -> Any:
    """Leave it to the others."""
    return slot_offers.decline(caller(), slot_offer_id, now=utc_now())
