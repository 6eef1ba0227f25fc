"""What is known about the loaded days: the table partition_state, one row per day.

A row is written in the transaction that replaces the day's rows in all tables.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from chatwoot_assets.extract.dataset import Dataset

# The column of each dataset's fingerprint.
_COLUMNS = {
    Dataset.CONVERSATIONS: "conversations_fingerprint",
    Dataset.MESSAGES: "messages_fingerprint",
    Dataset.CSAT: "csat_fingerprint",
    Dataset.EVENTS: "events_fingerprint",
}

Fingerprints = Mapping[Dataset, "str | None"]


@dataclass(frozen=True)
class DayState:
    """What is known about a loaded day.

    Attributes:
        date: The day.
        snapshot_at: The instant at which the source was read.
        fingerprints: The fingerprint of each dataset that the day was made from; None for one that differs from
            every other, so that the day is loaded again.
        definition: The definition of the rules by which its metrics were computed; None if they are not current.
        row_counts: The number of its rows in each table.
        id_sums: The sum of the ids in conversas_analytics and messages.
        rated: The number of its rated conversations.
        has_future_times: Whether a row has a time later than the date on which the source was read.
        run_id: The run that loaded it.
    """

    date: datetime.date
    snapshot_at: datetime.datetime
    fingerprints: Fingerprints
    definition: str | None
    row_counts: Mapping[str, int]
    id_sums: Mapping[str, int]
    rated: int
    has_future_times: bool
    run_id: str


_READ = """
SELECT conversation_date, snapshot_at, definition, row_counts, id_sums, csat, has_future_times, run_id,
    conversations_fingerprint, messages_fingerprint, csat_fingerprint, events_fingerprint
FROM partition_state
"""


def read_states(
    connection: psycopg.Connection, dates: Iterable[datetime.date] | None = None
) -> dict[datetime.date, DayState]:
    """Return what is known about the loaded days.

    Args:
        connection: A session on the warehouse.
        dates: The days to look at; None for all.
    """
    if dates is None:
        rows = connection.execute(_READ).fetchall()
    else:
        rows = connection.execute(_READ + "WHERE conversation_date = ANY(%s)", [list(dates)]).fetchall()
    return {
        date: DayState(
            date,
            snapshot_at,
            dict(zip(_COLUMNS, fingerprints, strict=True)),
            definition,
            row_counts,
            id_sums,
            rated,
            has_future_times,
            run_id,
        )
        for date, snapshot_at, definition, row_counts, id_sums, rated, has_future_times, run_id, *fingerprints in rows
    }


def loaded_fingerprints(connection: psycopg.Connection) -> dict[datetime.date, dict[Dataset, str | None]]:
    """Return the fingerprints of each loaded day's datasets; None for a dataset that must be loaded again.

    All fingerprints of a day are None if its metrics are not current.
    """
    return {
        date: dict(state.fingerprints) if state.definition is not None else dict.fromkeys(state.fingerprints)
        for date, state in read_states(connection).items()
    }


def loaded_counts(connection: psycopg.Connection) -> dict[datetime.date, tuple[int, int]]:
    """Return the numbers of conversations and messages of each loaded day."""
    rows = connection.execute("SELECT conversation_date, conversations, messages FROM partition_state").fetchall()
    return {date: (conversations, messages) for date, conversations, messages in rows}


def loaded_snapshots(connection: psycopg.Connection) -> dict[datetime.date, datetime.datetime]:
    """Return the instant of the snapshot that each loaded day was read from."""
    return dict(connection.execute("SELECT conversation_date, snapshot_at FROM partition_state").fetchall())


_RECORD = """
INSERT INTO partition_state (
    conversation_date, conversations, messages, csat, snapshot_at, loaded_at, run_id, definition, row_counts, id_sums,
    has_future_times, conversations_fingerprint, messages_fingerprint, csat_fingerprint, events_fingerprint
)
SELECT
    conversation_date, conversations, messages, csat, snapshot_at, clock_timestamp(), run_id, definition, row_counts,
    id_sums, has_future_times, conversations_fingerprint, messages_fingerprint, csat_fingerprint, events_fingerprint
FROM jsonb_populate_recordset(NULL::partition_state, %s)
ON CONFLICT (conversation_date) DO UPDATE SET
    conversations = excluded.conversations,
    messages = excluded.messages,
    csat = excluded.csat,
    snapshot_at = excluded.snapshot_at,
    loaded_at = excluded.loaded_at,
    run_id = excluded.run_id,
    definition = excluded.definition,
    row_counts = excluded.row_counts,
    id_sums = excluded.id_sums,
    has_future_times = excluded.has_future_times,
    conversations_fingerprint = excluded.conversations_fingerprint,
    messages_fingerprint = excluded.messages_fingerprint,
    csat_fingerprint = excluded.csat_fingerprint,
    events_fingerprint = excluded.events_fingerprint,
    contents_since = NULL
"""


def record_loaded(connection: psycopg.Connection, states: Iterable[DayState]) -> None:
    """Record that days were loaded.

    Args:
        connection: A session, in the transaction that replaces the days.
        states: The new states of the days.
    """
    rows = [
        {
            "conversation_date": state.date.isoformat(),
            "conversations": state.row_counts["conversas_analytics"],
            "messages": state.row_counts["messages"],
            "csat": state.rated,
            "snapshot_at": state.snapshot_at.isoformat(),
            "run_id": state.run_id,
            "definition": state.definition,
            "row_counts": dict(state.row_counts),
            "id_sums": dict(state.id_sums),
            "has_future_times": state.has_future_times,
            **{column: state.fingerprints[dataset] for dataset, column in _COLUMNS.items()},
        }
        for state in states
    ]
    connection.execute(_RECORD, [Jsonb(rows)])
    connection.execute(_RECORD_UNCHECKED, [[row["conversation_date"] for row in rows]])


_RECORD_UNCHECKED = """
INSERT INTO unchecked_day (conversation_date, loaded_at)
SELECT unnest(%s::date[]), clock_timestamp()
ON CONFLICT (conversation_date) DO UPDATE SET loaded_at = excluded.loaded_at
"""


def unchecked_days(connection: psycopg.Connection) -> dict[datetime.date, datetime.datetime]:
    """Return the days that no quality check has seen since they were loaded, and when that was."""
    return dict(connection.execute("SELECT conversation_date, loaded_at FROM unchecked_day").fetchall())


def record_checked(connection: psycopg.Connection, loaded_at: Mapping[datetime.date, datetime.datetime]) -> None:
    """Record that the quality checks have seen days, unless they have been loaded again since.

    Args:
        connection: A session on the warehouse.
        loaded_at: When each day was loaded, as `unchecked_days` returned it.
    """
    connection.execute(
        "DELETE FROM unchecked_day AS day USING unnest(%s::date[], %s::timestamptz[]) AS checked (date, loaded_at)"
        " WHERE day.conversation_date = checked.date AND day.loaded_at = checked.loaded_at",
        [list(loaded_at), list(loaded_at.values())],
    )


def days_with_old_contents(connection: psycopg.Connection, before: datetime.date) -> list[datetime.date]:
    """Return the loaded days that may have contents older than a day, in order; see `refresh/old_contents.py`."""
    rows = connection.execute(
        "SELECT conversation_date FROM partition_state"
        " WHERE coalesce(contents_since, conversation_date) < %s ORDER BY 1",
        [before],
    )
    return [date for (date,) in rows.fetchall()]


def record_oldest_contents(
    connection: psycopg.Connection,
    oldest: Mapping[datetime.date, datetime.date],
    snapshots: Mapping[datetime.date, datetime.datetime],
) -> None:
    """Record the day of the oldest contents of loaded days, unless another run has loaded them again.

    Args:
        connection: A session on the warehouse.
        oldest: The day of each loaded day's oldest contents.
        snapshots: The instant of the snapshot that each of these days was read from.
    """
    connection.execute(
        "UPDATE partition_state AS state SET contents_since = known.since"
        " FROM unnest(%s::date[], %s::date[], %s::timestamptz[]) AS known (date, since, snapshot_at)"
        " WHERE state.conversation_date = known.date AND state.snapshot_at = known.snapshot_at",
        [list(oldest), list(oldest.values()), [snapshots[date] for date in oldest]],
    )


def record_differing(connection: psycopg.Connection, date: datetime.date) -> None:
    """Mark a loaded day to be read and loaded again, because its files cannot be used."""
    connection.execute(
        "UPDATE partition_state SET conversations_fingerprint = NULL WHERE conversation_date = %s", [date]
    )


def forget_later_days(connection: psycopg.Connection, date: datetime.date) -> None:
    """Forget the days without conversations after a day: they were loaded while this machine's clock was ahead."""
    connection.execute(
        "DELETE FROM partition_state WHERE conversation_date > %s AND conversations = 0 AND messages = 0", [date]
    )
    for table in ("differing_day", "unchecked_day"):
        connection.execute(
            sql.SQL(
                "DELETE FROM {} WHERE conversation_date > %s"
                " AND conversation_date NOT IN (SELECT conversation_date FROM partition_state)"
            ).format(sql.Identifier(table)),
            [date],
        )


def record_removed(connection: psycopg.Connection, date: datetime.date, conversations: int) -> None:
    """Record that a day lost conversations to another day, so that it no longer equals its extracts."""
    connection.execute(
        "UPDATE partition_state SET conversations = conversations - %s, conversations_fingerprint = NULL"
        " WHERE conversation_date = %s",
        [conversations, date],
    )
