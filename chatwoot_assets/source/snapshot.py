"""One consistent, read-only look at Chatwoot's database, over one connection.

A REPEATABLE READ, READ ONLY transaction with the source's limits, read by ADBC straight into Arrow.
Which rows are asked for is in `read.py`.

By ADBC's classes and not by its DB-API, which does no more with them, but imports pandas with pyarrow's data sets:
60 MB and nearly half a second of every process.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import adbc_driver_postgresql
import polars as pl
from adbc_driver_manager import AdbcConnection, AdbcStatement, Error
from adbc_driver_manager._lib import _blocking_call
from adbc_driver_manager._reader import AdbcRecordBatchReader
from psycopg import sql

from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import CONNECT_TIMEOUT_SECONDS, ChatwootDatabase, joins
from chatwoot_assets.postgres_errors import translated

# Undefined table, column and schema: everything that is read is a view of ours.
_VIEWS_ARE_NOT_THERE = {"42P01", "42703", "3F000"}
VIEWS_MISSING = "the remote views are missing or of another version; run: chatwoot-assets views create"


class Snapshot:
    """The source as it was at one instant.

    Attributes:
        taken_at: that instant, by the source's clock, in UTC.
    """

    def __init__(self, connection: AdbcConnection) -> None:
        self._connection = connection
        taken_at = self.read(sql.SQL("SELECT now() AS taken_at"))["taken_at"][0]
        assert isinstance(taken_at, datetime.datetime)
        self.taken_at = taken_at

    def read(self, query: sql.Composable, *, whole_tables: bool = False) -> pl.DataFrame:
        """Return all rows of a query.

        Args:
            query: the query, without a semicolon.
            whole_tables: let the server read whole tables where it finds that cheaper; see `limits`.

        Raises:
            SourceError: the statement fails, runs into a limit, or the connection is lost.
        """
        with translated(SourceError, CHATWOOT_DATABASE_URL):
            try:
                for statement in joins(whole_tables=True) if whole_tables else ():
                    _execute(self._connection, statement)
                # The driver wraps it in COPY (…) TO STDOUT, where a semicolon, which `compose` leaves off, is an error.
                frame = _rows(self._connection, query.as_string())
                for statement in joins(whole_tables=False) if whole_tables else ():
                    _execute(self._connection, statement)
            except Error as error:
                if error.sqlstate in _VIEWS_ARE_NOT_THERE:
                    raise SourceError(VIEWS_MISSING) from None
                raise
        return frame


def _execute(connection: AdbcConnection, statement: str) -> None:
    with AdbcStatement(connection) as prepared:
        prepared.set_sql_query(statement)
        prepared.execute_update()


def _rows(connection: AdbcConnection, query: str) -> pl.DataFrame:
    with AdbcStatement(connection) as prepared:
        prepared.set_sql_query(query)
        # Interruptible; and by a reader that tells PostgreSQL's errors, which come while it is read.
        stream, _ = _blocking_call(prepared.execute_query, (), {}, prepared.cancel)
        reader = AdbcRecordBatchReader._import_from_c(stream.address)
        frame = pl.from_arrow(_blocking_call(reader.read_all, (), {}, prepared.cancel))
    assert isinstance(frame, pl.DataFrame)
    return frame


@contextmanager
def snapshot(source: ChatwootDatabase) -> Iterator[Snapshot]:
    """Open a snapshot; it ends, and its connection with it, when the block does.

    Raises:
        SourceError: the database cannot be reached, or refuses.
    """
    with ExitStack() as stack:
        with translated(SourceError, CHATWOOT_DATABASE_URL):
            database = stack.enter_context(adbc_driver_postgresql.connect(_with_timeout(source.resolved_url())))
            connection = stack.enter_context(AdbcConnection(database))
            connection.set_autocommit(False)
            _execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for statement in source.limits():
                _execute(connection, statement)
        yield Snapshot(connection)


def _with_timeout(url: str) -> str:
    if "connect_timeout=" in url:
        return url
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{separator}connect_timeout={CONNECT_TIMEOUT_SECONDS}"
