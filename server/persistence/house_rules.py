"""A clinic's own habits: when it writes, when a visit counts as missed, who gets a freed time."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.instruments import Limits
from server.domain.reminders import Habits
from server.persistence.database import Base, db
from server.persistence.types import Code, Ref
from shared.vocabulary import AfterMissedCheckIn


class HouseRulesRow(Base):
    """One row a clinic; without a row the defaults hold. Times of day are minutes after midnight.

    `noshow_after_minutes`: how long after its end a visit of which nobody has said anything counts
    as missed; None: only when somebody says so. `offers_freed_times`: a freed time is offered to
    the waiting list by itself. `digest_at` None: no morning mail to staff. `rise_limit` and
    `side_effect_limit`: when answers must be seen the same day, instead of what the forms suggest.
    """

    __tablename__ = "house_rules"

    clinic_id: Mapped[Ref] = mapped_column(ForeignKey("clinic.id"), primary_key=True)
    confirm_hours: Mapped[int] = mapped_column(default=72)
    ride_home_hours: Mapped[int] = mapped_column(default=48)
    evening: Mapped[int] = mapped_column(default=18 * 60)
    morning: Mapped[int] = mapped_column(default=7 * 60)
    noshow_after_minutes: Mapped[int | None]
    offers_freed_times: Mapped[bool] = mapped_column(default=True)
    digest_at: Mapped[int | None]
    after_missed_check_in: Mapped[Code] = mapped_column(default=AfterMissedCheckIn.TELL)
    rise_limit: Mapped[int | None]
    side_effect_limit: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def habits(self) -> Habits:
        """When the clinic writes."""
        return Habits(
            confirm_hours=self.confirm_hours,
            ride_home_hours=self.ride_home_hours,
            evening=self.evening,
            morning=self.morning,
        )

    @property
    def limits(self) -> Limits:
        """From where on answers must be seen the same day."""
        return Limits(rise=self.rise_limit, side_effects=self.side_effect_limit)


def of_clinic(clinic_id: str) -> HouseRulesRow:
    """A clinic's rules, or a row with the defaults that is not kept yet."""
    usual = HouseRulesRow(
        clinic_id=clinic_id,
        confirm_hours=72,
        ride_home_hours=48,
        evening=18 * 60,
        morning=7 * 60,
        noshow_after_minutes=None,
        offers_freed_times=True,
        digest_at=7 * 60,
        after_missed_check_in=AfterMissedCheckIn.TELL,
        version=1,
    )
    return db.session.get(HouseRulesRow, clinic_id) or usual


def kept(clinic_id: str) -> HouseRulesRow:
    """The row to change: written with the defaults if there was none, as the first version."""
    row = db.session.get(HouseRulesRow, clinic_id)
    if row is None:
        row = of_clinic(clinic_id)
        db.session.add(row)
        db.session.flush()
    return row
