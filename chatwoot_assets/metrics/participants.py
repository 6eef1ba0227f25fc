"""Read the participants of conversations, among whom are all agents to whom they were assigned.

Chatwoot adds every assignee to the participants, also where it assigns automatically and writes no message. Others take
part because a private note mentions them, or because somebody added them by hand.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.metrics.json_lists import TIMESTAMP_FORMAT
from chatwoot_assets.metrics.status import SAME_CHANGE

_PARTICIPANTS = pl.List(pl.Struct({"user_id": pl.Int64, "since": pl.String}))


def read_participants(conversations: pl.DataFrame) -> pl.DataFrame:
    """Return the participants of conversations.

    Returns:
        conversation_id, user_id, since (naive UTC; NULL if it cannot be read); sorted by conversation_id and since.
    """
    return (
        conversations.filter(pl.col("participants").is_not_null())
        .select(pl.col("id").alias("conversation_id"), pl.col("participants").str.json_decode(_PARTICIPANTS))
        .explode("participants")
        .unnest("participants")
        .with_columns(pl.col("since").str.to_datetime(TIMESTAMP_FORMAT, time_unit="us").cast(TIMESTAMP))
        .sort("conversation_id", "since", "user_id")
    )


def find_unnamed_participants(
    participants: pl.DataFrame,
    sentences: pl.DataFrame,
    matched: pl.DataFrame,
    conversations: pl.DataFrame,
    notes: pl.DataFrame,
) -> pl.DataFrame:
    """Return the participants whom no sentence assigns: perhaps Chatwoot assigned them, or a note mentions them.

    Args:
        participants: The result of `read_participants`.
        sentences: Those that assign an agent: conversation_id, occurred_at, agent.
        matched: The result of `match_sentences` for them.
        conversations: Extracted conversations.
        notes: When users wrote private notes: conversation_id, occurred_at; sorted by occurred_at.

    Returns:
        conversation_id, occurred_at, user_id, agent (the name if it is the assignee now, otherwise the id),
        follows_note (whether a note was written shortly before); sorted by conversation_id and occurred_at.
    """
    now = conversations.select(
        pl.col("id").alias("conversation_id"), pl.col("assignee_id").cast(pl.Int64), "assignee_name"
    )
    unmatched = (
        participants.rename({"since": "occurred_at"})
        .filter(pl.col("occurred_at").is_not_null())
        .join(now, on="conversation_id")
        .join(matched, on=["conversation_id", "user_id"], how="anti")
    )
    mentioned = notes.select("conversation_id", "occurred_at", pl.col("occurred_at").alias("noted_at"))
    is_current = (pl.col("user_id") == pl.col("assignee_id")).fill_null(value=False)
    return (
        unmatched.join(_find_current_agents(unmatched, sentences), on=["conversation_id", "user_id"], how="anti")
        .sort("occurred_at")
        .join_asof(mentioned, on="occurred_at", by="conversation_id", tolerance=SAME_CHANGE, check_sortedness=False)
        .select(
            "conversation_id",
            "occurred_at",
            "user_id",
            pl.coalesce(pl.when(is_current).then("assignee_name"), pl.col("user_id").cast(pl.String)).alias("agent"),
            pl.col("noted_at").is_not_null().alias("follows_note"),
        )
        .sort("conversation_id", "occurred_at")
    )


def match_sentences(sentences: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """Return the participants whom sentences assign: each sentence the nearest in time.

    Args:
        sentences: Those that assign an agent: conversation_id, occurred_at, agent.
        participants: The result of `read_participants`.

    Returns:
        conversation_id, agent, user_id; unique by conversation_id and user_id.
    """
    return (
        sentences.sort("occurred_at")
        .join_asof(
            participants.filter(pl.col("since").is_not_null()).sort("since"),
            left_on="occurred_at",
            right_on="since",
            by="conversation_id",
            strategy="nearest",
            tolerance=SAME_CHANGE,
            check_sortedness=False,
        )
        .filter(pl.col("user_id").is_not_null())
        .select("conversation_id", "agent", "user_id")
        .unique(["conversation_id", "user_id"], keep="first", maintain_order=True)
    )


def _find_current_agents(candidates: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Return the assignees now whom an earlier sentence names: the job that adds participants may be late."""
    named = sentences.select(
        "conversation_id", pl.col("agent").alias("assignee_name"), pl.col("occurred_at").alias("named_at")
    )
    return (
        candidates.filter(pl.col("user_id") == pl.col("assignee_id"))
        .join(named, on=["conversation_id", "assignee_name"])
        .filter(pl.col("named_at") <= pl.col("occurred_at"))
        .select("conversation_id", "user_id")
        .unique()
    )
