"""Compute the rows of targets: when replies and resolutions were due, and whether they came in time.

Whether a target that still runs is near or missed depends on the present time: the view `target_states` decides that.
Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.metrics.business_hours import find_deadlines
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.target_columns import TARGETS
from chatwoot_assets.target_rules import BUSINESS, FIRST_RESPONSE, NEXT_REPLY, RESOLUTION, TargetRule, TargetRules
from chatwoot_assets.times import local_date

# A target is near when this part of its time has elapsed.
_NEAR = 0.8
_NAMES = [column.name for column in TARGETS]


def compute_targets(batch: ConversationBatch, intervals: pl.DataFrame, episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the targets of waits and episodes, by the most specific rule that matches their conversation.

    A wait has the target first_response if no human had replied in its episode before it began, otherwise next_reply.
    An episode has the target resolution. There is no row for a wait that a resolution ended in time, because no reply
    was due any more; for an episode that ended before its start; for one without a known end in a conversation that is
    resolved now; and where an inbox is never open for long enough.

    Args:
        batch: The conversations.
        intervals: Their waits, as returned by `compute_response_intervals`.
        episodes: Their episodes, as returned by `compute_episodes`.

    Returns:
        The rows of targets in the table's column order, sorted by conversation_id, target and number. Timestamps
        are naive UTC. It is empty if no targets are set.
    """
    if not batch.targets.rules:
        return pl.DataFrame(schema={column.name: column.polars_type for column in TARGETS})
    conversations = batch.conversations.select(
        pl.col("id").alias("conversation_id"),
        pl.col("priority").fill_null("none"),
        *("inbox_timezone", "working_hours"),
    )
    parts = [_select_waits(batch, intervals, episodes), _select_episodes(episodes)]
    rows = _choose_rules(pl.concat(parts).join(conversations, on="conversation_id"), batch.targets)
    near = rows.with_columns(pl.when(pl.col("ended_at").is_null()).then(pl.col("target_seconds") * _NEAR))
    rows = rows.with_columns(
        _find_due_times(rows, batch).alias("due_at"), _find_due_times(near, batch).alias("near_at")
    )
    is_in_time = pl.col("ended_at") <= pl.col("due_at")
    is_dropped = is_in_time & ~pl.col("is_done")
    return (
        rows.filter(pl.col("due_at").is_not_null() & ~is_dropped.fill_null(value=False))
        .with_columns(
            local_date(pl.col("started_at"), batch.zone).alias("started_date"),
            local_date(pl.col("ended_at"), batch.zone).alias("ended_date"),
            is_in_time.alias("is_met"),
        )
        .select(_NAMES)
        .sort("conversation_id", "target", "number")
    )


def _select_waits(batch: ConversationBatch, intervals: pl.DataFrame, episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the waits with their target, and whether a human replied."""
    replies = batch.marked_messages.filter("is_human_reply").select(
        "conversation_id", pl.col("created_at").alias("replied_at")
    )
    begun = episodes.select("conversation_id", pl.col("started_at").alias("episode_started_at"))
    waits = intervals.sort("started_at")
    for frame, column, is_inclusive in ((begun, "episode_started_at", True), (replies, "replied_at", False)):
        waits = waits.join_asof(
            frame.sort(column),
            left_on="started_at",
            right_on=column,
            by="conversation_id",
            allow_exact_matches=is_inclusive,
            coalesce=False,
            check_sortedness=False,
        )
    had_reply = (pl.col("replied_at") >= pl.col("episode_started_at")).fill_null(pl.col("replied_at").is_not_null())
    return waits.select(
        "conversation_id",
        pl.when(had_reply).then(pl.lit(NEXT_REPLY)).otherwise(pl.lit(FIRST_RESPONSE)).alias("target"),
        pl.col("interval_number").alias("number"),
        *("conversation_date", "account_id", "inbox_id", "team_id"),
        pl.when("is_open").then("assignee_id").otherwise("agent_id").cast(pl.Int64).alias("agent_id"),
        "started_at",
        pl.coalesce("ended_at", "resolved_at").alias("ended_at"),
        pl.col("is_open").not_().alias("is_done"),
        *("status", "labels"),
    )


def _select_episodes(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the episodes that have a target, in the columns of `_select_waits`."""
    is_resolved = pl.col("resolved_at").is_not_null()
    is_last = pl.col("episode_number") == pl.col("episode_number").max().over("conversation_id")
    is_running = ~is_resolved & is_last & (pl.col("status") != "resolved")
    is_known = (pl.col("resolved_at") >= pl.col("started_at")) | is_running
    return episodes.filter(is_known.fill_null(value=False)).select(
        "conversation_id",
        pl.lit(RESOLUTION).alias("target"),
        pl.col("episode_number").alias("number"),
        *("conversation_date", "account_id", "inbox_id", "team_id", "agent_id", "started_at"),
        pl.col("resolved_at").alias("ended_at"),
        is_resolved.alias("is_done"),
        *("status", "labels"),
    )


def _choose_rules(rows: pl.DataFrame, rules: TargetRules) -> pl.DataFrame:
    """Add target_seconds and clock of the first rule that matches, and leave out the rows that have no target.

    An inbox without business hours is always open: its clock is the calendar's.
    """
    stated = [
        (_matches(rule) & (pl.col("target") == target), seconds, rule.clock)
        for rule in rules.rules
        for target, seconds in rule.seconds.items()
    ]
    has_hours = pl.col("working_hours").is_not_null() & pl.col("inbox_timezone").is_not_null()
    clock = pl.coalesce(pl.when(matches).then(pl.lit(clock)) for matches, _, clock in stated)
    return rows.with_columns(
        pl.coalesce(pl.when(matches).then(pl.lit(seconds, pl.Float64)) for matches, seconds, _ in stated).alias(
            "target_seconds"
        ),
        pl.when(has_hours).then(clock).otherwise(pl.lit("calendar")).alias("clock"),
    ).filter(pl.col("target_seconds") > 0)


def _matches(rule: TargetRule) -> pl.Expr:
    conditions = {"priority": rule.priority, "team_id": rule.team_id, "inbox_id": rule.inbox_id}
    matching = [(pl.col(name) == value).fill_null(value=False) for name, value in conditions.items() if value]
    return pl.all_horizontal(pl.lit(value=True), *matching)


def _find_due_times(rows: pl.DataFrame, batch: ConversationBatch) -> pl.Series:
    """Return when target_seconds have elapsed on each row's clock; NULL where they are NULL, or for never."""
    by_hours = find_deadlines(rows, "started_at", "target_seconds", batch.holidays)
    elapsed = pl.duration(microseconds=(pl.col("target_seconds") * 1e6).round().cast(pl.Int64))
    is_by_hours = pl.col("clock") == BUSINESS
    return rows.select(pl.when(is_by_hours).then(by_hours).otherwise(pl.col("started_at") + elapsed)).to_series()
