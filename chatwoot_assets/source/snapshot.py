"""Consistent, read-only snapshots of Chatwoot's database, one after the other over one connection.

A snapshot is a REPEATABLE READ, READ ONLY transaction with the source's limits; ADBC reads its rows into Arrow. What
is read is decided elsewhere, in `extract/read.py` for example.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import polars as pl
from adbc_driver_manager import Error
from psycopg import sql

from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL
from chatwoot_assets.errors import SourceError, StatementTimeoutError
from chatwoot_assets.postgres import ChatwootDatabase, join_settings, scan_settings
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.source.adbc_connection import LimitedAdbc, connect_adbc
from chatwoot_assets.source.inline_views import InlineViews
from chatwoot_assets.source.releases import missing_views, table_columns_query
from chatwoot_assets.source.tables import check_encoding
from chatwoot_assets.statement_limits import TotalLimit

# Undefined table, column and schema. We read only our own views, so that these must be missing or outdated.
_VIEWS_ARE_MISSING = {"42P01", "42703", "3F000"}
_QUERY_CANCELED = "57014"
COLUMNS_MISSING = "Chatwoot's tables lack a table or column that is read; Chatwoot 3.4 or newer has them"
VIEWS_MISSING = "the remote views are missing or of another version; run: chatwoot-assets views create"


class Snapshot:
    """The source as it was at one instant.

    Attributes:
        taken_at: The instant, by the source's clock, in UTC.
        clock_skew: The source's clock minus this machine's.
    """

    def __init__(
        self,
        connection: LimitedAdbc,
        settings: list[str],
        inline: InlineViews | None = None,
        limit: TotalLimit | None = None,
    ) -> None:
        """Begin the transaction.

        Args:
            connection: A connection whose transaction has not read anything.
            settings: The statements that make the settings of a transaction, including its limits.
            inline: The views that queries bring along; None if they are deployed.
            limit: What everything that is read may take together; None for no such limit.
        """
        self._connection = connection
        self._limit = limit
        self._inline = inline
        self._missing_views: frozenset[str] | None = None
        self._settings = settings
        self._begin()

    @property
    def has_inline_views(self) -> bool:
        """Whether nothing is deployed, and queries bring the views along."""
        return self._inline is not None

    def renew(self) -> None:
        """End the transaction, with its locks and its hold on old row versions, and begin another one.

        Raises:
            SourceError: The connection is lost.
        """
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            self._connection.rollback()
        self._begin()

    def _begin(self) -> None:
        began_at = datetime.datetime.now(datetime.timezone.utc)
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for statement in self._settings:
                self._connection.execute(statement)
        query = sql.SQL("SELECT now() AS taken_at, current_setting('server_encoding') AS encoding")
        taken_at, encoding = self.read(query).row(0)
        check_encoding(encoding)
        self.taken_at: datetime.datetime = taken_at
        self.clock_skew: datetime.timedelta = self.taken_at - began_at

    def read(self, query: sql.Composable, *, whole_tables: bool = False, by_page: bool = False) -> pl.DataFrame:
        """Return all rows of a query.

        Args:
            query: The query, without a semicolon.
            whole_tables: Whether the server may read whole tables if it estimates that to be cheaper, see
                `join_settings`.
            by_page: Whether an index's rows are read page by page; see `scan_settings`.

        Raises:
            StatementTimeoutError: The statement takes longer than the snapshot's limit, or than what is left of the
                limit of everything.
            SourceError: The statement fails or exceeds another limit, or the connection is lost.
        """
        before = _plan_settings(whole_tables=whole_tables, by_page=by_page, is_on=True)
        after = _plan_settings(whole_tables=whole_tables, by_page=by_page, is_on=False)
        text = self._with_views(query.as_string())
        if self._limit:
            self._check_limit(self._limit)
            before += self._limit.settings
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            try:
                for statement in before:
                    self._connection.execute(statement)
                # The driver wraps it in COPY (…) TO STDOUT, where a semicolon is an error; `compose` removes it.
                frame = self._connection.read(text)
                for statement in after:
                    self._connection.execute(statement)
            except Error as error:
                if error.sqlstate in _VIEWS_ARE_MISSING:
                    raise SourceError(COLUMNS_MISSING if self._inline else VIEWS_MISSING) from None
                if error.sqlstate == _QUERY_CANCELED:
                    if self._limit:
                        self._check_limit(self._limit)
                    with translate_errors(StatementTimeoutError, CHATWOOT_DATABASE_URL):
                        raise
                raise
        return frame

    @staticmethod
    def _check_limit(limit: TotalLimit) -> None:
        if limit.is_over:
            raise StatementTimeoutError(f"reading from {CHATWOOT_DATABASE_URL} takes {limit}") from None

    def _with_views(self, query: str) -> str:
        if self._inline is None or not self._inline.are_read_by(query):
            return query
        if self._missing_views is None:
            self._missing_views = frozenset(missing_views(self.read(table_columns_query()).iter_rows()))
        return self._inline.put_into(query, self._missing_views)


def _plan_settings(*, whole_tables: bool, by_page: bool, is_on: bool) -> list[str]:
    """Return the statements that allow whole tables and reading by page, or undo that."""
    statements = join_settings(whole_tables=is_on) if whole_tables else []
    return [*statements, *(scan_settings(by_page=is_on) if by_page else [])]


@contextmanager
def snapshot(source: ChatwootDatabase, *, seconds: float | None = None) -> Iterator[Snapshot]:
    """Open a snapshot; the snapshot and its connection end with the block.

    Args:
        source: The database, whose limits apply to each statement.
        seconds: What connecting and all statements may take together; None for no such limit.

    Raises:
        SourceError: The database cannot be reached, or refuses the connection.
    """
    limit = TotalLimit(seconds, source.statement_timeout_seconds) if seconds is not None else None
    with ExitStack() as stack:
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            connection = stack.enter_context(connect_adbc(source.resolved_url(), source.statement_timeout_seconds))
        inline = None
        if source.inline_timezone:
            inline = InlineViews(source.view_options(source.inline_timezone))
        yield Snapshot(connection, source.transaction_settings(), inline, limit)
