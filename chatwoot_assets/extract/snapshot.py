"""One consistent, read-only look at Chatwoot's database, over one connection.

A REPEATABLE READ, READ ONLY transaction with the source's limits, read by ADBC straight into Arrow.
Which rows are asked for is in `read.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_postgresql.dbapi as adbc
import polars as pl
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import CONNECT_TIMEOUT_SECONDS, ChatwootDatabase, joins
from chatwoot_assets.postgres_errors import translated
from chatwoot_assets.settings import CHATWOOT_DATABASE_URL

# Undefined table, column and schema: everything that is read is a view of ours.
_VIEWS_ARE_NOT_THERE = {"42P01", "42703", "3F000"}


class Snapshot:
    """The source as it was at one instant.

    Attributes:
        taken_at: that instant, by the source's clock, in UTC.
    """

    def __init__(self, connection: adbc.Connection) -> None:
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
        with translated(SourceError, CHATWOOT_DATABASE_URL), self._connection.cursor() as cursor:
            try:
                for statement in joins(whole_tables=True) if whole_tables else ():
                    cursor.execute(statement)
                # The driver wraps it in COPY (…) TO STDOUT, where a semicolon, which `compose` leaves off, is an error.
                cursor.execute(query.as_string())
                frame = pl.from_arrow(cursor.fetch_arrow_table())
                for statement in joins(whole_tables=False) if whole_tables else ():
                    cursor.execute(statement)
            except adbc.Error as error:
                if error.sqlstate in _VIEWS_ARE_NOT_THERE:
                    raise SourceError(
                        "the remote views are missing or of another version; run: chatwoot-assets views create"
                    ) from None
                raise
        assert isinstance(frame, pl.DataFrame)
        return frame


@contextmanager
def snapshot(source: ChatwootDatabase) -> Iterator[Snapshot]:
    """Open a snapshot; it ends, and its connection with it, when the block does.

    Raises:
        SourceError: the database cannot be reached, or refuses.
    """
    with translated(SourceError, CHATWOOT_DATABASE_URL):
        connection = adbc.connect(_with_timeout(source.resolved_url()), autocommit=False)
    try:
        with translated(SourceError, CHATWOOT_DATABASE_URL), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for statement in source.limits():
                cursor.execute(statement)
        yield Snapshot(connection)
    finally:
        connection.close()


def _with_timeout(url: str) -> str:
    if "connect_timeout=" in url:
        return url
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{separator}connect_timeout={CONNECT_TIMEOUT_SECONDS}"
