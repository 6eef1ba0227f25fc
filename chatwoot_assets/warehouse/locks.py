"""The advisory locks that sessions on the warehouse take, and the meaning of each number.

PostgreSQL does not know what an advisory lock protects: that is agreed here. Locks belong to one database.

- `MIGRATION`: the schema is being upgraded. Held until the end of the transaction.
- `COMPARISON`: a full comparison is running. Held until the end of the session.
- `DAY` and the number of a day since 0001-01-01: rows of that day are being replaced, in any table. Held until the end
  of the transaction.
"""

from __future__ import annotations

import datetime

import psycopg
from psycopg import sql

# Arbitrary numbers that other programs on the same database are unlikely to use.
MIGRATION = 0x63686174
DAY = 0x63776179
COMPARISON = 0x63776370


def lock_schema(connection: psycopg.Connection) -> None:
    """Wait until no other transaction upgrades the schema."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION])


def try_lock_comparison(connection: psycopg.Connection) -> bool:
    """Take the lock of a full comparison for this session; return False if another session has it."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [COMPARISON]).fetchone()
    return row == (True,)


def unlock_comparison(connection: psycopg.Connection) -> None:
    """Release the lock of `try_lock_comparison`; the end of a session has released it already."""
    if not connection.closed:
        connection.execute("SELECT pg_advisory_unlock(%s)", [COMPARISON])


def lock_days(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Wait until no other transaction replaces one of the days.

    Days are locked in order, so that two transactions never wait for each other.
    """
    for date in sorted(dates):
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DAY, date.toordinal()])


def lock_days_of_rows(connection: psycopg.Connection, table: str, column: str, ids: list[int]) -> None:
    """Wait until no other transaction replaces a day to which some rows of a table belong.

    Call it before deleting these rows. A transaction that first deletes them and then locks their day causes a deadlock
    if another one has the lock and waits for the rows. After a change of REPORTING_TIMEZONE every batch of days takes
    rows from the next batch, which is replaced at the same time.

    Args:
        connection: A session, in a transaction.
        table: The table, which has a conversation_date.
        column: A column of ids.
        ids: The rows' values in this column.
    """
    query = sql.SQL("SELECT DISTINCT conversation_date FROM {} WHERE {} = ANY(%s)")
    rows = connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [ids]).fetchall()
    lock_days(connection, [date for (date,) in rows])
