"""Replace the rows of days in all tables, in one transaction.

A reader sees the old day or the new one in every table, never a mixture or a gap. A run that is killed at any point
leaves the old day, and the next run replaces it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl
import psycopg
from psycopg import sql
from psycopg.errors import UniqueViolation

from chatwoot_assets.columns import Columns
from chatwoot_assets.conversations.daily_summary import replace_summary
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.metrics import columns as metrics
from chatwoot_assets.metrics.compute import Tables, add_up
from chatwoot_assets.partitions import Day
from chatwoot_assets.refresh.batches import DayBatch
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.locks import lock_days, lock_days_of_rows
from chatwoot_assets.warehouse.partition_state import DayState, read_states, record_loaded, record_removed

# Every table of a day except daily_summary.
TABLES: dict[str, Columns] = {"conversas_analytics": CONVERSAS_ANALYTICS, "messages": MESSAGES, **metrics.TABLES}
# The tables whose rows belong to one conversation each, with the column of its id; the other tables are sums. No index
# finds the messages of a day: they are deleted with their conversations.
CONVERSATION_COLUMNS = {
    "conversas_analytics": "id",
    "conversation_facts": "conversation_id",
    "response_intervals": "conversation_id",
    "resolutions": "conversation_id",
    "conversation_events": "conversation_id",
    "episodes": "conversation_id",
    "targets": "conversation_id",
    "ratings": "conversation_id",
    "conversation_slas": "conversation_id",
    "calls": "conversation_id",
    "messages": "conversation_id",
}


@dataclass(frozen=True)
class LoadedDay:
    """A day whose rows in the warehouse are up to date with its files, or with later ones.

    Attributes:
        day: The partition.
        snapshot_at: The instant of the snapshot that the rows were read from.
        was_written: Whether the rows were written now.
        row_counts: The number of the day's rows in each table.
        moved: How many of its conversations were stored under other days before.
    """

    day: Day
    snapshot_at: datetime.datetime
    was_written: bool
    row_counts: Mapping[str, int]
    moved: int = 0


def unwritten_day(day: Day, state: DayState) -> LoadedDay:
    """Return the result for a day whose rows were up to date already."""
    return LoadedDay(day, state.snapshot_at, was_written=False, row_counts=state.row_counts)


def replace_days(connection: psycopg.Connection, batch: DayBatch, definition: str, run_id: str) -> list[LoadedDay]:
    """Replace the rows of the days in all tables, in one transaction.

    A conversation that another day holds (after a change of REPORTING_TIMEZONE, or of its creation) leaves that day. A
    day that another run loaded from a later snapshot is left as it is.

    Args:
        connection: A session on the warehouse.
        batch: The days and their rows.
        definition: The definition of the rules by which the metrics were computed.
        run_id: The run, which is recorded with each day.
    """
    with connection.transaction():
        dates = [extracted.day.date for extracted in batch.days]
        lock_days(connection, dates)
        states = read_states(connection, dates)
        newer = [
            extracted
            for extracted in batch.days
            if extracted.day.date not in states or states[extracted.day.date].snapshot_at <= extracted.snapshot_at
        ]
        written = _write_days(connection, newer, batch, definition, run_id) if newer else {}
        return [
            written.get(extracted.day.date) or unwritten_day(extracted.day, states[extracted.day.date])
            for extracted in batch.days
        ]


def _write_days(
    connection: psycopg.Connection, days: list[ExtractedDay], batch: DayBatch, definition: str, run_id: str
) -> dict[datetime.date, LoadedDay]:
    dates = [extracted.day.date for extracted in days]
    _delete_days(connection, dates)
    counts = RowCounts()
    moved: Counter[datetime.date] = Counter()
    days_with_future_times: set[datetime.date] = set()
    summed: dict[str, list[pl.DataFrame]] = {table: [] for table in metrics.SUMMED}
    for part in batch.parts:
        rows = part.tables if len(days) == len(batch.days) else _select_days(part.tables, dates)
        days_with_future_times |= part.days_with_future_times
        moved += add_conversations(connection, rows)
        for table in CONVERSATION_COLUMNS:
            counts.add(table, rows[table])
        for table, frames in summed.items():
            frames.append(rows[table])
    for table, frames in summed.items():
        sums = add_up(table, frames) if len(frames) > 1 else frames[0]
        copy_rows(connection, table, TABLES[table], sums)
        counts.add(table, sums)
    counts.rows["daily_summary"] = Counter(replace_summary(connection, dates))
    states = [
        DayState(
            date=extracted.day.date,
            snapshot_at=extracted.snapshot_at,
            fingerprints=extracted.fingerprints,
            definition=definition,
            row_counts={table: rows[extracted.day.date] for table, rows in counts.rows.items()},
            id_sums={table: sums[extracted.day.date] for table, sums in counts.id_sums.items()},
            rated=counts.rated[extracted.day.date],
            has_future_times=extracted.day.date in days_with_future_times,
            run_id=run_id,
        )
        for extracted in days
    ]
    record_loaded(connection, states)
    return {
        extracted.day.date: LoadedDay(
            extracted.day, state.snapshot_at, True, state.row_counts, moved[extracted.day.date]
        )
        for extracted, state in zip(days, states, strict=True)
    }


def _select_days(tables: Tables, dates: list[datetime.date]) -> Tables:
    return {table: rows.filter(pl.col("conversation_date").is_in(dates)) for table, rows in tables.items()}


@dataclass
class RowCounts:
    """The numbers of rows that were written, by table and day.

    Attributes:
        rows: The number of rows of each table.
        id_sums: The sums of the ids in conversas_analytics and messages.
        rated: The number of rated conversations.
    """

    rows: dict[str, Counter[datetime.date]] = field(default_factory=lambda: {table: Counter() for table in TABLES})
    id_sums: dict[str, Counter[datetime.date]] = field(
        default_factory=lambda: {"conversas_analytics": Counter(), "messages": Counter()}
    )
    rated: Counter[datetime.date] = field(default_factory=Counter)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        """Count the rows of a table."""
        by_day = rows.group_by("conversation_date")
        self.rows[table].update(dict(by_day.len().iter_rows()))
        if table in self.id_sums:
            sums = by_day.agg(pl.col("id").cast(pl.Int128).sum())
            self.id_sums[table].update({date: int(total) for date, total in sums.iter_rows()})
        if table == "conversas_analytics":
            self.rated.update(dict(by_day.agg((pl.col("csat_responses") > 0).sum()).iter_rows()))


def _delete_days(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Delete the rows of days in all tables."""
    ids: set[int] = set()
    for table in TABLES:
        if table == "messages":
            continue
        delete = sql.SQL("DELETE FROM {} WHERE conversation_date = ANY(%s)").format(sql.Identifier(table))
        if table in ("conversas_analytics", "conversation_facts"):
            # Both have every conversation, unless somebody deleted rows by hand.
            ids.update(id_ for (id_,) in connection.execute(_returning(delete, CONVERSATION_COLUMNS[table]), [dates]))
        else:
            connection.execute(delete, [dates])
    # By the list of ids and not by a join: then the index is used, whatever the table's statistics say.
    connection.execute("DELETE FROM messages WHERE conversation_id = ANY(%s)", [sorted(ids)])


def _returning(statement: sql.Composable, column: str) -> sql.Composed:
    return sql.SQL("{} RETURNING {}").format(statement, sql.Identifier(column))


def add_conversations(connection: psycopg.Connection, tables: Tables) -> Counter[datetime.date]:
    """Add conversations, with their rows in all tables that are not sums, and remove them from other days.

    Other days have some of them after a change of REPORTING_TIMEZONE, and messages whose conversation was merged into
    another one. That is rare: searching for them first would cost more than adding the rows twice.

    Returns:
        The number of conversations that left other days, by the day that they belong to now.
    """
    try:
        with connection.transaction():
            _copy_conversations(connection, tables)
    except UniqueViolation:
        moved = _delete_from_other_days(connection, tables)
        _copy_conversations(connection, tables)
        return moved
    return Counter()


def _copy_conversations(connection: psycopg.Connection, tables: Tables) -> None:
    for table in CONVERSATION_COLUMNS:
        copy_rows(connection, table, TABLES[table], tables[table])


def _delete_from_other_days(connection: psycopg.Connection, tables: Tables) -> Counter[datetime.date]:
    """Delete conversations from the days that they were stored under, and mark these days to be loaded again.

    Until then, the sums of these days still count the conversations.
    """
    conversations = tables["conversas_analytics"]
    ids = conversations["id"].to_list()
    message_ids = tables["messages"]["id"].to_list()
    for table, column, keys in (
        ("conversas_analytics", "id", ids),
        ("conversation_facts", "conversation_id", ids),
        ("messages", "id", message_ids),
    ):
        lock_days_of_rows(connection, table, column, keys)
    left: Counter[datetime.date] = Counter()
    for date, _ in _delete(connection, "messages", "id", message_ids):
        left[date] += 0
    deleted: list[int] = []
    for table, column in CONVERSATION_COLUMNS.items():
        for date, id_ in _delete(connection, table, column, ids):
            left[date] += table == "conversas_analytics"
            if table == "conversas_analytics":
                deleted.append(id_)
    # The days are locked already, except one to which a conversation moved before its day was locked.
    lock_days(connection, list(left))
    if left:
        replace_summary(connection, list(left))
    for date, count in left.items():
        record_removed(connection, date, count)
    dates = conversations.filter(pl.col("id").is_in(pl.Series(deleted, dtype=pl.Int64).implode()))["conversation_date"]
    return Counter(dates.to_list())


def _delete(
    connection: psycopg.Connection, table: str, column: str, keys: Iterable[int]
) -> list[tuple[datetime.date, int]]:
    delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s) RETURNING conversation_date, {}")
    names = (sql.Identifier(table), sql.Identifier(column), sql.Identifier(column))
    return connection.execute(delete.format(*names), [list(keys)]).fetchall()
