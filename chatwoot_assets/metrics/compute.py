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

from chatwoot_assets.metrics.backlog_changes import compute_backlog_changes
from chatwoot_assets.metrics.columns import SUMMED
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.daily_by_group import compute_daily_by_group
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.metrics.resolutions import compute_resolutions
from chatwoot_assets.metrics.response_intervals import compute_response_intervals

# To be raised when the same extracts are to become other metrics.
VERSION = 1

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class MetricRules:
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


def compute_metrics(of: ConversationBatch, *, read_on: datetime.date) -> Tables:
    """Return the rows of every table.

    Args:
        of: the conversations.
        read_on: the day on which they were read.
    """
    intervals = compute_response_intervals(of)
    return {
        "response_intervals": intervals,
        "resolutions": compute_resolutions(of),
        "conversation_facts": compute_conversation_facts(of, intervals),
        "conversation_events": compute_conversation_events(of.conversations, of.events, of.zone),
        **compute_daily_by_group(of, intervals),
        "backlog_changes": compute_backlog_changes(of, intervals, until=read_on),
        "hourly_messages": compute_hourly_messages(of.conversations, of.messages, of.zone),
    }


def add_up(table: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of a table of sums that its parts add up to."""
    return pl.concat(parts).group_by(SUMMED[table], maintain_order=True).sum()
