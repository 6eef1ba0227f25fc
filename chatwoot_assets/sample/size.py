"""The size of a sample, the days it covers, and its random generators."""

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
    """The size of a sample. Days are those of America/Sao_Paulo; a conversation has about 12 messages.

    Attributes:
        conversations: The number of conversations.
        days: The number of days.
        last_day: The last of these days.
        seed: The seed of the random generators.
    """

    conversations: int
    days: int
    last_day: datetime.date
    seed: int = 42

    def __post_init__(self) -> None:
        """Reject a sample without conversations or days."""
        if self.conversations < 1 or self.days < 1:
            raise SettingsError(
                f"a sample needs at least 1 conversation and 1 day: got {self.conversations} and {self.days}"
            )

    @property
    def midnights(self) -> Ints:
        """The start of each day, and the end of the last one, in microseconds since 1970, in UTC."""
        first = self.last_day - datetime.timedelta(days=self.days - 1)
        return np.array([_midnight(first + datetime.timedelta(days=day)) for day in range(self.days + 1)])

    @property
    def end(self) -> int:
        """The end of the last day: nothing in the sample is later."""
        return int(self.midnights[-1])

    def random(self, *part: int) -> np.random.Generator:
        """Return the generator of one part of the sample; parts do not depend on each other."""
        return np.random.Generator(np.random.PCG64([self.seed, *part]))


def _midnight(day: datetime.date) -> int:
    local = datetime.datetime.combine(day, datetime.time(), TIME_ZONE)
    return int(local.timestamp()) * SECOND
