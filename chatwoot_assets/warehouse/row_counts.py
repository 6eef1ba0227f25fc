"""The number of rows that days have in each table, and the days whose rows somebody deleted or added by hand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

import psycopg

from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.partition_state import DayState, read_states

# How many days one statement counts: few enough for the index.
_DAYS_PER_STATEMENT = 100


def find_damaged_days(
    connection: psycopg.Connection, dates: Iterable[datetime.date] | None = None
) -> set[datetime.date]:
    """Return the loaded days that have more or fewer rows in some table, or rows with other ids, than were loaded.

    Args:
        connection: A session on the warehouse.
        dates: The days to look at; None for all.
    """
    states = read_states(connection, dates)
    # An earlier version may have loaded a day without counting its rows.
    counted = [state for state in states.values() if state.row_counts]
    damaged = set()
    for start in range(0, len(counted), _DAYS_PER_STATEMENT):
        damaged |= _find_damaged(connection, counted[start : start + _DAYS_PER_STATEMENT])
    return damaged


def _find_damaged(connection: psycopg.Connection, states: list[DayState]) -> set[datetime.date]:
    query = compose(sql_path("warehouse", "row_counts.sql"), days=[state.date for state in states])
    row_counts: dict[datetime.date, dict[str, int]] = defaultdict(dict)
    id_sums: dict[datetime.date, dict[str, int]] = defaultdict(dict)
    for date, table, rows, id_sum in connection.execute(query).fetchall():
        row_counts[date][table] = rows
        if id_sum is not None:
            id_sums[date][table] = int(id_sum)
    return {
        state.date
        for state in states
        if any(row_counts[state.date].get(table, 0) != rows for table, rows in state.row_counts.items())
        or any(id_sums[state.date].get(table, 0) != total for table, total in state.id_sums.items())
    }
