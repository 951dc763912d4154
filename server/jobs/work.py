"""What clock and workers need to know, made once from the settings by the wiring."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from server.jobs.held import Held
from server.notifications.channel import Channel
from shared.vocabulary import ChannelName

log = logging.getLogger("tandem.jobs")


@dataclass(frozen=True, kw_only=True)
class Work:
    """`context` opens the application's context; `secret` signs links; `address` is where patients
    and staff reach this server; by the channels in `rather_not` nothing goes a second time that may
    have arrived, unless they tell doubles themselves."""

    context: Callable[[], AbstractContextManager[object]]
    secret: str
    address: str
    channels: Mapping[ChannelName, Channel]
    rather_not: frozenset[ChannelName] = frozenset()
    held: Held = field(default_factory=Held)


def told(job: str, error: Exception) -> None:
    """What the log gets of an error is its kind and where, never its words: they may name
    somebody."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    log.error("%s failed: %s at %s", job, type(error).__name__, where)
