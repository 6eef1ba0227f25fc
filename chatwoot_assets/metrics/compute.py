"""From some days' extracted rows to the rows of all metrics' tables. Pure: frames in, frames out.

Each table is made in the module that is called after it; here they are put together, and parts of a large day added
up.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from chatwoot_assets.metrics.backlog_changes import compile_backlog
from chatwoot_assets.metrics.columns import SUMMED
from chatwoot_assets.metrics.conversation_batch import Extracted
from chatwoot_assets.metrics.conversation_events import compile_events
from chatwoot_assets.metrics.conversation_facts import compile_facts
from chatwoot_assets.metrics.daily_by_group import compile_daily
from chatwoot_assets.metrics.hourly_messages import compile_volume
from chatwoot_assets.metrics.resolutions import compile_resolutions
from chatwoot_assets.metrics.response_intervals import compile_intervals

# To be raised when the same extracts are to become other metrics.
VERSION = 1

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Rules:
    """What metrics are computed by, besides the rows.

    Attributes:
        zone: the reporting time zone.
        bots: the users that are programs, though they write as agents do.
    """

    zone: str
    bots: frozenset[int] = frozenset()

    @property
    def definition(self) -> str:
        """A text that is another one where the rules are."""
        return ":".join([str(VERSION), self.zone, ",".join(map(str, sorted(self.bots)))])

    def date(self, instant: datetime.datetime) -> datetime.date:
        """Return the day of an instant in the reporting time zone."""
        return instant.astimezone(zoneinfo.ZoneInfo(self.zone)).date()


def measure(of: Extracted, *, read_on: datetime.date) -> Tables:
    """Return the rows of every table.

    Args:
        of: the conversations.
        read_on: the day on which they were read.
    """
    intervals = compile_intervals(of)
    return {
        "response_intervals": intervals,
        "resolutions": compile_resolutions(of),
        "conversation_facts": compile_facts(of, intervals),
        "conversation_events": compile_events(of.conversations, of.events, of.zone),
        **compile_daily(of, intervals),
        "backlog_changes": compile_backlog(of, intervals, until=read_on),
        "hourly_messages": compile_volume(of.conversations, of.messages, of.zone),
    }


def add_up(table: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of a table of sums that its parts add up to."""
    return pl.concat(parts).group_by(SUMMED[table], maintain_order=True).sum()
