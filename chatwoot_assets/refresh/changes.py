"""Apply changes of some conversations to their days, without touching the other conversations of these days.

The rows of the changed conversations are replaced. The difference between what the conversations added to the tables of
sums before and what they add now is added to these tables. The result equals that of loading the whole day, bit by bit.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain

import polars as pl
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from chatwoot_assets.conversations.daily_summary import replace_summary
from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ConversationChange, ExtractedDay
from chatwoot_assets.extract.schemas import conversation_key
from chatwoot_assets.metrics.columns import SUMMED
from chatwoot_assets.metrics.columns import TABLES as METRICS_TABLES
from chatwoot_assets.metrics.compute import MetricRules, add_up
from chatwoot_assets.metrics.conversation_batch import Selection
from chatwoot_assets.refresh.batches import Rows, add_sums, make_batch, make_rows_by_conversation
from chatwoot_assets.refresh.replace import CONVERSATION_COLUMNS, LoadedDay, RowCounts, add_conversations
from chatwoot_assets.warehouse.partition_state import DayState, record_loaded

# A double holds whole microseconds exactly up to twice this many seconds (36 years); see `_add_sums`.
_MAX_SECONDS = 2**50 / 1e6


class ChangeDoesNotFitError(Exception):
    """Raised when a change cannot be applied exactly, so that the whole days must be loaded."""


@dataclass(frozen=True)
class ChangeBatch:
    """Changes that are applied in one transaction.

    Attributes:
        days: The days, each with its change; all were read on the same date.
        before: The rows that the changed conversations had.
        after: The rows that they have now.
    """

    days: list[ExtractedDay]
    before: Rows
    after: Rows


def make_change_batch(days: list[ExtractedDay], rules: MetricRules) -> ChangeBatch:
    """Make the rows of the changed conversations, before and after the change.

    Both are made at once, from one batch in which the conversations before the change have other ids: each of some
    hundred expressions has a fixed cost.
    """
    read_on = rules.date(days[0].snapshot_at)
    changes = [day.change for day in days if day.change]
    # The rows before are computed as if they were read today: `can_apply` refuses days for which that matters.
    before = _gather(days, [change.rows_before for change in changes], _BEFORE)
    after = _gather(days, [change.rows for change in changes], 0)
    conversations, messages, csat, events = (
        pl.concat([before[dataset], after[dataset]])
        for dataset in (Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT, Dataset.EVENTS)
    )
    batch = make_batch(conversations, messages, csat, events, rules)
    tables = make_rows_by_conversation(batch, read_on)

    def make(rows_of: Selection) -> Rows:
        by_conversation = {table: rows_of(rows, CONVERSATION_COLUMNS[table]) for table, rows in tables.items()}
        return add_sums(batch.select(rows_of), by_conversation, read_on)

    return ChangeBatch(days, make(_rows_before), make(_rows_after))


# Added to the ids of the conversations before the change.
_BEFORE = 2**62


def _rows_before(rows: pl.DataFrame, id_column: str) -> pl.DataFrame:
    return rows.filter(pl.col(id_column) >= _BEFORE).with_columns(pl.col(id_column) - _BEFORE)


def _rows_after(rows: pl.DataFrame, id_column: str) -> pl.DataFrame:
    return rows.filter(pl.col(id_column) < _BEFORE)


def _gather(
    days: list[ExtractedDay], rows: list[Mapping[Dataset, pl.DataFrame]], added_to_ids: int
) -> dict[Dataset, pl.DataFrame]:
    """Return the rows of all days, with other ids of conversations."""
    of_days = [
        {
            **frames,
            Dataset.CONVERSATIONS: with_day(frames[Dataset.CONVERSATIONS], day.day.date, day.snapshot_at),
        }
        for day, frames in zip(days, rows, strict=True)
    ]
    return {
        dataset: pl.concat(frames[dataset] for frames in of_days).with_columns(
            pl.col(conversation_key(dataset)) + added_to_ids
        )
        for dataset in Dataset
    }


def can_apply(change: ConversationChange, state: DayState | None, definition: str) -> bool:
    """Return whether a day's rows are those before the change.

    A row that is dated later than the day on which it was read counts in backlog_changes on that day; read later, it
    counts later. What the conversations of a day with such rows added to the sums cannot be computed again.
    """
    return (
        state is not None
        and state.definition == definition
        and state.fingerprints == change.fingerprints_before
        and not state.has_future_times
    )


def apply_changes(
    connection: psycopg.Connection,
    batch: ChangeBatch,
    states: Mapping[datetime.date, DayState],
    run_id: str,
) -> list[LoadedDay]:
    """Apply the changes of all days, within the caller's transaction and locks.

    Args:
        connection: A session on the warehouse.
        batch: The changes.
        states: The state of each day, to which its change can be applied.
        run_id: The run, which is recorded with each day.

    Raises:
        ChangeDoesNotFitError: The stored rows are not those before the change.
    """
    dates = [extracted.day.date for extracted in batch.days]
    if any(_count(connection, table, dates) != _recorded(states, table) for table in (*SUMMED, "daily_summary")):
        # Their new counts would hide that rows were deleted or added by hand.
        raise ChangeDoesNotFitError
    before, after = RowCounts(), RowCounts()
    for table in CONVERSATION_COLUMNS:
        before.add(table, batch.before.tables[table])
        after.add(table, batch.after.tables[table])
    _delete_conversations(connection, batch, dates)
    moved = add_conversations(connection, batch.after.tables)
    for table in SUMMED:
        _add_sums(connection, table, batch.before.tables[table], batch.after.tables[table])
    summed_rows = {table: _count(connection, table, dates) for table in SUMMED}
    summed_rows["daily_summary"] = Counter(replace_summary(connection, dates))
    new_states = []
    for extracted in batch.days:
        date = extracted.day.date
        state = states[date]
        new_states.append(
            replace(
                state,
                snapshot_at=extracted.snapshot_at,
                fingerprints=extracted.fingerprints,
                row_counts={
                    **{
                        table: state.row_counts[table] + after.rows[table][date] - before.rows[table][date]
                        for table in CONVERSATION_COLUMNS
                    },
                    **{table: rows[date] for table, rows in summed_rows.items()},
                },
                id_sums={
                    table: total + after.id_sums[table][date] - before.id_sums[table][date]
                    for table, total in state.id_sums.items()
                },
                rated=state.rated + after.rated[date] - before.rated[date],
                has_future_times=date in batch.after.days_with_future_times,
                run_id=run_id,
            )
        )
    record_loaded(connection, new_states)
    return [
        LoadedDay(extracted.day, state.snapshot_at, True, state.row_counts, moved[extracted.day.date])
        for extracted, state in zip(batch.days, new_states, strict=True)
    ]


def _delete_conversations(connection: psycopg.Connection, batch: ChangeBatch, dates: list[datetime.date]) -> None:
    """Delete the rows of the changed conversations from all tables that are not sums."""
    ids = list(chain.from_iterable(day.change.ids for day in batch.days if day.change))
    delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s) AND conversation_date = ANY(%s)")
    for table, column in CONVERSATION_COLUMNS.items():
        statement = delete.format(sql.Identifier(table), sql.Identifier(column))
        if connection.execute(statement, [ids, dates]).rowcount != batch.before.tables[table].height:
            raise ChangeDoesNotFitError


def _add_sums(connection: psycopg.Connection, table: str, before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Add the difference of two sums to a table, and delete the rows that become zero.

    Sums of seconds are added as whole microseconds. Beyond `_MAX_SECONDS` a double does not hold them exactly.
    """
    key = SUMMED[table]
    columns = METRICS_TABLES[table]
    measures = [name for name in columns if name not in key]
    seconds_columns = [name for name in measures if columns[name].type == "double precision"]
    difference = add_up(table, [after, before.with_columns(-pl.col(measures))])
    if difference.is_empty():
        return
    rows = difference.with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()
    added = Jsonb(rows)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL(
        "INSERT INTO {table} AS stored ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s)"
        " ON CONFLICT ({key}) DO UPDATE SET {sums} RETURNING {is_zero}, {is_inexact}"
    ).format(
        table=sql.Identifier(table),
        names=names,
        key=sql.SQL(", ").join(map(sql.Identifier, key)),
        sums=sql.SQL(", ").join(_sum(name, is_seconds=name in seconds_columns) for name in measures),
        is_zero=_all_zero(measures),
        is_inexact=sql.SQL("greatest({}) > {}").format(
            sql.SQL(", ").join(
                [sql.SQL("0"), *(sql.SQL("abs({})").format(sql.Identifier(name)) for name in seconds_columns)]
            ),
            sql.Literal(_MAX_SECONDS),
        ),
    )
    results = connection.execute(statement, [added]).fetchall()
    largest = max((abs(row[name]) for row in rows for name in seconds_columns), default=0.0)
    if largest > _MAX_SECONDS or any(is_inexact for _, is_inexact in results):
        raise ChangeDoesNotFitError
    if any(is_zero for is_zero, _ in results):
        is_same = sql.SQL(" AND ").join(
            sql.SQL("stored.{name} = changed.{name}").format(name=sql.Identifier(name)) for name in key
        )
        connection.execute(
            sql.SQL(
                "DELETE FROM {table} AS stored USING jsonb_populate_recordset(NULL::{table}, %s) AS changed"
                " WHERE {is_same} AND {is_zero}"
            ).format(table=sql.Identifier(table), is_same=is_same, is_zero=_all_zero(measures, "stored.")),
            [added],
        )


def _sum(name: str, *, is_seconds: bool) -> sql.Composed:
    pattern = "{0} = stored.{0} + excluded.{0}"
    if is_seconds:
        pattern = "{0} = (round(stored.{0} * 1e6) + round(excluded.{0} * 1e6)) / 1e6"
    return sql.SQL(pattern).format(sql.Identifier(name))


def _all_zero(measures: list[str], qualifier: str = "stored.") -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("{}{} = 0").format(sql.SQL(qualifier), sql.Identifier(name)) for name in measures
    )


def _count(connection: psycopg.Connection, table: str, dates: list[datetime.date]) -> Counter[datetime.date]:
    query = sql.SQL("SELECT conversation_date, count(*) FROM {} WHERE conversation_date = ANY(%s) GROUP BY 1")
    return Counter(dict(connection.execute(query.format(sql.Identifier(table)), [dates]).fetchall()))


def _recorded(states: Mapping[datetime.date, DayState], table: str) -> Counter[datetime.date]:
    """Return how many rows each day had in a table when it was loaded."""
    return Counter({date: state.row_counts.get(table, 0) for date, state in states.items()})
