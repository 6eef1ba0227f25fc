"""The advisory locks that sessions on the warehouse take, and what the number of each means.

An advisory lock is a number that means what the programs that use it agree on. Ours are held until the end of the
transaction that takes them, and they are known to one database only:

- `MIGRATION`: the schema is being upgraded.
- `COMPARISON`: a full comparison is going on. Only this one is held by a session, until it ends.
- `DAY` and the number of a day since 0001-01-01: rows of that day are being replaced, in any table.
"""

from __future__ import annotations

import datetime

import psycopg
from psycopg import sql

# Arbitrary numbers, in the hope that no other program that uses the database has chosen the same.
MIGRATION = 0x63686174
DAY = 0x63776179
COMPARISON = 0x63776370


def lock_schema(connection: psycopg.Connection) -> None:
    """Wait until no other transaction upgrades the schema."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION])


def try_lock_comparison(connection: psycopg.Connection) -> bool:
    """Return whether no other session compares everything; then this one has the lock until it ends."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [COMPARISON]).fetchone()
    return row == (True,)


def unlock_comparison(connection: psycopg.Connection) -> None:
    """Release the lock of `try_lock_comparison`; a session that was lost has released it."""
    if not connection.closed:
        connection.execute("SELECT pg_advisory_unlock(%s)", [COMPARISON])


def lock_days(connection: psycopg.Connection, dates: list[datetime.date]) -> None:
    """Wait until no other transaction replaces one of the days.

    Days are locked in order, so that two transactions never wait for each other.
    """
    for date in sorted(dates):
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DAY, date.toordinal()])


def lock_days_of_conversations(connection: psycopg.Connection, table: str, column: str, ids: list[int]) -> None:
    """Wait until no other transaction replaces a day to which a table's rows of some conversations belong.

    Call it before deleting these rows. A transaction that deleted them first and locked their day then could wait for
    ever: the other one has the lock and waits for the rows. After a change of REPORTING_TIMEZONE every batch of days
    takes rows from the next batch, which is replaced at the same time.

    Args:
        connection: A session, in a transaction.
        table: The table.
        column: Its column of conversation ids.
        ids: The conversations.
    """
    query = sql.SQL("SELECT DISTINCT conversation_date FROM {} WHERE {} = ANY(%s)")
    rows = connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [ids]).fetchall()
    lock_days(connection, [date for (date,) in rows])
