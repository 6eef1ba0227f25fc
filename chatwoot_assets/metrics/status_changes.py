"""Follow the status of conversations over time.

The sources are those of `status.py`, and the contacts' messages, which change the status of a resolved conversation.

Pure functions on frames. A change whose time is unknown is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import polars as pl

from chatwoot_assets.activity_sentences import MUTED, OPENED, PENDING, SNOOZED, UNMUTED
from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.metrics.replies import BOT_SENDER_TYPES
from chatwoot_assets.metrics.status import (
    BOT_RESOLVED_EVENT,
    HANDOFF_EVENT,
    OPENED_EVENT,
    find_events,
    find_unreported,
    select_change,
)

# The order of changes, and of a contact's message among them, at one instant.
_RANKS = {step: rank for rank, step in enumerate(("open", "message", "pending", "snoozed", "resolved"))}


def find_status_changes(
    conversations: pl.DataFrame,
    resolutions: pl.DataFrame,
    activity: pl.DataFrame,
    events: pl.DataFrame,
    marked_messages: pl.DataFrame,
    active_bot_inboxes: Mapping[int, datetime.datetime],
) -> pl.DataFrame:
    """Return the known history of each conversation's status, from its creation until now.

    A conversation starts as pending if events show that a bot served it, if the first known change is an event for
    its first opening, if a bot served its inbox then, or if it is pending now and no change is known; otherwise it
    starts as open. A campaign that an agent sends starts as open even where a bot serves the inbox. What one of
    Chatwoot's imports wrote starts as resolved, which is estimated unless the first known change opened it. Changes at
    one instant count in the order open, pending, snoozed, resolved. A change dated before the conversation's
    created_at, because a clock was behind, counts as at created_at.

    A contact's message reopens a resolved conversation. Where a bot serves the inbox then, it is pending from then on,
    and Chatwoot records nothing. In other inboxes it is open; if Chatwoot recorded no opening, although it later
    recorded another resolution, one is added at the message and marked as estimated. The messages of a contact whom an
    agent muted in the conversation reopen nothing, and nor do messages after the last change, where Chatwoot keeps it.

    Where the known changes do not lead to the current status, one more change is added: at the instant that Chatwoot
    keeps since 4.17 or, marked as estimated, at the message that reopened the conversation, otherwise at the last
    message, and not before the conversation was imported. A current status that cannot be read adds none.

    Args:
        conversations: Extracted conversations.
        resolutions: The result of `find_resolutions`.
        activity: The result of `read_activity`.
        events: Extracted reporting events.
        marked_messages: The result of `mark_replies`.
        active_bot_inboxes: Since when a bot serves each inbox that has an active one, by the inbox's id.

    Returns:
        conversation_id, occurred_at, status, is_estimated; by conversation_id, then in the order in which the
        changes took place. No two successive rows have the same status. Several changes may share one instant: the
        last of them holds.
    """
    changes = _collect_changes(resolutions, activity, events)
    first = _find_first_statuses(conversations, changes, events, marked_messages, active_bot_inboxes)
    questions = _find_questions_after_resolution(
        conversations, changes, _leave_out_powerless(marked_messages.filter("is_question"), conversations, activity)
    )
    later = pl.concat(
        [
            changes.with_columns(pl.lit(value=False).alias("is_estimated")),
            _find_silent_reopenings(first, questions, marked_messages),
        ],
        how="diagonal",
    ).sort("conversation_id", "occurred_at", "rank", maintain_order=True)
    created = first.select("conversation_id", pl.col("occurred_at").alias("created_at"))
    columns = ("conversation_id", "occurred_at", "status", "is_estimated")
    dated = later.join(created, on="conversation_id", maintain_order="left").with_columns(
        pl.max_horizontal("occurred_at", "created_at").alias("occurred_at")
    )
    # Stable: each conversation's first row stays before its changes, and these in their order.
    history = pl.concat([first.select(columns), dated.select(columns)]).sort("conversation_id", maintain_order=True)
    history = history.filter(_differs_from_previous("conversation_id") | _differs_from_previous("status"))
    estimated = _estimate_last_changes(conversations, history, marked_messages, questions)
    return pl.concat([history, estimated]).sort("conversation_id", maintain_order=True)


def _collect_changes(resolutions: pl.DataFrame, activity: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return every known change in order: conversation_id, occurred_at, status, value (of the event), rank."""
    reported = find_events(events, OPENED_EVENT)
    openings = [
        reported.select("conversation_id", "occurred_at", "value"),
        find_events(events, HANDOFF_EVENT).select("conversation_id", "occurred_at"),
        find_unreported(activity, OPENED, reported),
    ]
    parts = {
        "open": pl.concat(openings, how="diagonal"),
        "pending": select_change(activity, PENDING),
        "snoozed": select_change(activity, SNOOZED),
        "resolved": resolutions.select("conversation_id", "occurred_at"),
    }
    return pl.concat(
        [part.with_columns(pl.lit(status).alias("status"), _rank(status)) for status, part in parts.items()],
        how="diagonal",
    ).sort("conversation_id", "occurred_at", "rank", maintain_order=True)


def _rank(step: str) -> pl.Expr:
    """Return the position of a step among those at one instant."""
    return pl.lit(_RANKS[step], pl.Int8).alias("rank")


def _find_first_statuses(
    conversations: pl.DataFrame,
    changes: pl.DataFrame,
    events: pl.DataFrame,
    marked_messages: pl.DataFrame,
    active_bot_inboxes: Mapping[int, datetime.datetime],
) -> pl.DataFrame:
    """Return the status of each conversation at its creation.

    Returns:
        conversation_id, occurred_at, status, is_estimated, has_bot: whether a bot is known to have served its inbox
        then, bot_since: since when an active bot serves it.
    """
    bot_events = events.filter(pl.col("name").is_in([HANDOFF_EVENT, BOT_RESOLVED_EVENT]))
    first_changes = changes.unique("conversation_id", keep="first", maintain_order=True).select(
        "conversation_id", pl.col("status").alias("first_change"), pl.col("value").alias("first_value")
    )
    first_change = pl.col("first_change")
    bot_since = (
        pl.col("inbox_id")
        .cast(pl.Int64)
        .replace_strict(
            pl.Series(active_bot_inboxes.keys(), dtype=pl.Int64),
            pl.Series(active_bot_inboxes.values(), dtype=TIMESTAMP),
            default=None,
        )
    )
    is_in_bot_inbox = (bot_since <= pl.col("created_at")).fill_null(value=False)
    # A conversation that was made pending, or that is open without an opening, was open before.
    is_open_now = (pl.col("status") == "open").fill_null(value=False)
    was_open = (first_change == "pending").fill_null(value=False) | (first_change.is_null() & is_open_now)
    has_bot_event = pl.col("conversation_id").is_in(bot_events["conversation_id"].unique().implode())
    # To Chatwoot, the opening of an imported conversation is the first one, too: no event tells of a resolution.
    is_imported = pl.col("is_imported").fill_null(value=False)
    is_first_opening = (first_change == "open") & (pl.col("first_value") == 0) & ~is_imported
    starts_pending = (
        is_first_opening.fill_null(value=False)
        | (first_change.is_null() & (pl.col("status") == "pending")).fill_null(value=False)
        | ((has_bot_event | (is_in_bot_inbox & ~was_open)) & ~_is_campaign_of_agent(marked_messages))
    )
    return (
        conversations.rename({"id": "conversation_id"})
        .join(first_changes, on="conversation_id", how="left", maintain_order="left")
        .select(
            "conversation_id",
            pl.col("created_at").alias("occurred_at"),
            pl.when(is_imported)
            .then(pl.lit("resolved"))
            .when(starts_pending)
            .then(pl.lit("pending"))
            .otherwise(pl.lit("open"))
            .alias("status"),
            (is_imported & first_change.ne_missing("open")).alias("is_estimated"),
            (starts_pending | is_in_bot_inbox).fill_null(value=False).alias("has_bot"),
            bot_since.alias("bot_since"),
        )
    )


def _is_campaign_of_agent(marked_messages: pl.DataFrame) -> pl.Expr:
    """Return whether a conversation begins with a campaign's message that an agent sends, never NULL."""
    first_messages = marked_messages.unique("conversation_id", keep="first", maintain_order=True)
    of_agents = first_messages.filter(pl.col("campaign") & (pl.col("sender_type") == "User"))
    return pl.col("conversation_id").is_in(of_agents["conversation_id"].implode())


def _leave_out_powerless(questions: pl.DataFrame, conversations: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Return the contacts' messages that can change the status: not muted, and not after the last change."""
    mutes = activity.filter(pl.col("change").is_in([MUTED, UNMUTED])).select(
        "conversation_id", pl.col("occurred_at").alias("created_at"), "change"
    )
    changed = conversations.select(pl.col("id").alias("conversation_id"), "status_changed_at")
    return (
        questions.join(changed, on="conversation_id", how="left", maintain_order="left")
        .sort("created_at", maintain_order=True)
        .join_asof(
            mutes.sort("created_at", maintain_order=True), on="created_at", by="conversation_id", check_sortedness=False
        )
        .filter(
            pl.col("change").ne_missing(MUTED)
            & (pl.col("created_at") <= pl.col("status_changed_at")).fill_null(value=True)
        )
        .drop("change", "status_changed_at")
    )


def _find_questions_after_resolution(
    conversations: pl.DataFrame, changes: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """Return the contacts' messages to conversations that are resolved by all known changes, or by an import.

    Returns:
        conversation_id, occurred_at, rank, next_status: that of the next known change; NULL for none.
    """
    asked = questions.select("conversation_id", pl.col("created_at").alias("occurred_at"), _rank("message"))
    steps = pl.concat([changes, asked], how="diagonal").sort(
        "conversation_id", "occurred_at", "rank", maintain_order=True
    )
    imported = conversations.filter(pl.col("is_imported").fill_null(value=False))["id"]
    first_status = pl.when(pl.col("conversation_id").is_in(imported.implode())).then(pl.lit("resolved"))
    return (
        steps.with_columns(
            pl.col("status").forward_fill().over("conversation_id").fill_null(first_status).alias("last_status"),
            pl.col("status").backward_fill().over("conversation_id").alias("next_status"),
        )
        .filter(pl.col("status").is_null() & (pl.col("last_status") == "resolved"))
        .select("conversation_id", "occurred_at", "rank", "next_status")
    )


def _find_silent_reopenings(
    first: pl.DataFrame, questions: pl.DataFrame, marked_messages: pl.DataFrame
) -> pl.DataFrame:
    """Return the changes that follow from contacts' messages to resolved conversations.

    Returns:
        conversation_id, occurred_at, status, is_estimated, rank.
    """
    with_bots = marked_messages.filter(pl.col("sender_type").is_in(BOT_SENDER_TYPES))["conversation_id"].unique()
    is_served = (pl.col("bot_since") <= pl.col("occurred_at")).fill_null(value=False)
    has_bot = pl.col("has_bot") | is_served | pl.col("conversation_id").is_in(with_bots.implode())
    return (
        questions.join(
            first.select("conversation_id", "has_bot", "bot_since"), on="conversation_id", maintain_order="left"
        )
        .filter(has_bot | (pl.col("next_status") == "resolved"))
        .select(
            "conversation_id",
            "occurred_at",
            pl.when(has_bot).then(pl.lit("pending")).otherwise(pl.lit("open")).alias("status"),
            (~has_bot).alias("is_estimated"),
            "rank",
        )
    )


def _estimate_last_changes(
    conversations: pl.DataFrame, history: pl.DataFrame, marked_messages: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    """Return the missing last change where the known history differs from the current status."""
    last = history.group_by("conversation_id").agg(pl.col("occurred_at", "status").last())
    written = marked_messages.group_by("conversation_id").agg(pl.col("created_at").max().alias("written_at"))
    asked = (
        questions.filter(pl.col("next_status").is_null())
        .group_by("conversation_id")
        .agg(pl.col("occurred_at").min().alias("asked_at"))
    )
    is_reopened = (pl.col("status") == "resolved") & pl.col("current_status").is_in(["open", "pending"])
    # Not before the last known change: the clocks of two servers may have written them.
    is_exact = (pl.col("status_changed_at") >= pl.col("occurred_at")).fill_null(value=False)
    estimate = pl.max_horizontal(
        "occurred_at", "imported_at", pl.coalesce(pl.when(is_reopened).then("asked_at"), "written_at")
    )
    return (
        conversations.select(
            pl.col("id").alias("conversation_id"),
            pl.col("status").alias("current_status"),
            "status_changed_at",
            pl.when("is_imported").then("imported_at").alias("imported_at"),
        )
        .join(last, on="conversation_id")
        .filter(pl.col("status") != pl.col("current_status"))
        .join(written, on="conversation_id", how="left")
        .join(asked, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.when(is_exact).then("status_changed_at").otherwise(estimate).alias("occurred_at"),
            pl.col("current_status").alias("status"),
            (~is_exact).alias("is_estimated"),
        )
    )


def _differs_from_previous(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))
