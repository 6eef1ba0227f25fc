"""Classify messages by their sender, and find human replies and private notes.

Pure functions on frames, one row per message. What follows for a conversation is in the tables' own modules.
"""

from __future__ import annotations

from collections.abc import Set

import polars as pl

BOT_SENDER_TYPES = ("AgentBot", "Captain::Assistant")
# Chatwoot's events about a human reply.
_REPLY_EVENTS = ("first_response", "reply_time")


def find_reply_times(conversations: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the instants at which Chatwoot recorded a human reply.

    These are the first reply that a conversation's row keeps, and the ends of the events first_response and
    reply_time. Chatwoot copies each of them from the reply's created_at.

    Args:
        conversations: Extracted conversations.
        events: Extracted reporting events.

    Returns:
        conversation_id, created_at; unique.
    """
    first_reply = pl.duration(
        microseconds=(pl.col("first_response_seconds") * 1e6).round().cast(pl.Int64, strict=False)
    )
    parts = [
        conversations.select(
            pl.col("id").alias("conversation_id"), (pl.col("created_at") + first_reply).alias("created_at")
        ),
        events.filter(pl.col("name").is_in(_REPLY_EVENTS)).select(
            "conversation_id", pl.col("event_end_time").alias("created_at")
        ),
    ]
    return pl.concat(parts).drop_nulls().unique()


def mark_replies(messages: pl.DataFrame, bots: Set[int], reply_times: pl.DataFrame) -> pl.DataFrame:
    """Return the messages in chronological order, with columns that classify each of them.

    The rule for a human reply is Chatwoot's: outgoing, public, sent by a user or from the channel's own app, and
    neither by an automation nor by a campaign. A reaction, such as a thumb on a message, says nothing: it is neither a
    reply nor a question. A deleted message keeps its class: the contact may have read it.

    Chatwoot clears the sender of a deleted user's messages. A message without a sender is a human reply where
    Chatwoot recorded one at its instant.

    Args:
        messages: Extracted messages.
        bots: Ids of users that are programs posting with a user's token.
        reply_times: The result of `find_reply_times`.

    Returns:
        The messages whose time is known, sorted by conversation_id, created_at and id, with their columns and

        - is_incoming: a public message of type incoming;
        - is_question: one that waits for a reply, which a reaction does not;
        - is_human_reply: a human's reply;
        - is_note: a private message of any type except activity;
        - sender_kind: contact, automation (campaigns included), bot, agent or system (a greeting, a survey, a
          message whose sender was deleted and that is no proven reply); NULL for notes, activity and reactions.
    """
    is_private = pl.col("private").fill_null(value=False)
    is_bot = pl.col("sender_type").is_in(BOT_SENDER_TYPES) | ((pl.col("sender_type") == "User") & _is_sent_by(bots))
    has_no_sender = pl.col("sender_type").is_null() & pl.col("sender_id").is_null()
    is_proven = has_no_sender & (pl.col("message_type") == "outgoing") & pl.col("is_reply_time").fill_null(value=False)
    is_human = ((pl.col("sender_type") == "User") & ~_is_sent_by(bots)) | pl.col("external_echo") | is_proven
    is_automatic = (pl.col("automated") | pl.col("campaign")).fill_null(value=False)
    is_reaction = pl.col("reaction").fill_null(value=False)
    is_incoming = pl.col("message_type") == "incoming"
    sender_kind = (
        pl.when(is_private | (pl.col("message_type") == "activity") | is_reaction)
        .then(None)
        .when(is_incoming)
        .then(pl.lit("contact"))
        .when(is_automatic)
        .then(pl.lit("automation"))
        .when(is_human)
        .then(pl.lit("agent"))
        .when(is_bot)
        .then(pl.lit("bot"))
        .when(pl.col("sender_type") == "Contact")
        .then(pl.lit("contact"))
        .otherwise(pl.lit("system"))
    )
    is_reply = (pl.col("message_type") == "outgoing") & ~is_private & ~is_automatic & ~is_reaction & is_human
    return (
        messages.filter(pl.col("created_at").is_not_null())
        .join(
            reply_times.with_columns(pl.lit(value=True).alias("is_reply_time")),
            on=["conversation_id", "created_at"],
            how="left",
        )
        .sort("conversation_id", "created_at", "id")
        .with_columns(
            (is_incoming & ~is_private).fill_null(value=False).alias("is_incoming"),
            (is_incoming & ~is_private & ~is_reaction).fill_null(value=False).alias("is_question"),
            is_reply.fill_null(value=False).alias("is_human_reply"),
            (is_private & (pl.col("message_type") != "activity")).fill_null(value=False).alias("is_note"),
            sender_kind.alias("sender_kind"),
        )
        .drop("is_reply_time")
    )


def _is_sent_by(users: Set[int]) -> pl.Expr:
    """Return whether the sender's id is one of `users`; a sender without an id is not."""
    return pl.col("sender_id").is_in(sorted(users)).fill_null(value=False)
