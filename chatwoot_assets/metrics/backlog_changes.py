"""Compute on which days a conversation was in the backlog, and the rows of backlog_changes: how it grew on each day.

The backlog at the end of a day is the sum of all changes dated up to that day. It is rebuilt from the recorded changes
and ends in the state that Chatwoot itself shows for each conversation now. The sums are made from the days of the
conversations, so that a sum and the list of its conversations cannot differ. Pure functions on frames.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.imports import find_backlog_starts
from chatwoot_assets.times import local_date

# The parts of the backlog; a conversation may be in several.
PARTS = ("open", "pending", "snoozed", "unassigned", "unattended")
# The columns of conversation_facts with the days of each part.
DAYS = {part: f"{part}_days" for part in PARTS}

_KEY = ("conversation_date", "change_date", "account_id", "inbox_id", "team_id", "agent_id")
_IS_SAME_CONVERSATION = pl.col("conversation_id") == pl.col("conversation_id").shift(1)
_IS_LAST = (pl.col("conversation_id") != pl.col("conversation_id").shift(-1)).fill_null(value=True)


def compute_backlog_days(
    batch: ConversationBatch, intervals: pl.DataFrame, *, until: datetime.date | None = None
) -> pl.DataFrame:
    """Return the days at whose end each conversation was in each part of the backlog.

    A conversation is unattended if it is open and either has no human reply yet or has a running wait, by its messages
    or by what Chatwoot recorded. Where the recorded assignments or waits do not lead to Chatwoot's current state, the
    state changes at the last message. An imported conversation is in no part before `find_backlog_starts`.

    Args:
        batch: The conversations.
        intervals: Their waits, as returned by `compute_response_intervals`.
        until: The day on which the rows were read. Nothing can have happened later, although a clock that is ahead
            may say so. None keeps all dates as they are.

    Returns:
        conversation_id and the columns of DAYS: alternately the days on which the conversation entered and left that
        part, never before conversation_date. If their number is odd, it is still in the part. NULL if it never was.
    """
    conversations = batch.conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        (~pl.col("is_unassigned")).alias("is_assigned_now"),
        (pl.col("first_response_seconds").is_null() | pl.col("waiting_since").is_not_null()).alias("needs_reply_now"),
    )
    starts = find_backlog_starts(batch.conversations, batch.marked_messages, batch.events, batch.imported_before)
    conversations = conversations.join(starts, on="conversation_id", how="left")
    changes = _collect_changes(batch, intervals)
    days = _add_parts(_reduce_to_days(changes, conversations, batch.zone, until))
    return (
        days.with_columns(pl.col(part) != _previous(part) for part in PARTS)
        .group_by("conversation_id", maintain_order=True)
        .agg(pl.col("change_date").filter(part).alias(DAYS[part]) for part in PARTS)
        .with_columns(pl.when(pl.col(name).list.len() > 0).then(name) for name in DAYS.values())
    )


def compute_backlog_changes(facts: pl.DataFrame) -> pl.DataFrame:
    """Return by how much each part of the backlog grew at the end of each day.

    Args:
        facts: Rows of conversation_facts.

    Returns:
        The key, sorted and unique: conversation_date, change_date (never before it), account_id, inbox_id, and the
        current team_id and agent_id (0 for none). The changes: open, pending, snoozed, unassigned and unattended as
        Int64, at least one of them not 0.
    """
    key = facts.with_columns(
        pl.col("team_id").fill_null(0), pl.col("assignee_id").cast(pl.Int64).fill_null(0).alias("agent_id")
    )
    return (
        pl.concat([_spread_out(key, part) for part in PARTS], how="diagonal")
        .group_by(_KEY)
        .agg(pl.col(PARTS).sum())
        .filter(pl.any_horizontal(pl.col(part) != 0 for part in PARTS))
        .sort(_KEY)
    )


def _spread_out(facts: pl.DataFrame, part: str) -> pl.DataFrame:
    """Return a row with 1 for each time that a conversation entered a part, and with -1 for each time it left it."""
    days = pl.col(DAYS[part])
    return (
        facts.filter(days.is_not_null())
        .with_columns(days.alias("change_date"), pl.int_ranges(days.list.len()).alias(part))
        .select(*_KEY, part)
        .explode("change_date", part)
        .with_columns((1 - 2 * (pl.col(part) % 2)).cast(pl.Int64).alias(part))
    )


def _collect_changes(batch: ConversationBatch, intervals: pl.DataFrame) -> pl.DataFrame:
    """Return every known change, with the columns that have a new value from then on.

    The columns are conversation_id, occurred_at, status, is_assigned, is_replied and waits (1 starts a wait, -1
    ends one); those that a row does not change are NULL. The changes of one column are in chronological order. Each
    conversation begins with a row without a time, which holds until the first change, and ends with its last message,
    which may change nothing.
    """
    assignments = batch.assignments.select("conversation_id", "occurred_at", "is_assigned")
    is_first = pl.col("occurred_at").is_null()
    first = assignments.filter(is_first).with_columns(pl.lit(value=False).alias("is_replied"))
    marked = batch.marked_messages
    parts = [
        first,
        batch.status_changes.select("conversation_id", "occurred_at", "status"),
        assignments.filter(~is_first),
        marked.filter("is_human_reply")
        .group_by("conversation_id")
        .agg(pl.col("created_at").min().alias("occurred_at"), pl.lit(value=True).alias("is_replied")),
        intervals.select("conversation_id", pl.col("started_at").alias("occurred_at"), pl.lit(1).alias("waits")),
        intervals.select(
            "conversation_id", pl.coalesce("ended_at", "resolved_at").alias("occurred_at"), pl.lit(-1).alias("waits")
        ).filter(pl.col("occurred_at").is_not_null()),
        *_collect_recorded_waits(batch.events),
        marked.group_by("conversation_id").agg(pl.col("created_at").max().alias("occurred_at")),
    ]
    return pl.concat(parts, how="diagonal")


def _collect_recorded_waits(events: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the waits that Chatwoot recorded with a reply.

    Some are longer than messages prove: a second handover of a bot begins one, and only the first one is an event.
    """
    start, end = pl.col("event_start_time"), pl.col("event_end_time")
    recorded = events.filter((pl.col("name") == "reply_time") & (start <= end))
    return [
        recorded.select("conversation_id", instant.alias("occurred_at"), pl.lit(step).alias("waits"))
        for instant, step in ((start, 1), (end, -1))
    ]


def _reduce_to_days(
    changes: pl.DataFrame, conversations: pl.DataFrame, zone: str, until: datetime.date | None
) -> pl.DataFrame:
    """Return each conversation's end-of-day state for every day it changed."""
    local_day = pl.coalesce(local_date(pl.col("occurred_at"), zone), "conversation_date")
    # What is known of the time before an import holds from the import on.
    local_day = pl.max_horizontal(local_day, local_date(pl.col("backlog_from"), zone))
    no_later = pl.min_horizontal(local_day, pl.lit(until, pl.Date))
    state = pl.col("status", "is_assigned", "is_replied")
    return (
        changes.join(conversations, on="conversation_id", maintain_order="left")
        .with_columns(pl.max_horizontal(no_later, "conversation_date").alias("change_date"))
        .sort("conversation_id", "change_date", maintain_order=True)
        .group_by("conversation_id", "change_date", maintain_order=True)
        .agg(state.drop_nulls().last(), pl.col("waits").sum(), pl.col(conversations.columns[1:]).first())
        .with_columns(
            state.forward_fill().over("conversation_id"),
            pl.col("waits").cum_sum().over("conversation_id"),
        )
    )


def _add_parts(days: pl.DataFrame) -> pl.DataFrame:
    """Add the parts of the backlog in which a conversation is at the end of each day.

    On a conversation's last day the assignment and the need for a reply are Chatwoot's current ones.
    """
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


def _previous(name: str) -> pl.Expr:
    """Return the value at the end of the conversation's previous day; false on its first day."""
    return pl.when(_IS_SAME_CONVERSATION).then(pl.col(name).shift(1)).otherwise(pl.lit(value=False))
