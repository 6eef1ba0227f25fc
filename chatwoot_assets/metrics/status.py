"""When a conversation was resolved, opened, and what its status was over time.

Two witnesses: the reporting events, which are destroyed with their agent, and the activity messages, which stay
but are read in two languages only. Where both speak of the same change it counts once.

Pure. A change whose time is not known is left out.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.metrics import activity as activities

RESOLVED_EVENT = "conversation_resolved"
OPENED_EVENT = "conversation_opened"
HANDOFF_EVENT = "conversation_bot_handoff"
BOT_RESOLVED_EVENT = "conversation_bot_resolved"

# The sentence is written by a job of its own, after the event's.
_SAME_CHANGE = "60s"


def event_times(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return when the events of a name took place: event_end_time, else created_at.

    A job that Chatwoot tried again writes its event again; the first, by id, counts.

    Returns:
        conversation_id, at, user_id, value; by conversation_id and at, which are unique.
    """
    return (
        events.filter(pl.col("name") == name)
        .with_columns(pl.coalesce("event_end_time", "created_at").alias("at"))
        .filter(pl.col("at").is_not_null())
        .sort("conversation_id", "at", "id")
        .unique(["conversation_id", "at"], keep="first", maintain_order=True)
        .select("conversation_id", "at", "user_id", "value")
    )


def resolutions(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return each time that a conversation was resolved.

    Args:
        activity: what `read_activity` returns.
        events: extracted reporting events.

    Returns:
        conversation_id, at, user_id (the event's; NULL where only a sentence is left); by conversation_id and
        at, which are unique.
    """
    reported = event_times(events, RESOLVED_EVENT).drop("value")
    return _merged(reported, _unreported(activity, activities.RESOLVED, reported))


def openings(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return each time that a conversation which had been resolved was opened again, as Chatwoot knew it.

    Chatwoot reports a value above 0 then, and 0 where a conversation is opened for the first time. A sentence
    counts where no event, of whatever value, speaks of the same opening; whether a resolution came before is
    for `reopenings` to tell.

    Returns:
        conversation_id, at; by these, which are unique.
    """
    reported = event_times(events, OPENED_EVENT)
    again = reported.filter(pl.col("value") > 0).select("conversation_id", "at")
    return _merged(again, _unreported(activity, activities.OPENED, reported))


def reopenings(opened: pl.DataFrame, resolved: pl.DataFrame) -> pl.DataFrame:
    """Return the openings that ended a resolution: the first after each, and later than it.

    Args:
        opened: what `openings` returns.
        resolved: what `resolutions` returns.

    Returns:
        conversation_id, at; by these, which are unique.
    """
    return (
        opened.sort("at")
        .join_asof(
            resolved.select("conversation_id", "at", pl.col("at").alias("resolved_at")).sort("at"),
            on="at",
            by="conversation_id",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("resolved_at").is_not_null())
        .unique(["conversation_id", "resolved_at"], keep="first", maintain_order=True)
        .select("conversation_id", "at")
        .sort("conversation_id", "at")
    )


def status_changes(
    conversations: pl.DataFrame, activity: pl.DataFrame, events: pl.DataFrame, messages: pl.DataFrame
) -> pl.DataFrame:
    """Return the whole known course of each conversation's status, from its beginning to what it is now.

    It begins as pending where a bot served it, as events tell, or where it is pending and no change is known;
    else as open. Changes of the same instant count in the order open, pending, snoozed, resolved; those before
    the conversation's created_at, of a clock that is behind, count as at created_at.

    Where the known changes do not lead to the current status, one more is added, at the last message, and
    marked as estimated. A current status that could not be read is no reason for one.

    Args:
        conversations: extracted conversations.
        activity: what `read_activity` returns.
        events: extracted reporting events.
        messages: extracted messages.

    Returns:
        conversation_id, at, status, is_estimated; by conversation_id in the order in which they took place,
        never the same status twice in a row. Several may stand at one instant: the last of them holds.
    """
    known = _known_changes(activity, events)
    served = events.filter(pl.col("name").is_in([HANDOFF_EVENT, BOT_RESOLVED_EVENT]))["conversation_id"].unique()
    waits_for_bot = (pl.col("status") == "pending") & ~pl.col("id").is_in(known["conversation_id"].unique().implode())
    by_bot = pl.col("id").is_in(served.implode()) | waits_for_bot
    first = conversations.select(
        pl.col("id").alias("conversation_id"),
        pl.col("created_at").alias("at"),
        pl.when(by_bot).then(pl.lit("pending")).otherwise(pl.lit("open")).alias("status"),
    )
    born = first.select("conversation_id", pl.col("at").alias("born_at"))
    later = known.join(born, on="conversation_id", maintain_order="left").select(
        "conversation_id", pl.max_horizontal("at", "born_at").alias("at"), "status"
    )
    # Stable: a conversation's first row, then its changes in their order.
    course = pl.concat([first, later]).sort("conversation_id", maintain_order=True)
    changed = _changes("conversation_id") | _changes("status")
    course = course.filter(changed).with_columns(pl.lit(value=False).alias("is_estimated"))
    return pl.concat([course, _estimated(conversations, course, messages)]).sort("conversation_id", maintain_order=True)


def _known_changes(activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return conversation_id, at, status of every change that is known, in order."""
    reported = event_times(events, OPENED_EVENT)
    opened = [
        reported.select("conversation_id", "at"),
        event_times(events, HANDOFF_EVENT).select("conversation_id", "at"),
        _unreported(activity, activities.OPENED, reported),
    ]
    parts = [
        pl.concat(opened).with_columns(pl.lit("open").alias("status")),
        _said(activity, activities.PENDING).with_columns(pl.lit("pending").alias("status")),
        _said(activity, activities.SNOOZED).with_columns(pl.lit("snoozed").alias("status")),
        resolutions(activity, events).select("conversation_id", "at", pl.lit("resolved").alias("status")),
    ]
    return pl.concat(parts).sort("conversation_id", "at", maintain_order=True)


def _estimated(conversations: pl.DataFrame, course: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Return the last change of the conversations whose known course does not lead to their status."""
    last = course.group_by("conversation_id").agg(pl.col("at", "status").last())
    written = messages.group_by("conversation_id").agg(pl.col("created_at").max().alias("written_at"))
    return (
        conversations.select(pl.col("id").alias("conversation_id"), pl.col("status").alias("status_now"))
        .join(last, on="conversation_id")
        .filter(pl.col("status") != pl.col("status_now"))
        .join(written, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.max_horizontal("at", "written_at").alias("at"),
            pl.col("status_now").alias("status"),
            pl.lit(value=True).alias("is_estimated"),
        )
    )


def _changes(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))


def _said(activity: pl.DataFrame, what: str) -> pl.DataFrame:
    return activity.filter(pl.col("what") == what).select("conversation_id", "at")


def _unreported(activity: pl.DataFrame, what: str, reported: pl.DataFrame) -> pl.DataFrame:
    """Return conversation_id and at of the sentences that no event near in time speaks of."""
    return (
        _said(activity, what)
        .unique()
        .sort("at")
        .join_asof(
            reported.select("conversation_id", "at", pl.col("at").alias("reported_at")).sort("at"),
            on="at",
            by="conversation_id",
            strategy="nearest",
            tolerance=_SAME_CHANGE,
            check_sortedness=False,
        )
        .filter(pl.col("reported_at").is_null())
        .select("conversation_id", "at")
    )


def _merged(reported: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Return both, in order; what only `reported` has is NULL for the sentences."""
    return pl.concat([reported, said], how="diagonal").sort("conversation_id", "at")
