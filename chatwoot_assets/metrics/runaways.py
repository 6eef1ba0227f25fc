"""Leave runaway threads out of waits and replies.

Two programs that answer each other, or a test that nobody stopped, can write tens of thousands of messages into one
conversation, and each of its waits would count like a contact's. One such thread shifted the response time of a whole
desk by 70 %.
"""

from __future__ import annotations

import polars as pl


def leave_out_runaways(messages: pl.DataFrame, max_messages: int) -> pl.DataFrame:
    """Return the messages of `mark_replies`, where those of runaway threads are neither questions nor human replies.

    Args:
        messages: The result of `mark_replies`.
        max_messages: A conversation with more messages is a runaway thread; 0 for none.
    """
    if not max_messages:
        return messages
    is_runaway = pl.len().over("conversation_id") > max_messages
    return messages.with_columns(pl.col("is_question", "is_human_reply") & ~is_runaway)
