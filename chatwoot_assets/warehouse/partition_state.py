"""What is known about the loaded days: the table partition_state, one row per day.

A row is written in the transaction that replaces the day's conversations. What is known about a day's metrics is in
the table metric_state, see `metrics/load.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import psycopg

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import Day

# The column of each dataset's fingerprint.
_COLUMNS = {
    Dataset.CONVERSATIONS: "conversations_fingerprint",
    Dataset.MESSAGES: "messages_fingerprint",
    Dataset.CSAT: "csat_fingerprint",
    Dataset.EVENTS: "events_fingerprint",
}

Fingerprints = Mapping[Dataset, str]


def stored_fingerprints(connection: psycopg.Connection) -> dict[datetime.date, dict[Dataset, str | None]]:
    """Return the fingerprints of the datasets that each day of conversas_analytics was made from."""
    rows = connection.execute(
        "SELECT conversation_date, conversations_fingerprint, messages_fingerprint, csat_fingerprint,"
        " events_fingerprint FROM partition_state"
    ).fetchall()
    return {date: dict(zip(_COLUMNS, fingerprints, strict=True)) for date, *fingerprints in rows}


def loaded_fingerprints(connection: psycopg.Connection) -> dict[datetime.date, dict[Dataset, str | None]]:
    """Return the fingerprints of each loaded day's datasets; None for a dataset that must be loaded again.

    All fingerprints of a day are None if its summary or metrics are out of date because a run was killed before them.
    """
    dates = {date for (date,) in connection.execute("SELECT conversation_date FROM complete_day").fetchall()}
    return {
        date: fingerprints if date in dates else dict.fromkeys(fingerprints)
        for date, fingerprints in stored_fingerprints(connection).items()
    }


def snapshots(connection: psycopg.Connection) -> dict[datetime.date, datetime.datetime]:
    """Return the instant at which the source was read for each loaded day."""
    return dict(connection.execute("SELECT conversation_date, snapshot_at FROM partition_state").fetchall())


def row_counts(connection: psycopg.Connection) -> dict[datetime.date, tuple[int, int]]:
    """Return the numbers of conversations and messages of each loaded day."""
    rows = connection.execute("SELECT conversation_date, conversations, messages FROM partition_state").fetchall()
    return {date: (conversations, messages) for date, conversations, messages in rows}


_RECORD = """
INSERT INTO partition_state (
    conversation_date, conversations, messages, csat, snapshot_at, loaded_at, run_id,
    conversations_fingerprint, messages_fingerprint, csat_fingerprint, events_fingerprint
)
VALUES (%s, %s, %s, %s, %s, clock_timestamp(), %s, %s, %s, %s, %s)
ON CONFLICT (conversation_date) DO UPDATE SET
    conversations = excluded.conversations,
    messages = excluded.messages,
    csat = excluded.csat,
    snapshot_at = excluded.snapshot_at,
    loaded_at = excluded.loaded_at,
    run_id = excluded.run_id,
    conversations_fingerprint = excluded.conversations_fingerprint,
    messages_fingerprint = excluded.messages_fingerprint,
    csat_fingerprint = excluded.csat_fingerprint,
    events_fingerprint = excluded.events_fingerprint,
    summarized_at = NULL
"""


def record_loaded(
    connection: psycopg.Connection,
    day: Day,
    counts: tuple[int, int, int],
    snapshot_at: datetime.datetime,
    run_id: str,
    fingerprints: Fingerprints,
) -> None:
    """Record that a day was loaded.

    Args:
        connection: A session, in the transaction that replaces the day.
        day: The partition.
        counts: The numbers of its conversations, messages and rated conversations.
        snapshot_at: The instant at which the source was read.
        run_id: The run that loaded it.
        fingerprints: The fingerprint of each dataset.
    """
    connection.execute(
        _RECORD, [day.date, *counts, snapshot_at, run_id, *(fingerprints[dataset] for dataset in _COLUMNS)]
    )


def record_removed(connection: psycopg.Connection, date: datetime.date, conversations: int) -> None:
    """Record that a day lost conversations to another day, so that it no longer equals its extracts."""
    connection.execute(
        "UPDATE partition_state SET conversations = conversations - %s, conversations_fingerprint = NULL"
        " WHERE conversation_date = %s",
        [conversations, date],
    )


def record_summarized(connection: psycopg.Connection, days: list[Day]) -> None:
    """Record that the summary of the days is current."""
    connection.execute(
        "UPDATE partition_state SET summarized_at = clock_timestamp() WHERE conversation_date = ANY(%s)",
        [[day.date for day in days]],
    )
