"""Connections of the dashboard to the warehouse: few, kept open, and read-only.

This is not a library's pool. Such a pool reports a server that is down as a timeout, without the reason. It keeps
threads of its own, and does not notice when the embedded server comes back on another socket. The dashboard needs only
a few idle connections, a limit on their number, and one retry after an idle connection died. A connection that failed
is closed. The session's settings are made in each transaction, as elsewhere in this project, because they would not
survive PgBouncer's transaction pooling.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import psycopg

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import APPLICATION_NAME, SESSION_SETTINGS, connect, settings_statement
from chatwoot_assets.postgres_errors import translate_errors

_STATEMENT_SECONDS = 10
MAX_CONNECTIONS = 4  # for all viewers together; the queries of a page take some milliseconds

# A year's rows are sorted in memory for their percentiles. random_page_cost: the rows of a page are in memory or on an
# SSD; with PostgreSQL's default the planner would read all facts to find one label in a month's.
_SETTINGS = settings_statement(
    {
        **SESSION_SETTINGS,
        "application_name": f"{APPLICATION_NAME} dashboard",
        "statement_timeout": f"{_STATEMENT_SECONDS}s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "30s",
        "jit": "off",
        "work_mem": "64MB",
        "random_page_cost": "1.1",
    },
    local=True,
)

Result = TypeVar("Result")


class ReadOnlyPool:
    """A pool of read-only connections to the warehouse.

    Args:
        url: Returns the URL of the warehouse. It is called for each new connection, because it starts the embedded
            server if that is configured and not running.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._idle: list[psycopg.Connection] = []
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)

    def read(self, work: Callable[[psycopg.Connection], Result]) -> Result:
        """Run `work` in a read-only transaction and return its result.

        Raises:
            WarehouseError: The database cannot be reached, or rejects a statement.
        """
        with self._free, translate_errors(WarehouseError, ANALYTICS_DATABASE_URL):
            while True:
                idle = self._take_idle()
                connection = idle or self._connect()
                try:
                    with connection.transaction():
                        connection.execute(_SETTINGS)
                        result = work(connection)
                except BaseException as error:
                    # A connection that was idle during a restart of the server proves nothing about the server.
                    is_stale = isinstance(error, psycopg.OperationalError) and connection is idle and connection.broken
                    connection.close()
                    if not is_stale:
                        raise
                else:
                    self._idle.append(connection)
                    return result

    def close(self) -> None:
        """Close the idle connections."""
        while connection := self._take_idle():
            connection.close()

    def _take_idle(self) -> psycopg.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> psycopg.Connection:
        connection = connect(
            self._url(),
            application_name=f"{APPLICATION_NAME} dashboard",
            server=ANALYTICS_DATABASE_URL,
            statement_seconds=_STATEMENT_SECONDS,
        )
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection
