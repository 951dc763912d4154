"""A clinic's own habits."""

from shared.schemas.fields import Body, Flag, Minutes, Whole


class HouseRulesIn(Body):
    """When the clinic writes (hours before a visit, minutes after midnight), after how many minutes
    without word a visit counts as missed (null: only when somebody says so), whether a freed time
    is offered to the waiting list by itself, and when staff get their morning mail (null: never).
    """

    confirm_hours = Whole(2, 24 * 14, required=True)
    ride_home_hours = Whole(2, 24 * 14, required=True)
    evening = Minutes(0, 1439, required=True)
    morning = Minutes(0, 1439, required=True)
    noshow_after_minutes = Whole(0, 7 * 24 * 60, required=True, allow_none=True)
    offers_freed_times = Flag(required=True)
    digest_at = Minutes(0, 1439, required=True, allow_none=True)


class HouseRulesOut(HouseRulesIn):
    """The same as it holds now; `version` is its ETag."""

    version = Whole(1, 2**31, required=True)
