"""Find when conversations were resolved and opened.

There are two sources: reporting events, which Chatwoot deletes together with their agent, and activity messages,
which stay but are read in three languages only. A change that both report counts once.

Pure functions on frames. A change whose time is unknown is left out.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.activity_sentences import OPENED, RESOLVED

RESOLVED_EVENT = "conversation_resolved"
OPENED_EVENT = "conversation_opened"
HANDOFF_EVENT = "conversation_bot_handoff"
BOT_RESOLVED_EVENT = "conversation_bot_resolved"

# Chatwoot writes the activity message in a background job, some time after the event; another adds the participant.
SAME_CHANGE = "60s"


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


def find_resolutions(activity: pl.DataFrame, events: pl.DataFrame, conversations: pl.DataFrame) -> pl.DataFrame:
    """Return each time a conversation was resolved.

    Since 4.17, Chatwoot keeps when the present status began. That instant counts where neither an event nor a message
    reports this resolution or a later one.

    Args:
        activity: The result of `read_activity`.
        events: Extracted reporting events.
        conversations: Extracted conversations.

    Returns:
        conversation_id, occurred_at, user_id (from the event, which may name nobody), is_reported (whether there is
        an event; otherwise only an activity message is left); sorted by conversation_id and occurred_at, which are
        unique.
    """
    reported = find_events(events, RESOLVED_EVENT).drop("value")
    resolutions = _merge(
        reported.with_columns(pl.lit(value=True).alias("is_reported")), find_unreported(activity, RESOLVED, reported)
    )
    resolutions = _merge(resolutions, _find_unreported_resolutions(conversations, resolutions))
    return resolutions.with_columns(pl.col("is_reported").fill_null(value=False))


def _find_unreported_resolutions(conversations: pl.DataFrame, resolutions: pl.DataFrame) -> pl.DataFrame:
    """Return when conversations became resolved, where only the conversation itself shows that."""
    last = resolutions.group_by("conversation_id").agg(pl.col("occurred_at").max().alias("last_at"))
    return (
        conversations.filter((pl.col("status") == "resolved") & pl.col("status_changed_at").is_not_null())
        .select(pl.col("id").alias("conversation_id"), pl.col("status_changed_at").alias("occurred_at"))
        .join(last, on="conversation_id", how="left")
        .filter((pl.col("last_at").dt.offset_by(SAME_CHANGE) < pl.col("occurred_at")).fill_null(value=True))
        .select("conversation_id", "occurred_at")
    )


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
    return _merge(reopened, find_unreported(activity, OPENED, reported))


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


def select_change(activity: pl.DataFrame, change: str) -> pl.DataFrame:
    """Return conversation_id and occurred_at of the activity messages that report a change."""
    return activity.filter(pl.col("change") == change).select("conversation_id", "occurred_at")


def find_unreported(activity: pl.DataFrame, change: str, reported: pl.DataFrame) -> pl.DataFrame:
    """Return the activity messages of a change without a reporting event near in time."""
    return (
        select_change(activity, change)
        .unique()
        .sort("occurred_at")
        .join_asof(
            reported.select("conversation_id", "occurred_at", pl.col("occurred_at").alias("reported_at")).sort(
                "occurred_at"
            ),
            on="occurred_at",
            by="conversation_id",
            strategy="nearest",
            tolerance=SAME_CHANGE,
            check_sortedness=False,
        )
        .filter(pl.col("reported_at").is_null())
        .select("conversation_id", "occurred_at")
    )


def _merge(reported: pl.DataFrame, unreported: pl.DataFrame) -> pl.DataFrame:
    """Return both in order; columns that only `reported` has are NULL in the others."""
    return pl.concat([reported, unreported], how="diagonal").sort("conversation_id", "occurred_at")
