"""Compute the rows of all metrics tables from a batch of extracted conversations.

Each table is computed in the module named after it. This module combines them, and adds up the parts of a large day.
Pure functions on frames.
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

# Increase this when the same extracts must yield different metrics; all days are then computed again.
VERSION = 1

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class MetricRules:
    """The settings by which metrics are computed.

    Attributes:
        zone: The IANA name of the reporting time zone.
        bots: Ids of users that are programs, although they write as agents do.
    """

    zone: str
    bots: frozenset[int] = frozenset()

    @property
    def definition(self) -> str:
        """A string that changes whenever the rules change."""
        return ":".join([str(VERSION), self.zone, ",".join(map(str, sorted(self.bots)))])

    def date(self, instant: datetime.datetime) -> datetime.date:
        """Return the date of an instant in the reporting time zone."""
        return instant.astimezone(zoneinfo.ZoneInfo(self.zone)).date()


def compute_metrics(batch: ConversationBatch, *, read_on: datetime.date) -> Tables:
    """Return the rows of every table, by the table's name.

    Args:
        batch: The conversations.
        read_on: The day on which they were read.
    """
    intervals = compute_response_intervals(batch)
    return {
        "response_intervals": intervals,
        "resolutions": compute_resolutions(batch),
        "conversation_facts": compute_conversation_facts(batch, intervals),
        "conversation_events": compute_conversation_events(batch.conversations, batch.events, batch.zone),
        **compute_daily_by_group(batch, intervals),
        "backlog_changes": compute_backlog_changes(batch, intervals, until=read_on),
        "hourly_messages": compute_hourly_messages(batch.conversations, batch.messages, batch.zone),
    }


def add_up(table: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows that the parts of a table of sums add up to."""
    return pl.concat(parts).group_by(SUMMED[table], maintain_order=True).sum()
