"""What happened on each day, by agent, inbox, team and label: the rows of the four tables daily_by_… . Pure.

Everything is dated by when it happened, so that any range of days adds up; sums and counts only, since averages and
percentiles do not. Those come from response_intervals and conversation_facts.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.times import local_date

# Each table, and the column that its rows are told apart by.
TABLES = {
    "daily_by_agent": "agent_id",
    "daily_by_inbox": "inbox_id",
    "daily_by_team": "team_id",
    "daily_by_label": "label",
}
# The label of the rows that count every conversation once, with and without labels.
EVERY_CONVERSATION = ""

# In the tables' order. Seconds are added as whole microseconds, and so come out the same in whatever order.
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
)
_SATISFIED = 4
_DATES = ("conversation_date", "event_date", "account_id")


def compute_daily_by_group(of: ConversationBatch, intervals: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return what happened on each day.

    Args:
        of: the conversations.
        intervals: their waits, as `compute_response_intervals` returns them.

    Returns:
        Of each table its rows, by their key: conversation_date, event_date, account_id, and agent_id (0 for
        nobody), inbox_id, team_id (0 for none) or label. Then the measures: counts as Int64, seconds as Float64,
        never NULL. A conversation with three labels has rows in each of them, and in the label '', which counts
        every conversation once.
    """
    happened = [
        of.conversations.select(pl.col("id").alias("conversation_id"), pl.lit(1).alias("created")),
        *_changes(of),
        _written(of.marked),
        _answered(intervals),
        _surveyed(of.marked, of.csat),
    ]
    days = _dated(pl.concat(happened, how="diagonal"), of.conversations, of.zone)
    by_label = days.join(_labels(of.conversations), on="conversation_id")
    return {name: _added_up(by_label if key == "label" else days, key) for name, key in TABLES.items()}


def _changes(of: ConversationBatch) -> list[pl.DataFrame]:
    """Return the resolutions, by whoever was the agent then, and the reopenings."""
    return [
        of.resolutions.select(
            "conversation_id",
            "at",
            pl.col("user_id").cast(pl.Int64).alias("agent_id"),
            pl.lit(1).alias("resolved"),
        ),
        of.reopenings.with_columns(pl.lit(1).alias("reopened")),
    ]


def _written(marked: pl.DataFrame) -> pl.DataFrame:
    """Return the messages: by their writer where that is a user; a contact's are the assignee's, others nobody's."""
    is_public_outgoing = (pl.col("message_type") == "outgoing") & ~pl.col("is_note")
    writer = pl.when(pl.col("sender_type") == "User").then("sender_id")
    nobody = pl.when(pl.col("message_type") != "incoming").then(pl.lit(0, pl.Int64))
    return marked.filter(pl.col("is_incoming") | is_public_outgoing | pl.col("is_note")).select(
        "conversation_id",
        pl.col("created_at").alias("at"),
        pl.coalesce(writer, nobody).alias("agent_id"),
        pl.col("is_incoming").cast(pl.Int64).alias("incoming_messages"),
        is_public_outgoing.cast(pl.Int64).alias("outgoing_messages"),
        pl.col("is_note").cast(pl.Int64).alias("private_notes"),
        pl.col("is_human_reply").cast(pl.Int64).alias("human_replies"),
    )


def _answered(intervals: pl.DataFrame) -> pl.DataFrame:
    """Return the waits that were answered, by who answered them."""
    calendar, business = (
        (pl.col(name) * 1e6).round().cast(pl.Int64, strict=False) for name in ("seconds", "business_seconds")
    )
    has_hours = pl.col("business_seconds").is_not_null()
    first = pl.col("is_first_response")
    return intervals.filter(~pl.col("is_open")).select(
        "conversation_id",
        pl.col("ended_at").alias("at"),
        pl.col("agent_id").cast(pl.Int64).fill_null(0),
        pl.lit(1).alias("responses"),
        calendar.alias("sum_response_seconds"),
        has_hours.cast(pl.Int64).alias("business_responses"),
        business.alias("sum_response_business_seconds"),
        first.cast(pl.Int64).alias("first_responses"),
        pl.when(first).then(calendar).alias("sum_first_response_seconds"),
        (first & has_hours).cast(pl.Int64).alias("business_first_responses"),
        pl.when(first).then(business).alias("sum_first_response_business_seconds"),
    )


def _surveyed(marked: pl.DataFrame, csat: pl.DataFrame) -> pl.DataFrame:
    """Return the surveys, one a conversation, and the ratings; a survey that is gone was offered when it was rated."""
    is_survey = (pl.col("content_type") == "input_csat") & ~pl.col("deleted").fill_null(value=False)
    surveys = marked.filter(is_survey).group_by("conversation_id").agg(pl.col("created_at").min().alias("offered_at"))
    rated = csat.select("conversation_id", "rated_at", pl.col("rating").cast(pl.Int64))
    offered = surveys.join(rated, on="conversation_id", how="full", coalesce=True).select(
        "conversation_id", pl.coalesce("offered_at", "rated_at").alias("at"), pl.lit(1).alias("csat_offered")
    )
    answered = rated.filter(pl.col("rating").is_not_null()).select(
        "conversation_id",
        pl.col("rated_at").alias("at"),
        pl.lit(1).alias("csat_answered"),
        pl.col("rating").alias("sum_rating"),
        (pl.col("rating") >= _SATISFIED).cast(pl.Int64).alias("satisfied"),
    )
    return pl.concat([offered, answered], how="diagonal")


def _dated(happened: pl.DataFrame, conversations: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return what happened by conversation, day and agent; what has no time of its own is of the conversation's day."""
    whose = conversations.select(
        pl.col("id").alias("conversation_id"),
        "conversation_date",
        "account_id",
        "inbox_id",
        pl.col("team_id").fill_null(0),
        pl.col("assignee_id").cast(pl.Int64).fill_null(0),
    )
    return (
        happened.group_by("conversation_id", local_date(pl.col("at"), zone).alias("event_date"), "agent_id")
        .agg(pl.col(MEASURES).sum())
        .join(whose, on="conversation_id")
        .with_columns(
            pl.coalesce("event_date", "conversation_date").alias("event_date"),
            pl.coalesce("agent_id", "assignee_id").alias("agent_id"),
        )
    )


def _labels(conversations: pl.DataFrame) -> pl.DataFrame:
    """Return each conversation's labels, and the one that every conversation has."""
    every = pl.concat_list(pl.lit(EVERY_CONVERSATION), pl.col("labels").fill_null([])).list.unique()
    return conversations.select(pl.col("id").alias("conversation_id"), every.alias("label")).explode("label")


def _added_up(happened: pl.DataFrame, column: str) -> pl.DataFrame:
    key = [*_DATES, column]
    return (
        happened.group_by(key)
        .agg(pl.col(MEASURES).sum().cast(pl.Int64))
        .with_columns(seconds(pl.col("^sum_.*seconds$").cast(pl.Duration("us"))))
        .select(*key, *MEASURES)
        .sort(key)
    )
