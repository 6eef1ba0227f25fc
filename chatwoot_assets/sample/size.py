"""How large a sample is and which days it covers. Nothing here draws a random number."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from chatwoot_assets.errors import SettingsError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TIME_ZONE = ZoneInfo("America/Sao_Paulo")
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True)
class SampleSize:
    """How many conversations, over how many days up to which last one, and the seed of chance.

    Days are of America/Sao_Paulo. There are about 12 messages to a conversation.
    """

    conversations: int
    days: int
    last_day: datetime.date
    seed: int = 42

    def __post_init__(self) -> None:
        """Refuse a sample of nothing."""
        if self.conversations < 1 or self.days < 1:
            raise SettingsError(
                f"a sample needs at least 1 conversation and 1 day: got {self.conversations} and {self.days}"
            )

    @property
    def midnights(self) -> Ints:
        """When each day starts, and last when the last day ends: microseconds of UTC since 1970."""
        first = self.last_day - datetime.timedelta(days=self.days - 1)
        return np.array([_midnight(first + datetime.timedelta(days=day)) for day in range(self.days + 1)])

    @property
    def end(self) -> int:
        """When the last day ends: nothing in the sample is later."""
        return int(self.midnights[-1])

    def random(self, *part: int) -> np.random.Generator:
        """Return the generator of one part of the sample, so that parts do not depend on each other."""
        return np.random.Generator(np.random.PCG64([self.seed, *part]))


def _midnight(day: datetime.date) -> int:
    local = datetime.datetime.combine(day, datetime.time(), TIME_ZONE)
    return int(local.timestamp()) * SECOND
