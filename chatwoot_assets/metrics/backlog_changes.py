"""By how many conversations the backlog grew on each day: the rows of backlog_changes. Pure.

The backlog at the end of a day is the sum of everything dated until then. It is rebuilt from what is known to have
happened, and ends at what Chatwoot itself says of each conversation now.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.metrics.activity import ASSIGNED, UNASSIGNED
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.status import status_changes
from chatwoot_assets.times import local_date

# A conversation may be in several of them.
KINDS = ("open", "pending", "snoozed", "unassigned", "unattended")

_KEY = ("conversation_date", "change_date", "account_id", "inbox_id", "team_id", "agent_id")
_SAME = pl.col("conversation_id") == pl.col("conversation_id").shift(1)
_IS_LAST = (pl.col("conversation_id") != pl.col("conversation_id").shift(-1)).fill_null(value=True)


def compute_backlog_changes(
    of: ConversationBatch, intervals: pl.DataFrame, *, until: datetime.date | None = None
) -> pl.DataFrame:
    """Return by how much each part of the backlog grew at the end of each day.

    Unattended is open and either without a first human reply or with a wait running. Where what is known of an
    assignee or of waits does not lead to what Chatwoot says now, its last message is when that changed.

    Args:
        of: the conversations.
        intervals: their waits, as `compute_response_intervals` returns them.
        until: the day on which the rows were read: nothing they tell can be later, though clocks may say so.
            None to take all dates as they are.

    Returns:
        By their key, which is unique: conversation_date, change_date (never before it), account_id, inbox_id,
        team_id and agent_id, of the team and assignee now (0 for none); and open, pending, snoozed, unassigned
        and unattended as Int64, at least one of them not 0.
    """
    whose = of.conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        "account_id",
        "inbox_id",
        pl.col("team_id").fill_null(0),
        pl.col("assignee_id").cast(pl.Int64).fill_null(0).alias("agent_id"),
        pl.col("assignee_id").is_not_null().alias("is_assigned_now"),
        (pl.col("first_response_seconds").is_null() | pl.col("waiting_since").is_not_null()).alias("needs_reply_now"),
    )
    known = _known(of, intervals)
    return (
        _states(_ends_of_days(known, whose, of.zone, until))
        .with_columns(pl.col(name).cast(pl.Int64) - _before(name) for name in KINDS)
        .group_by(_KEY)
        .agg(pl.col(KINDS).sum())
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in KINDS))
        .sort(_KEY)
    )


def _known(of: ConversationBatch, intervals: pl.DataFrame) -> pl.DataFrame:
    """Return every known change: conversation_id, at, and what is so from then on; a last message may change nothing.

    Changes of one kind are in the order in which they took place. Each conversation begins with a row without a
    time, which holds until something else is known.
    """
    assigned = of.activity.filter(pl.col("what").is_in([ASSIGNED, UNASSIGNED])).select(
        "conversation_id", "at", (pl.col("what") == ASSIGNED).alias("is_assigned")
    )
    # Whoever was assigned first was so to a conversation of nobody's.
    before = assigned.group_by("conversation_id", maintain_order=True).agg(~pl.col("is_assigned").first())
    first = (
        of.conversations.select(pl.col("id").alias("conversation_id"), pl.col("assignee_id").is_not_null().alias("now"))
        .join(before, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.coalesce("is_assigned", "now").alias("is_assigned"),
            pl.lit(value=False).alias("is_replied"),
        )
    )
    parts = [
        first,
        status_changes(of.conversations, of.activity, of.events, of.messages).select("conversation_id", "at", "status"),
        assigned,
        of.marked.filter("is_human_reply")
        .group_by("conversation_id")
        .agg(pl.col("created_at").min().alias("at"), pl.lit(value=True).alias("is_replied")),
        intervals.select("conversation_id", pl.col("started_at").alias("at"), pl.lit(1).alias("waits")),
        intervals.select(
            "conversation_id", pl.coalesce("ended_at", "resolved_at").alias("at"), pl.lit(-1).alias("waits")
        ).filter(pl.col("at").is_not_null()),
        of.marked.group_by("conversation_id").agg(pl.col("created_at").max().alias("at")),
    ]
    return pl.concat(parts, how="diagonal")


def _ends_of_days(known: pl.DataFrame, whose: pl.DataFrame, zone: str, until: datetime.date | None) -> pl.DataFrame:
    """Return what is so at the end of each day on which anything is known of a conversation, by these two."""
    at_once = pl.coalesce(local_date(pl.col("at"), zone), "conversation_date")
    no_later = pl.min_horizontal(at_once, pl.lit(until, pl.Date))
    held = pl.col("status", "is_assigned", "is_replied")
    return (
        known.join(whose, on="conversation_id", maintain_order="left")
        .with_columns(pl.max_horizontal(no_later, "conversation_date").alias("change_date"))
        .sort("conversation_id", "change_date", maintain_order=True)
        .group_by("conversation_id", "change_date", maintain_order=True)
        .agg(held.drop_nulls().last(), pl.col("waits").sum(), pl.col(whose.columns[1:]).first())
        .with_columns(
            held.forward_fill().over("conversation_id"),
            pl.col("waits").cum_sum().over("conversation_id"),
        )
    )


def _states(days: pl.DataFrame) -> pl.DataFrame:
    """Return in which parts of the backlog a conversation is at each of these ends; at the last, as Chatwoot says."""
    is_open = pl.col("status") == "open"
    is_assigned = pl.when(_IS_LAST).then("is_assigned_now").otherwise("is_assigned")
    needs_reply = pl.when(_IS_LAST).then("needs_reply_now").otherwise(~pl.col("is_replied") | (pl.col("waits") > 0))
    return days.with_columns(
        is_open.alias("open"),
        (pl.col("status") == "pending").alias("pending"),
        (pl.col("status") == "snoozed").alias("snoozed"),
        (is_open & ~is_assigned).alias("unassigned"),
        (is_open & needs_reply).alias("unattended"),
    )


def _before(name: str) -> pl.Expr:
    """Return the same at the end before it; 0 before a conversation began."""
    return pl.when(_SAME).then(pl.col(name).shift(1)).otherwise(pl.lit(value=False)).cast(pl.Int64)
