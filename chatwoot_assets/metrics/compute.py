"""Compute the rows of all metrics tables from a batch of extracted conversations.

Each table is computed in the module named after it. This module combines them, and adds up the parts of a large day.
Pure functions on frames.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.extract.account_context import AccountContext
from chatwoot_assets.holiday_calendar import HolidayCalendar
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.metrics.backlog_changes import compute_backlog_changes
from chatwoot_assets.metrics.calls import compute_calls
from chatwoot_assets.metrics.columns import SUMMED, TABLES
from chatwoot_assets.metrics.conversation_batch import DEFAULT_EPISODE_GAP, ConversationBatch
from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.daily_by_group import compute_daily_by_group
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.metrics.ratings import compute_ratings
from chatwoot_assets.metrics.resolutions import compute_resolutions
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets.metrics.slas import compute_conversation_slas
from chatwoot_assets.metrics.targets import compute_targets
from chatwoot_assets.partitions import day
from chatwoot_assets.target_rules import TargetRules

# Raise this when the same extracts must yield different metrics; all days are then computed again.
VERSION = 11

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class MetricRules:
    """The settings by which metrics are computed.

    Attributes:
        zone: The IANA name of the reporting time zone.
        bots: Ids of users that are programs, although they write as agents do.
        episode_gap: How long a resolution must last before what follows begins a new episode.
        holidays: When inboxes are closed, regardless of their business hours.
        targets: Within which time replies and resolutions are due.
        context: The names and bots of the accounts.
        imported_before: The instant before which everything was imported; None if nothing was.
        mask: What was masked before it was read.
        runaway_messages: A conversation with more messages does not count in response times; 0 for no such limit.
    """

    zone: str
    bots: frozenset[int] = frozenset()
    episode_gap: datetime.timedelta = DEFAULT_EPISODE_GAP
    holidays: HolidayCalendar = field(default_factory=HolidayCalendar)
    targets: TargetRules = field(default_factory=TargetRules)
    context: AccountContext = field(default_factory=AccountContext)
    imported_before: datetime.datetime | None = None
    mask: Mask = NO_MASK
    runaway_messages: int = 0

    @property
    def definition(self) -> str:
        """A string that changes whenever the rules change."""
        gap = f"{self.episode_gap.total_seconds():g}"
        bots = ",".join(map(str, sorted(self.bots)))
        settings = [self.zone, bots, gap, self.context.definition, self.holidays.definition, self.targets.definition]
        if self.imported_before:
            settings.append(self.imported_before.astimezone(datetime.timezone.utc).isoformat())
        if self.mask.groups:
            settings.append(self.mask.definition)
        if self.runaway_messages:
            settings.append(f"runaway {self.runaway_messages}")
        return ":".join([str(VERSION), *settings]).rstrip(":")

    def date(self, instant: datetime.datetime) -> datetime.date:
        """Return the date of an instant in the reporting time zone."""
        return instant.astimezone(zoneinfo.ZoneInfo(self.zone)).date()


def compute_by_conversation(batch: ConversationBatch, *, read_on: datetime.date) -> Tables:
    """Return the rows of the tables whose rows belong to one conversation each, by the table's name.

    Args:
        batch: The conversations.
        read_on: The day on which they were read.
    """
    intervals = compute_response_intervals(batch)
    episodes = compute_episodes(batch)
    return {
        "response_intervals": intervals,
        "resolutions": compute_resolutions(batch),
        "conversation_facts": compute_conversation_facts(batch, intervals, until=read_on),
        "conversation_events": compute_conversation_events(batch.conversations, batch.events, batch.zone),
        "episodes": episodes,
        "targets": compute_targets(batch, intervals, episodes),
        "ratings": compute_ratings(batch.conversations, batch.csat, batch.zone),
        "conversation_slas": compute_conversation_slas(batch.conversations, batch.zone),
        "calls": compute_calls(batch.conversations, batch.zone),
    }


def compute_sums(batch: ConversationBatch, by_conversation: Tables) -> Tables:
    """Return the rows of the tables of sums, by the table's name.

    Args:
        batch: The conversations.
        by_conversation: What `compute_by_conversation` returned for them.
    """
    intervals = by_conversation["response_intervals"]
    return {
        **compute_daily_by_group(batch, intervals, by_conversation["episodes"], by_conversation["targets"]),
        "backlog_changes": compute_backlog_changes(by_conversation["conversation_facts"]),
        "hourly_messages": compute_hourly_messages(batch.conversations, batch.messages, batch.zone),
    }


def add_up(table: str, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add up the parts of a table of sums, and leave out the rows whose sums are all 0."""
    seconds_columns = [name for name, column in TABLES[table].items() if column.type == "double precision"]
    counts = [name for name in TABLES[table] if name not in SUMMED[table]]
    return (
        pl.concat(parts)
        # As whole microseconds, so that the order of the terms does not matter.
        .with_columns((pl.col(seconds_columns) * 1e6).round().cast(pl.Int64))
        .group_by(SUMMED[table], maintain_order=True)
        .sum()
        .filter(pl.any_horizontal(pl.col(counts) != 0))
        .with_columns(seconds(pl.col(name).cast(pl.Duration("us"))) for name in seconds_columns)
    )


def find_days_with_future_times(batch: ConversationBatch, read_on: datetime.date) -> set[datetime.date]:
    """Return the days with a row that is dated later than the day on which it was read, because a clock was ahead.

    `compute_backlog_days` counts such a row on the day it was read; everything else is the same whenever it is read.
    """
    end = day(read_on, zoneinfo.ZoneInfo(batch.zone)).end
    dated = [
        *(
            batch.conversations.select(pl.col("id").alias("conversation_id"), pl.col(name).alias("at"))
            for name in ("created_at", "imported_at", "status_changed_at")
        ),
        batch.messages.select("conversation_id", pl.col("created_at").alias("at")),
        batch.events.select("conversation_id", pl.col("created_at").alias("at")),
        batch.events.select("conversation_id", pl.col("event_end_time").alias("at")),
    ]
    ids = pl.concat([rows.filter(pl.col("at") >= end) for rows in dated])["conversation_id"]
    dates = batch.conversations.filter(pl.col("id").is_in(ids.implode()))["conversation_date"]
    return set(dates.unique().to_list())
