"""A clinic's own habits."""

from shared.schemas.fields import Body, Flag, Minutes, Whole, Word
from shared.vocabulary import AfterMissedCheckIn


class HouseRulesIn(Body):
    """When the clinic writes (hours before a visit, minutes after midnight), after how many minutes
    without word a visit counts as missed (null: only when somebody says so), whether a freed time
    is offered to the waiting list by itself, and when staff get their morning mail (null: never).

    What follows when a check-in was not answered, and by how many points a score may rise and how
    strong a side effect may be (of 10) before a clinician must see it the same day (null: as the
    forms suggest). Thoughts of death are always seen.
    """

    confirm_hours = Whole(2, 24 * 14, required=True)
    ride_home_hours = Whole(2, 24 * 14, required=True)
    evening = Minutes(0, 1439, required=True)
    morning = Minutes(0, 1439, required=True)
    noshow_after_minutes = Whole(0, 7 * 24 * 60, required=True, allow_none=True)
    offers_freed_times = Flag(required=True)
    digest_at = Minutes(0, 1439, required=True, allow_none=True)
    after_missed_check_in = Word(AfterMissedCheckIn, load_default=AfterMissedCheckIn.TELL.value)
    rise_limit = Whole(1, 80, load_default=None, allow_none=True)
    side_effect_limit = Whole(1, 10, load_default=None, allow_none=True)


class HouseRulesOut(HouseRulesIn):
    """The same as it holds now; `version` is its ETag."""

    version = Whole(1, 2**31, required=True)
