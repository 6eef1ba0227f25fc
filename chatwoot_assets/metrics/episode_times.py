"""Count the seconds that conversations spent in each status during their episodes, and since their assignment.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

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
        length.alias("length"),
        ((until > since) & pl.col("is_estimated")).alias("is_estimated"),
        ((until > since) & (pl.col("status") == "open") & ~pl.col("is_assignment_known")).alias("is_unknown"),
    )
    is_known = ~pl.col("is_estimated").any() & pl.col("resolved_at").first().is_not_null()
    is_assignment_known = ~pl.col("is_unknown").fill_null(value=False).any()
    is_unassigned = (pl.col("status") == "open") & ~pl.col("is_assigned")
    sums = overlapping.group_by(_KEY).agg(
        *(
            pl.when(is_known)
            .then(seconds(pl.col("length").filter((pl.col("status") == status).fill_null(value=False)).sum()))
            .alias(f"{status}_seconds")
            for status in _STATUSES
        ),
        pl.when(is_known & is_assignment_known)
        .then(seconds(pl.col("length").filter(is_unassigned.fill_null(value=False)).sum()))
        .alias("unassigned_seconds"),
    )
    return episodes.join(sums, on=_KEY, how="left").sort(_KEY)


def add_assignment_times(episodes: pl.DataFrame, assignments: pl.DataFrame) -> pl.DataFrame:
    """Add assigned_at, assignment_to_reply_seconds and assignment_to_resolution_seconds.

    assigned_at is the first assignment to an agent in an episode, until its last resolution. It is NULL where an agent
    was assigned when the episode began, and where it is not known who had the conversation since then.

    Args:
        episodes: Rows with conversation_id, episode_number, started_at, first_reply_at and resolved_at, sorted.
        assignments: How their conversations were assigned, as `find_assignments` returns it.
    """
    is_first = pl.col("occurred_at").is_null()
    beginning = assignments.filter(is_first).select(
        "conversation_id",
        pl.col("is_assigned").alias("had_agent"),
        pl.col("is_known").alias("was_known"),
    )
    changes = assignments.filter(~is_first).sort("occurred_at", maintain_order=True)
    until = pl.coalesce("resolved_at", pl.col("started_at").shift(-1).over("conversation_id"))
    rows = (
        episodes.with_columns(until.alias("until"))
        .join(beginning, on="conversation_id", how="left")
        .sort("started_at")
        .pipe(_join_change, changes.select("conversation_id", "occurred_at", "is_assigned", "is_known"), "backward")
        .pipe(_join_change, changes.filter("is_assignment").select("conversation_id", "occurred_at"), "forward")
        .pipe(_join_change, changes.filter(~pl.col("is_known")).select("conversation_id", "occurred_at"), "unknown")
    )
    had_agent = pl.coalesce("is_assigned", "had_agent").fill_null(value=False)
    is_known = pl.coalesce("is_known", "was_known").fill_null(value=True)
    assigned_at = pl.col("forward_at")
    is_in_episode = (assigned_at <= pl.col("until")).fill_null(value=True)
    is_followed = is_known & (pl.col("unknown_at") > assigned_at).fill_null(value=True)
    since = pl.col("assigned_at")
    return (
        rows.with_columns(
            pl.when(is_in_episode & ~had_agent & is_followed).then(assigned_at).alias("assigned_at"),
        )
        .with_columns(
            pl.when(pl.col("first_reply_at") >= since)
            .then(seconds(pl.col("first_reply_at") - since))
            .alias("assignment_to_reply_seconds"),
            seconds(pl.col("resolved_at") - since).alias("assignment_to_resolution_seconds"),
        )
        .sort(_KEY)
    )


def _join_change(episodes: pl.DataFrame, changes: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add the last change before each episode ("backward"), or the first one in it and when it was: `name`_at."""
    is_before = name == "backward"
    return episodes.join_asof(
        changes.rename({"occurred_at": f"{name}_at"}),
        left_on="started_at",
        right_on=f"{name}_at",
        by="conversation_id",
        strategy="backward" if is_before else "forward",
        allow_exact_matches=not is_before,
        coalesce=False,
        check_sortedness=False,
    )


def _collect_states(batch: ConversationBatch) -> pl.DataFrame:
    """Return the states of each conversation from its creation on.

    Returns:
        conversation_id, since, until (NULL for the last), status, is_estimated, is_assigned, is_assignment_known.
    """
    statuses = batch.status_changes.rename({"occurred_at": "since"})
    assignments = batch.assignments.select(
        "conversation_id",
        pl.col("occurred_at").alias("since"),
        "is_assigned",
        pl.col("is_known").alias("is_assignment_known"),
    )
    filled = pl.col("status", "is_estimated", "is_assigned", "is_assignment_known").forward_fill()
    return (
        # What holds from the beginning has no time, and comes first.
        pl.concat([statuses, assignments], how="diagonal")
        .sort("conversation_id", "since", maintain_order=True)
        .with_columns(filled.over("conversation_id"))
        .with_columns(pl.col("since").shift(-1).over("conversation_id").alias("until"))
        .filter(pl.col("status").is_not_null())
    )
