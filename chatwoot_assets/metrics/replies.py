"""Classify messages by their sender, and find human replies and private notes.

Pure functions on frames, one row per message. What follows for a conversation is in the tables' own modules.
"""

from __future__ import annotations

from collections.abc import Set

import polars as pl

_BOT_SENDER_TYPES = ("AgentBot", "Captain::Assistant")


def mark_replies(messages: pl.DataFrame, bots: Set[int]) -> pl.DataFrame:
    """Return the messages in chronological order, with columns that classify each of them.

    The rule for a human reply is Chatwoot's: outgoing, public, sent by a user or from the channel's own app, and
    neither by an automation nor by a campaign. A deleted message keeps its class: the contact may have read it.

    Args:
        messages: Extracted messages.
        bots: Ids of users that are programs posting with a user's token.

    Returns:
        The messages whose time is known, sorted by conversation_id, created_at and id, with their columns and

        - is_incoming: a public message of type incoming;
        - is_human_reply: a human's reply;
        - is_note: a private message of any type except activity;
        - sender_kind: contact, automation (campaigns included), bot, agent or system (a greeting, a survey, a
          message whose sender was deleted); NULL for notes and activity.
    """
    is_private = pl.col("private").fill_null(value=False)
    is_bot = pl.col("sender_type").is_in(_BOT_SENDER_TYPES) | ((pl.col("sender_type") == "User") & _is_sent_by(bots))
    is_human = ((pl.col("sender_type") == "User") & ~_is_sent_by(bots)) | pl.col("external_echo")
    is_automatic = (pl.col("automated") | pl.col("campaign")).fill_null(value=False)
    is_incoming = pl.col("message_type") == "incoming"
    sender_kind = (
        pl.when(is_private | (pl.col("message_type") == "activity"))
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
    is_reply = (pl.col("message_type") == "outgoing") & ~is_private & ~is_automatic & is_human
    return (
        messages.filter(pl.col("created_at").is_not_null())
        .sort("conversation_id", "created_at", "id")
        .with_columns(
            (is_incoming & ~is_private).fill_null(value=False).alias("is_incoming"),
            is_reply.fill_null(value=False).alias("is_human_reply"),
            (is_private & (pl.col("message_type") != "activity")).fill_null(value=False).alias("is_note"),
            sender_kind.alias("sender_kind"),
        )
    )


def _is_sent_by(users: Set[int]) -> pl.Expr:
    """Return whether the sender's id is one of `users`; a sender without an id is not."""
    return pl.col("sender_id").is_in(sorted(users)).fill_null(value=False)
