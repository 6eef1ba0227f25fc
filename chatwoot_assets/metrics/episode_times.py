"""Count the seconds that conversations spent in each status during their episodes, and since their assignment.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.activity_sentences import AGENT_OR_TEAM_ASSIGNED, ASSIGNED, UNASSIGNED
from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.conversation_batch import ConversationBatch

_STATUSES = ("open", "pending", "snoozed")
_KEY = ("conversation_id", "episode_number")


def add_status_seconds(episodes: pl.DataFrame, batch: ConversationBatch) -> pl.DataFrame:
    """Add open_seconds, pending_seconds, snoozed_seconds and unassigned_seconds to resolved episodes.

    They are NULL while an episode is open, and where a change of the status in it is estimated. unassigned_seconds,
    the part of open_seconds in which nobody was assigned, is also NULL where Chatwoot did not record who was.

    Args:
        episodes: Rows with conversation_id, episode_number, started_at and resolved_at.
        batch: Their conversations.
    """
    spans = episodes.select(*_KEY, "started_at", "resolved_at").join(_collect_states(batch), on="conversation_id")
    since = pl.max_horizontal("since", "started_at")
    until = pl.min_horizontal(pl.coalesce("until", "resolved_at"), "resolved_at")
    length = pl.when(until > since).then(until - since).otherwise(pl.duration())
    overlapping = spans.with_columns(
        length.alias("length"), ((until > since) & pl.col("is_estimated")).alias("is_estimated")
    )
    is_known = ~pl.col("is_estimated").any() & pl.col("resolved_at").first().is_not_null()
    is_unassigned = (pl.col("status") == "open") & ~pl.col("is_assigned")
    sums = overlapping.group_by(_KEY).agg(
        *(
            pl.when(is_known)
            .then(seconds(pl.col("length").filter((pl.col("status") == status).fill_null(value=False)).sum()))
            .alias(f"{status}_seconds")
            for status in _STATUSES
        ),
        pl.when(is_known & pl.col("is_assignment_known").first())
        .then(seconds(pl.col("length").filter(is_unassigned.fill_null(value=False)).sum()))
        .alias("unassigned_seconds"),
    )
    return episodes.join(sums, on=_KEY, how="left").sort(_KEY)


def add_assignment_times(episodes: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Add assigned_at, assignment_to_reply_seconds and assignment_to_resolution_seconds.

    assigned_at is the first assignment to an agent in an episode, until its last resolution. It is NULL where an agent
    was assigned when the episode began, and where activity messages do not tell an agent from a team.

    Args:
        episodes: Rows with conversation_id, episode_number, started_at, first_reply_at and resolved_at, sorted.
        activity: What activity messages report about their conversations.
    """
    undecided = activity.filter(pl.col("change") == AGENT_OR_TEAM_ASSIGNED)["conversation_id"].unique()
    changes = activity.filter(
        pl.col("change").is_in([ASSIGNED, UNASSIGNED]) & ~pl.col("conversation_id").is_in(undecided.implode())
    ).select(
        "conversation_id",
        pl.col("occurred_at").alias("assigned_at"),
        (pl.col("change") == ASSIGNED).alias("is_assigned"),
        # Before its first recorded assignment a conversation had no assignee; before an unassignment it had one.
        (pl.col("change").first() == UNASSIGNED).over("conversation_id").alias("was_assigned"),
    ).sort("assigned_at", maintain_order=True)  # fmt: skip
    before = changes.select("conversation_id", pl.col("assigned_at").alias("changed_at"), "is_assigned")
    first = changes.unique("conversation_id", keep="first").select("conversation_id", "was_assigned")
    was_assigned = pl.coalesce("is_assigned", "was_assigned").fill_null(value=False)
    until = pl.coalesce("resolved_at", pl.col("started_at").shift(-1).over("conversation_id"))
    is_in_episode = (pl.col("assigned_at") <= pl.col("until")).fill_null(value=True)
    assigned = (
        episodes.with_columns(until.alias("until"))
        .join(first, on="conversation_id", how="left")
        .sort("started_at")
        .join_asof(
            before,
            left_on="started_at",
            right_on="changed_at",
            by="conversation_id",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .join_asof(
            changes.filter("is_assigned").select("conversation_id", "assigned_at"),
            left_on="started_at",
            right_on="assigned_at",
            by="conversation_id",
            strategy="forward",
            coalesce=False,
            check_sortedness=False,
        )
        .with_columns(pl.when(is_in_episode & ~was_assigned).then("assigned_at").alias("assigned_at"))
    )
    since = pl.col("assigned_at")
    return assigned.with_columns(
        pl.when(pl.col("first_reply_at") >= since)
        .then(seconds(pl.col("first_reply_at") - since))
        .alias("assignment_to_reply_seconds"),
        seconds(pl.col("resolved_at") - since).alias("assignment_to_resolution_seconds"),
    ).sort(_KEY)


def _collect_states(batch: ConversationBatch) -> pl.DataFrame:
    """Return the states of each conversation from its creation on.

    Returns:
        conversation_id, since, until (NULL for the last), status, is_estimated, is_assigned, is_assignment_known.
    """
    changes = [ASSIGNED, UNASSIGNED, AGENT_OR_TEAM_ASSIGNED]
    assignments = batch.activity.filter(pl.col("change").is_in(changes)).select(
        "conversation_id", pl.col("occurred_at").alias("since"), (pl.col("change") == ASSIGNED).alias("is_assigned"),
        (pl.col("change") == AGENT_OR_TEAM_ASSIGNED).alias("is_undecided"),
    )  # fmt: skip
    recorded = assignments.group_by("conversation_id", maintain_order=True).agg(
        # Before its first recorded assignment a conversation had no assignee; before an unassignment it had one.
        (~pl.col("is_assigned").first()).alias("was_assigned"),
        pl.col("is_undecided").any(),
    )
    with_agents = batch.resolutions.filter(pl.col("user_id").is_not_null())["conversation_id"].unique()
    is_never_assigned = pl.col("assignee_id").is_null() & ~pl.col("conversation_id").is_in(with_agents.implode())
    conversations = (
        batch.conversations.select(pl.col("id").alias("conversation_id"), "assignee_id")
        .join(recorded, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.col("was_assigned").fill_null(value=False),
            (~pl.coalesce("is_undecided", ~is_never_assigned)).alias("is_assignment_known"),
        )
    )
    statuses = batch.status_changes.rename({"occurred_at": "since"})
    filled = pl.col("status", "is_estimated", "is_assigned").forward_fill().over("conversation_id")
    return (
        pl.concat([statuses, assignments.drop("is_undecided")], how="diagonal")
        .sort("conversation_id", "since", maintain_order=True)
        .with_columns(filled)
        .join(conversations, on="conversation_id", maintain_order="left")
        .with_columns(
            pl.col("is_assigned").fill_null(pl.col("was_assigned")),
            pl.col("since").shift(-1).over("conversation_id").alias("until"),
        )
        .filter(pl.col("status").is_not_null())
    )
