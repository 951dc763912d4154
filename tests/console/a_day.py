"""A site on whose clock it is about noon, with a day's visits around now."""

from datetime import UTC, datetime, timedelta

from server.persistence.database import db
from tests.console.a_week import House


def noon_zone(now: datetime) -> str:
    """A zone in which it is between 12:00 and 13:00 now, so that a few hours each way are today."""
    ahead = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def tell(house: House, now: datetime) -> House:
    """One patient is here, one is late, one comes later, one was cancelled; one came yesterday."""
    house.site.time_zone = noon_zone(now)
    for name, minutes, status in (
        ("Ash Example", -150, "arrived"),
        ("Birch Example", -20, "booked"),
        ("Cedar Example", 90, "booked"),
        ("Elder Example", -26 * 60, "fulfilled"),
    ):
        house.infusion(name, _grid(now + timedelta(minutes=minutes)), status=status)
    cancelled = house.infusion("Dill Example", _grid(now + timedelta(hours=2)), status="cancelled")
    cancelled.reason = "ill"
    for claim in cancelled.claims:
        claim.live = False
    db.session.flush()
    return house


def _grid(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
