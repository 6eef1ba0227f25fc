"""Find when conversations were resolved and opened, and follow their status over time.

There are two sources: reporting events, which Chatwoot deletes together with their agent, and activity messages,
which stay but are read in two languages only. A change that both report counts once.

Pure functions on frames. A change whose time is unknown is left out.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.metrics.activity_sentences import OPENED, PENDING, RESOLVED, SNOOZED

RESOLVED_EVENT = "conversation_resolved"
OPENED_EVENT = "conversation_opened"
HANDOFF_EVENT = "conversation_bot_handoff"
BOT_RESOLVED_EVENT = "conversation_bot_resolved"

# Chatwoot writes the activity message in a background job, some time after the event.
_SAME_CHANGE = "60s"


def find_events(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the events of one name, each with the instant at which it occurred.

    The instant is event_end_time or, where that is NULL, created_at. When Chatwoot retries a job, it writes the event
    again; of several events at one instant the first by id counts.

    Returns:
        conversation_id, occurred_at, user_id, value; sorted by conversation_id and occurred_at, which are unique.
    """
    return (
        events.filter(pl.col("name") == name)
        .with_columns(pl.coalesce("event_end_time", "created_at").alias("occurred_at"))
        .filter(pl.col("occurred_at").is_not_null())
        .sort("conversation_id", "occurred_at", "id")
        .unique(["conversation_id", "occurred_at"], keep="first", maintain_order=True)
        .select("conversation_id", "occurred_at", "user_id", "value")
    )


def find_resolutions(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return each time a conversation was resolved.

    Args:
        activity: The result of `read_activity`.
        events: Extracted reporting events.

    Returns:
        conversation_id, occurred_at, user_id (from the event, which may name nobody), is_reported (whether there is
        an event; otherwise only an activity message is left); sorted by conversation_id and occurred_at, which are
        unique.
    """
    reported = find_events(events, RESOLVED_EVENT).drop("value")
    resolutions = _merge(
        reported.with_columns(pl.lit(value=True).alias("is_reported")), _find_unreported(activity, RESOLVED, reported)
    )
    return resolutions.with_columns(pl.col("is_reported").fill_null(value=False))


def find_openings(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return each time a resolved conversation was opened again, according to Chatwoot.

    Chatwoot's event has a value above 0 then, and 0 when a conversation is opened for the first time. An activity
    message counts where no event of any value reports the same opening. Whether a resolution came before is
    decided by `find_reopenings`.

    Args:
        activity: The result of `read_activity`.
        events: Extracted reporting events.

    Returns:
        conversation_id, occurred_at; sorted by both, unique.
    """
    reported = find_events(events, OPENED_EVENT)
    reopened = reported.filter(pl.col("value") > 0).select("conversation_id", "occurred_at")
    return _merge(reopened, _find_unreported(activity, OPENED, reported))


def find_reopenings(openings: pl.DataFrame, resolutions: pl.DataFrame) -> pl.DataFrame:
    """Return the openings that ended a resolution: the first one later than each resolution.

    Args:
        openings: The result of `find_openings`.
        resolutions: The result of `find_resolutions`.

    Returns:
        conversation_id, occurred_at; sorted by both, unique.
    """
    return (
        openings.sort("occurred_at")
        .join_asof(
            resolutions.select("conversation_id", "occurred_at", pl.col("occurred_at").alias("resolved_at")).sort(
                "occurred_at"
            ),
            on="occurred_at",
            by="conversation_id",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("resolved_at").is_not_null())
        .unique(["conversation_id", "resolved_at"], keep="first", maintain_order=True)
        .select("conversation_id", "occurred_at")
        .sort("conversation_id", "occurred_at")
    )


def find_status_changes(
    conversations: pl.DataFrame, activity: pl.DataFrame, events: pl.DataFrame, messages: pl.DataFrame
) -> pl.DataFrame:
    """Return the known history of each conversation's status, from its creation until now.

    A conversation starts as pending if events show that a bot served it, or if it is pending now and no change is
    known; otherwise it starts as open. Changes at one instant count in the order open, pending, snoozed, resolved.
    A change dated before the conversation's created_at, because a clock was behind, counts as at created_at.

    Where the known changes do not lead to the current status, one more change is added at the last message and
    marked as estimated. A current status that cannot be read adds none.

    Args:
        conversations: Extracted conversations.
        activity: The result of `read_activity`.
        events: Extracted reporting events.
        messages: Extracted messages.

    Returns:
        conversation_id, occurred_at, status, is_estimated; by conversation_id, then in the order in which the
        changes took place. No two successive rows have the same status. Several changes may share one instant: the
        last of them holds.
    """
    changes = _collect_changes(activity, events)
    bot_served = events.filter(pl.col("name").is_in([HANDOFF_EVENT, BOT_RESOLVED_EVENT]))["conversation_id"].unique()
    is_left_pending = (pl.col("status") == "pending") & ~pl.col("id").is_in(
        changes["conversation_id"].unique().implode()
    )
    starts_pending = pl.col("id").is_in(bot_served.implode()) | is_left_pending
    first = conversations.select(
        pl.col("id").alias("conversation_id"),
        pl.col("created_at").alias("occurred_at"),
        pl.when(starts_pending).then(pl.lit("pending")).otherwise(pl.lit("open")).alias("status"),
    )
    created = first.select("conversation_id", pl.col("occurred_at").alias("created_at"))
    later = changes.join(created, on="conversation_id", maintain_order="left").select(
        "conversation_id", pl.max_horizontal("occurred_at", "created_at").alias("occurred_at"), "status"
    )
    # Stable: each conversation's first row stays before its changes, and these in their order.
    history = pl.concat([first, later]).sort("conversation_id", maintain_order=True)
    is_change = _differs_from_previous("conversation_id") | _differs_from_previous("status")
    history = history.filter(is_change).with_columns(pl.lit(value=False).alias("is_estimated"))
    estimated = _estimate_last_changes(conversations, history, messages)
    return pl.concat([history, estimated]).sort("conversation_id", maintain_order=True)


def _collect_changes(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return conversation_id, occurred_at and status of every known change, in order."""
    reported = find_events(events, OPENED_EVENT)
    openings = [
        reported.select("conversation_id", "occurred_at"),
        find_events(events, HANDOFF_EVENT).select("conversation_id", "occurred_at"),
        _find_unreported(activity, OPENED, reported),
    ]
    parts = [
        pl.concat(openings).with_columns(pl.lit("open").alias("status")),
        _select_change(activity, PENDING).with_columns(pl.lit("pending").alias("status")),
        _select_change(activity, SNOOZED).with_columns(pl.lit("snoozed").alias("status")),
        find_resolutions(activity, events).select("conversation_id", "occurred_at", pl.lit("resolved").alias("status")),
    ]
    return pl.concat(parts).sort("conversation_id", "occurred_at", maintain_order=True)


def _estimate_last_changes(conversations: pl.DataFrame, history: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Return the missing last change where the known history differs from the current status."""
    last = history.group_by("conversation_id").agg(pl.col("occurred_at", "status").last())
    written = messages.group_by("conversation_id").agg(pl.col("created_at").max().alias("written_at"))
    return (
        conversations.select(pl.col("id").alias("conversation_id"), pl.col("status").alias("current_status"))
        .join(last, on="conversation_id")
        .filter(pl.col("status") != pl.col("current_status"))
        .join(written, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.max_horizontal("occurred_at", "written_at").alias("occurred_at"),
            pl.col("current_status").alias("status"),
            pl.lit(value=True).alias("is_estimated"),
        )
    )


def _differs_from_previous(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))


def _select_change(activity: pl.DataFrame, change: str) -> pl.DataFrame:
    return activity.filter(pl.col("change") == change).select("conversation_id", "occurred_at")


def _find_unreported(activity: pl.DataFrame, change: str, reported: pl.DataFrame) -> pl.DataFrame:
    """Return the activity messages of a change without a reporting event near in time."""
    return (
        _select_change(activity, change)
        .unique()
        .sort("occurred_at")
        .join_asof(
            reported.select("conversation_id", "occurred_at", pl.col("occurred_at").alias("reported_at")).sort(
                "occurred_at"
            ),
            on="occurred_at",
            by="conversation_id",
            strategy="nearest",
            tolerance=_SAME_CHANGE,
            check_sortedness=False,
        )
        .filter(pl.col("reported_at").is_null())
        .select("conversation_id", "occurred_at")
    )


def _merge(reported: pl.DataFrame, unreported: pl.DataFrame) -> pl.DataFrame:
    """Return both in order; columns that only `reported` has are NULL in the others."""
    return pl.concat([reported, unreported], how="diagonal").sort("conversation_id", "occurred_at")
