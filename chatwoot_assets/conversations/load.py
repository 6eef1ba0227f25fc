"""Replacing days of conversas_analytics and messages, each in one transaction.

A reader sees the old day or the new one, never a mixture or a gap. A run that is killed at any point leaves the old
day, and the next run replaces it. How a row is made is in `transform.py`, and which days are loaded in `refresh.py`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl
import psycopg
from psycopg.errors import UniqueViolation

from chatwoot_assets.conversations.daily_summary import replace_summary
from chatwoot_assets.conversations.transform import LoadedRows
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.locks import lock_days, lock_days_of_conversations
from chatwoot_assets.warehouse.partition_state import Fingerprints, record_loaded, record_removed, snapshots
from chatwoot_assets.warehouse.replace import replace_concurrently


@dataclass(frozen=True)
class TransformedDay:
    """A day that is ready to be loaded.

    Attributes:
        day: The partition.
        conversations: The number of its rows.
        parts: Those rows, with their messages. The parts of a large day are made while they are iterated over.
        messages: The number of messages that were extracted for them.
        csat: The number of rated conversations.
        snapshot_at: The instant at which the source was read.
        fingerprints: The fingerprint of each dataset.
    """

    day: Day
    conversations: int
    parts: Iterable[LoadedRows]
    messages: int
    csat: int
    snapshot_at: datetime.datetime
    fingerprints: Fingerprints


def load_batches(
    warehouse: Warehouse, batches: Iterator[list[TransformedDay]], run_id: str
) -> Iterator[tuple[list[TransformedDay], int]]:
    """Replace batches of days, each in a transaction of its own, two at a time.

    Yields:
        Each loaded batch, and the number of its conversations that left other days.

    Raises:
        WarehouseError: The database cannot be used. The batches before stay.
    """
    yield from replace_concurrently(
        warehouse, lambda connection, batch: replace_days(connection, batch, run_id), batches
    )


def replace_days(connection: psycopg.Connection, batch: list[TransformedDay], run_id: str) -> int:
    """Replace the rows of the days, all in one transaction.

    A conversation that another day holds (after a change of REPORTING_TIMEZONE) leaves that day. A day that another
    run loaded from a later snapshot is left as it is.

    Returns:
        The number of conversations that left other days.
    """
    with connection.transaction():
        lock_days(connection, [transformed.day.date for transformed in batch])
        loaded = snapshots(connection)
        newer = [
            transformed
            for transformed in batch
            if transformed.day.date not in loaded or loaded[transformed.day.date] <= transformed.snapshot_at
        ]
        if not newer:
            return 0
        dates = [transformed.day.date for transformed in newer]
        deleted = connection.execute(
            "DELETE FROM conversas_analytics WHERE conversation_date = ANY(%s) RETURNING id", [dates]
        ).fetchall()
        _delete_messages(connection, [id_ for (id_,) in deleted])
        moved = 0
        for rows in chain.from_iterable(transformed.parts for transformed in newer):
            moved += _delete_from_other_days(connection, rows.conversations["id"].to_list())
            copy_rows(connection, "conversas_analytics", CONVERSAS_ANALYTICS, rows.conversations)
            _add_messages(connection, rows.messages)
        for transformed in newer:
            record_loaded(
                connection,
                transformed.day,
                (transformed.conversations, transformed.messages, transformed.csat),
                transformed.snapshot_at,
                run_id,
                transformed.fingerprints,
            )
    return moved


def _delete_from_other_days(connection: psycopg.Connection, ids: list[int]) -> int:
    """Delete conversations from the days that hold them, and correct the counts and summaries of these days."""
    lock_days_of_conversations(connection, "conversas_analytics", "id", ids)
    deleted = connection.execute(
        "DELETE FROM conversas_analytics WHERE id = ANY(%s) RETURNING conversation_date", [ids]
    ).fetchall()
    _delete_messages(connection, ids)
    counts = Counter(date for (date,) in deleted)
    # The days are locked already, except one to which a conversation moved before its day was locked.
    lock_days(connection, list(counts))
    if counts:
        replace_summary(connection, list(counts))
    for date, count in counts.items():
        record_removed(connection, date, count)
    return len(deleted)


def _delete_messages(connection: psycopg.Connection, conversation_ids: list[int]) -> None:
    # By the list and not by a join: whatever the table's statistics say, its index finds them.
    connection.execute("DELETE FROM messages WHERE conversation_id = ANY(%s)", [conversation_ids])


def _add_messages(connection: psycopg.Connection, rows: pl.DataFrame) -> None:
    """Add messages; take those that another conversation holds from it, so that its day is loaded again."""
    try:
        with connection.transaction():
            copy_rows(connection, "messages", MESSAGES, rows)
    except UniqueViolation:
        ids = rows["id"].to_list()
        lock_days_of_conversations(connection, "messages", "id", ids)
        deleted = connection.execute(
            "DELETE FROM messages WHERE id = ANY(%s) RETURNING conversation_date", [ids]
        ).fetchall()
        for (date,) in set(deleted):
            record_removed(connection, date, 0)
        copy_rows(connection, "messages", MESSAGES, rows)
