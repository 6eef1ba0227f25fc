"""Leave imported history out of waits, replies and the backlog.

An import writes conversations and messages with the times of another system. What these say about response times is
that system's: its replies may have one sender or none, and nothing in Chatwoot tells when it resolved anything.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.metrics.status import OPENED_EVENT

# Chatwoot numbers messages in the order in which it writes them, and dates them by the clocks of its servers. A message
# that is this much older than one with a lower number was written later with an old time: by an import.
_OUT_OF_ORDER = datetime.timedelta(hours=1)
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

    Imported messages are all those before `imported_before`; in a conversation that Chatwoot's import wrote, those
    before the time of the import; and in any conversation those that are more than an hour older than a message with a
    lower id. Where Chatwoot does not keep the time of an import, its messages are those before the first event about
    the conversation, because an import writes no events.

    Args:
        messages: The result of `mark_replies`.
        conversations: Extracted conversations.
        events: Extracted reporting events.
        imported_before: The instant before which everything was imported; None if nothing was.
    """
    messages = _leave_out_late_messages(messages)
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


def _leave_out_late_messages(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the messages, where those that were written long after their time are no questions and no replies."""
    is_same = pl.col("conversation_id") == pl.col("conversation_id").shift(1)
    # Nearly always, the order by time is the order by id.
    if not messages.select((is_same & (pl.col("id") < pl.col("id").shift(1))).any()).item():
        return messages
    newest = messages.sort("conversation_id", "id").select(
        "conversation_id", "id", pl.col("created_at").cum_max().over("conversation_id").alias("newest_before")
    )
    is_late = (pl.col("created_at") < pl.col("newest_before") - _OUT_OF_ORDER).fill_null(value=False)
    return (
        # By both: a change is computed from the same messages before and after it, with other ids of conversations.
        messages.join(newest, on=["conversation_id", "id"], how="left", maintain_order="left")
        .with_columns(pl.col("is_question", "is_human_reply") & ~is_late)
        .drop("newest_before")
    )


def find_backlog_starts(
    conversations: pl.DataFrame, messages: pl.DataFrame, events: pl.DataFrame, imported_before: datetime.datetime | None
) -> pl.DataFrame:
    """Return since when each imported conversation can be in the backlog.

    That is the time of the import, or Chatwoot's first event where it does not keep that time. If the first event is
    an opening, the conversation was resolved until then. Without any event it is the last message: after that, what
    Chatwoot says now holds.

    Args:
        conversations: Extracted conversations.
        messages: Extracted messages.
        events: Extracted reporting events.
        imported_before: The instant before which everything was imported; None if nothing was.

    Returns:
        conversation_id, backlog_from (naive UTC; NULL for no bound). Others than imported conversations are left out.
    """
    first = (
        events.select("conversation_id", "name", pl.coalesce("event_end_time", "created_at").alias("first_event_at"))
        .sort("first_event_at", "name", nulls_last=True)
        .unique("conversation_id", keep="first")
    )
    last = messages.group_by("conversation_id").agg(pl.col("created_at").max().alias("written_at"))
    by_setting = pl.lit(None if imported_before is None else _naive(imported_before), TIMESTAMP)
    is_opening = (pl.col("name") == OPENED_EVENT).fill_null(value=False)
    imported_at = pl.coalesce("imported_at", pl.when(pl.col("created_at") < by_setting).then(by_setting))
    return (
        conversations.filter(is_imported_conversation(imported_before))
        .select(pl.col("id").alias("conversation_id"), "created_at", pl.col("imported_at").cast(TIMESTAMP))
        .join(first, on="conversation_id", how="left")
        .join(last, on="conversation_id", how="left")
        .select(
            "conversation_id",
            pl.when(is_opening)
            .then("first_event_at")
            .otherwise(pl.coalesce(imported_at, "first_event_at", "written_at"))
            .alias("backlog_from"),
        )
    )


def _naive(instant: datetime.datetime) -> datetime.datetime:
    return instant.astimezone(datetime.timezone.utc).replace(tzinfo=None)
