"""Who wrote a message: whether it is a contact's, a human's reply, a bot's, a note.

Pure. One row a message; what becomes of a conversation is in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Set

import polars as pl

_BOTS = ("AgentBot", "Captain::Assistant")


def mark_replies(messages: pl.DataFrame, bots: Set[int]) -> pl.DataFrame:
    """Return the messages in the order in which they count, with what each of them is.

    A human's reply is what Chatwoot calls one: outgoing, public, of a user or of the channel's own
    application, and neither an automation's nor a campaign's. A deleted message stays what it was: the
    contact may have read it.

    Args:
        messages: extracted messages.
        bots: ids of users that are programs posting with a user's token.

    Returns:
        The messages whose time is known, by conversation_id, created_at, id, with their columns and

        - is_incoming: a public message of type incoming;
        - is_human_reply: a human's reply;
        - is_note: a private message, of whatever type but activity;
        - sender_kind: contact, automation (a campaign's too), bot, agent or system (a greeting, a survey, a
          message whose sender was deleted); NULL for notes and activity.
    """
    is_private = pl.col("private").fill_null(value=False)
    is_bot = pl.col("sender_type").is_in(_BOTS) | ((pl.col("sender_type") == "User") & _is_of(bots))
    is_human = ((pl.col("sender_type") == "User") & ~_is_of(bots)) | pl.col("external_echo")
    is_automatic = (pl.col("automated") | pl.col("campaign")).fill_null(value=False)
    is_incoming = pl.col("message_type") == "incoming"
    kind = (
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
            kind.alias("sender_kind"),
        )
    )


def _is_of(users: Set[int]) -> pl.Expr:
    """Return whether the sender's id is one of these; a sender without an id is none of them."""
    return pl.col("sender_id").is_in(sorted(users)).fill_null(value=False)
