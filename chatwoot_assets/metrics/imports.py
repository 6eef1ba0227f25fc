"""Leave imported history out of waits and replies.

An import writes conversations and messages with the times of another system. What these say about response times is
that system's: its replies may have one sender or none, and nothing in Chatwoot tells when it resolved anything.
"""

from __future__ import annotations

import datetime

import polars as pl

# Chatwoot records its first event about a continued conversation shortly after the message that continues it.
_BEFORE_FIRST_EVENT = datetime.timedelta(minutes=1)


def is_imported_conversation(imported_before: datetime.datetime | None) -> pl.Expr:
    """Return whether a conversation came from an import, never NULL.

    Args:
        imported_before: The instant before which everything was imported; None if nothing was.
    """
    is_imported = pl.col("is_imported").fill_null(value=False)
    if imported_before is None:
        return is_imported
    return is_imported | (pl.col("created_at") < _naive(imported_before))


def leave_out_imports(
    messages: pl.DataFrame,
    conversations: pl.DataFrame,
    events: pl.DataFrame,
    imported_before: datetime.datetime | None,
) -> pl.DataFrame:
    """Return the messages of `mark_replies`, where imported ones are neither questions nor human replies.

    Imported messages are all those before `imported_before`; and, in a conversation that Chatwoot's import wrote, those
    before the time of the import. Where Chatwoot does not keep that time, they are those before its first event about
    the conversation, because an import writes no events.

    Args:
        messages: The result of `mark_replies`.
        conversations: Extracted conversations.
        events: Extracted reporting events.
        imported_before: The instant before which everything was imported; None if nothing was.
    """
    imported = conversations.filter(pl.col("is_imported").fill_null(value=False)).select(
        pl.col("id").alias("conversation_id"), "imported_at"
    )
    if imported_before is None and imported.is_empty():
        return messages
    first_events = events.group_by("conversation_id").agg(pl.col("event_end_time").min().alias("first_event_at"))
    starts = imported.join(first_events, on="conversation_id", how="left").with_columns(
        pl.lit(value=True).alias("is_written_by_import")
    )
    is_before = pl.col("created_at") < pl.coalesce("imported_at", pl.col("first_event_at") - _BEFORE_FIRST_EVENT)
    is_imported = pl.col("is_written_by_import").fill_null(value=False) & is_before.fill_null(value=True)
    if imported_before is not None:
        is_imported |= pl.col("created_at") < _naive(imported_before)
    return (
        messages.join(starts, on="conversation_id", how="left", maintain_order="left")
        .with_columns(pl.col("is_question", "is_human_reply") & ~is_imported)
        .drop("is_written_by_import", "imported_at", "first_event_at")
    )


def _naive(instant: datetime.datetime) -> datetime.datetime:
    return instant.astimezone(datetime.timezone.utc).replace(tzinfo=None)
