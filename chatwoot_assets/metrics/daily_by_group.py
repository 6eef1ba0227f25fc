"""Compute the rows of the four daily_by_… tables: what happened on each day, by group.

Everything is dated by when it happened, so that any range of days adds up. The tables have counts and sums only,
because averages and percentiles do not add up; those come from response_intervals, episodes and conversation_facts.
Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.target_rules import TARGETS
from chatwoot_assets.times import local_date

# The column by which each table groups.
GROUP_COLUMNS = {
    "daily_by_agent": "agent_id",
    "daily_by_inbox": "inbox_id",
    "daily_by_team": "team_id",
    "daily_by_label": "label",
}
# The label of the rows that count every conversation once, whether it has labels or not.
EVERY_CONVERSATION = ""

# In the tables' column order. Seconds are added as whole microseconds, so that the order of the terms does not matter.
MEASURES = (
    "created",
    "resolved",
    "reopened",
    "incoming_messages",
    "outgoing_messages",
    "private_notes",
    "human_replies",
    "responses",
    "sum_response_seconds",
    "business_responses",
    "sum_response_business_seconds",
    "first_responses",
    "sum_first_response_seconds",
    "business_first_responses",
    "sum_first_response_business_seconds",
    "csat_offered",
    "csat_answered",
    "sum_rating",
    "satisfied",
    "episodes_started",
    "episodes_resolved",
    "sum_resolution_seconds",
    "resolution_count",
    "sum_resolution_business_seconds",
    "business_resolution_count",
    "incoming_all",
    "outgoing_all",
    *(f"{target}_targets_{state}" for target in TARGETS for state in ("met", "missed")),
)
_SATISFIED = 4
_DATES = ("conversation_date", "event_date", "account_id")


def compute_daily_by_group(
    batch: ConversationBatch, intervals: pl.DataFrame, episodes: pl.DataFrame, targets: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return what happened on each day, by agent, inbox, team and label.

    Args:
        batch: The conversations.
        intervals: Their waits, as returned by `compute_response_intervals`.
        episodes: Their episodes, as returned by `compute_episodes`.
        targets: Their targets, as returned by `compute_targets`.

    Returns:
        Each table's rows, sorted by their key: conversation_date, event_date, account_id, and agent_id (0 for
        none), inbox_id, team_id (0 for none) or label. Then the measures, never NULL: counts as Int64, seconds as
        Float64. A conversation with three labels has rows under each of them, and under the label '', which counts
        every conversation once.
    """
    happenings = [
        batch.conversations.select(pl.col("id").alias("conversation_id"), pl.lit(1).alias("created")),
        *_count_changes(batch),
        _count_messages(batch.marked_messages),
        _count_responses(intervals),
        _count_surveys(batch.marked_messages, batch.latest_ratings),
        *_count_episodes(episodes),
        _count_targets(targets),
    ]
    days = _sum_by_day(happenings, batch.conversations, batch.zone)
    by_label = days.join(_explode_labels(batch.conversations), on="conversation_id")
    return {name: _sum_by_group(by_label if key == "label" else days, key) for name, key in GROUP_COLUMNS.items()}


def _count_changes(batch: ConversationBatch) -> list[pl.DataFrame]:
    """Return the resolutions, each with the agent at that time, and the reopenings.

    A resolution whose event names nobody counts for nobody; one without an event counts for the assignee.
    """
    return [
        batch.resolutions.select(
            "conversation_id",
            "occurred_at",
            pl.when("is_reported").then(pl.col("user_id").cast(pl.Int64).fill_null(0)).alias("agent_id"),
            pl.lit(1).alias("resolved"),
        ),
        batch.reopenings.with_columns(pl.lit(1).alias("reopened")),
    ]


def _count_messages(marked: pl.DataFrame) -> pl.DataFrame:
    """Return the messages with their agent: the writer if that is a user, otherwise 0.

    A contact's message has no agent here (NULL) and later counts for the assignee.
    """
    is_public_outgoing = (pl.col("message_type") == "outgoing") & ~pl.col("is_note")
    writer = pl.when(pl.col("sender_type") == "User").then("sender_id")
    no_agent = pl.when(pl.col("message_type") != "incoming").then(pl.lit(0, pl.Int64))
    return marked.filter(pl.col("is_incoming") | is_public_outgoing | pl.col("is_note")).select(
        "conversation_id",
        pl.col("created_at").alias("occurred_at"),
        pl.coalesce(writer, no_agent).alias("agent_id"),
        pl.col("is_incoming").cast(pl.Int64).alias("incoming_messages"),
        is_public_outgoing.cast(pl.Int64).alias("outgoing_messages"),
        pl.col("is_note").cast(pl.Int64).alias("private_notes"),
        pl.col("is_human_reply").cast(pl.Int64).alias("human_replies"),
        (pl.col("message_type") == "incoming").cast(pl.Int64).alias("incoming_all"),
        (pl.col("message_type") == "outgoing").cast(pl.Int64).alias("outgoing_all"),
    )


def _count_responses(intervals: pl.DataFrame) -> pl.DataFrame:
    """Return the answered waits, each with the agent who answered."""
    calendar, business = _microseconds("seconds"), _microseconds("business_seconds")
    has_hours = pl.col("business_seconds").is_not_null()
    is_first = pl.col("is_first_response")
    return intervals.filter(~pl.col("is_open")).select(
        "conversation_id",
        pl.col("ended_at").alias("occurred_at"),
        pl.col("agent_id").cast(pl.Int64).fill_null(0),
        pl.lit(1).alias("responses"),
        calendar.alias("sum_response_seconds"),
        has_hours.cast(pl.Int64).alias("business_responses"),
        business.alias("sum_response_business_seconds"),
        is_first.cast(pl.Int64).alias("first_responses"),
        pl.when(is_first).then(calendar).alias("sum_first_response_seconds"),
        (is_first & has_hours).cast(pl.Int64).alias("business_first_responses"),
        pl.when(is_first).then(business).alias("sum_first_response_business_seconds"),
    )


def _count_episodes(episodes: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the starts and the last resolutions of episodes, each with the episode's agent.

    An episode that ended before its start, because a clock was wrong or history was imported, is in no sum.
    """
    agent = pl.col("agent_id").fill_null(0)
    calendar, business = _microseconds("resolution_seconds"), _microseconds("resolution_business_seconds")
    is_counted = pl.col("resolution_seconds") >= 0
    has_hours = is_counted & pl.col("resolution_business_seconds").is_not_null()
    return [
        episodes.select(
            "conversation_id", pl.col("started_at").alias("occurred_at"), agent, pl.lit(1).alias("episodes_started")
        ),
        episodes.filter(pl.col("resolved_at").is_not_null()).select(
            "conversation_id",
            pl.col("resolved_at").alias("occurred_at"),
            agent,
            pl.lit(1).alias("episodes_resolved"),
            pl.when(is_counted).then(calendar).alias("sum_resolution_seconds"),
            is_counted.cast(pl.Int64).alias("resolution_count"),
            pl.when(has_hours).then(business).alias("sum_resolution_business_seconds"),
            has_hours.cast(pl.Int64).alias("business_resolution_count"),
        ),
    ]


def _count_targets(targets: pl.DataFrame) -> pl.DataFrame:
    """Return the targets that have ended, each with its agent."""
    states = [
        ((pl.col("target") == target) & (pl.col("is_met") == (state == "met")))
        .cast(pl.Int64)
        .alias(f"{target}_targets_{state}")
        for target in TARGETS
        for state in ("met", "missed")
    ]
    return targets.filter(pl.col("ended_at").is_not_null()).select(
        "conversation_id", pl.col("ended_at").alias("occurred_at"), pl.col("agent_id").fill_null(0), *states
    )


def _microseconds(column: str) -> pl.Expr:
    return (pl.col(column) * 1e6).round().cast(pl.Int64, strict=False)


def _count_surveys(marked: pl.DataFrame, csat: pl.DataFrame) -> pl.DataFrame:
    """Return the surveys, one per conversation, and the ratings, each with the agent assigned when it was given.

    Where a rated survey no longer exists, it counts as offered when it was rated. A rated survey has the agent of its
    rating; one without a rating has none here (NULL) and later counts for the assignee: Chatwoot keeps no other agent.
    """
    is_survey = (pl.col("content_type") == "input_csat") & ~pl.col("deleted").fill_null(value=False)
    surveys = marked.filter(is_survey).group_by("conversation_id").agg(pl.col("created_at").min().alias("offered_at"))
    ratings = csat.select(
        "conversation_id",
        "rated_at",
        pl.col("assigned_agent_id").fill_null(0).alias("agent_id"),
        pl.col("rating").cast(pl.Int64),
    )
    offered = surveys.join(ratings, on="conversation_id", how="full", coalesce=True).select(
        "conversation_id",
        pl.coalesce("offered_at", "rated_at").alias("occurred_at"),
        "agent_id",
        pl.lit(1).alias("csat_offered"),
    )
    answered = ratings.filter(pl.col("rating").is_not_null()).select(
        "conversation_id",
        pl.col("rated_at").alias("occurred_at"),
        "agent_id",
        pl.lit(1).alias("csat_answered"),
        pl.col("rating").alias("sum_rating"),
        (pl.col("rating") >= _SATISFIED).cast(pl.Int64).alias("satisfied"),
    )
    return pl.concat([offered, answered], how="diagonal")


def _sum_by_day(happenings: list[pl.DataFrame], conversations: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the measures by conversation, day and agent.

    What has no time counts on the conversation's day; what has no agent counts for the assignee.
    """
    groups = conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        "account_id",
        "inbox_id",
        pl.col("team_id").fill_null(0),
        pl.col("assignee_id").cast(pl.Int64).fill_null(0),
    )
    # Each kind has a few of the measures: adding them up first leaves fewer and narrower rows for all together.
    sums = [_sum_kind(kind, zone) for kind in happenings]
    return (
        pl.concat(sums, how="diagonal")
        .group_by("conversation_id", "event_date", "agent_id")
        .agg(pl.col(MEASURES).sum())
        .join(groups, on="conversation_id")
        .with_columns(
            pl.coalesce("event_date", "conversation_date").alias("event_date"),
            pl.coalesce("agent_id", "assignee_id").alias("agent_id"),
        )
    )


def _sum_kind(happenings: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return the measures of one kind by conversation, day and agent, each NULL if the kind has none."""
    event_date, agent_id = pl.lit(None, pl.Date), pl.lit(None, pl.Int64)
    if "occurred_at" in happenings.columns:
        event_date = local_date(pl.col("occurred_at"), zone)
    if "agent_id" in happenings.columns:
        agent_id = pl.col("agent_id")
    measures = [name for name in MEASURES if name in happenings.columns]
    key = ["conversation_id", event_date.alias("event_date"), agent_id.alias("agent_id")]
    return happenings.group_by(key).agg(pl.col(measures).sum())


def _explode_labels(conversations: pl.DataFrame) -> pl.DataFrame:
    """Return one row per conversation and label, including EVERY_CONVERSATION."""
    labels = pl.concat_list(pl.lit(EVERY_CONVERSATION), pl.col("labels").fill_null([])).list.unique()
    return conversations.select(pl.col("id").alias("conversation_id"), labels.alias("label")).explode("label")


def _sum_by_group(days: pl.DataFrame, column: str) -> pl.DataFrame:
    key = [*_DATES, column]
    return (
        days.group_by(key)
        .agg(pl.col(MEASURES).sum().cast(pl.Int64))
        .with_columns(seconds(pl.col("^sum_.*seconds$").cast(pl.Duration("us"))))
        .select(*key, *MEASURES)
        .sort(key)
    )
