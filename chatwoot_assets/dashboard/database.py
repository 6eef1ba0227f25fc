"""The dashboard's sessions on the local database: few, kept open, and closed to writes.

Not a library's pool: that answers a server which is down with a timeout that does not say why, keeps threads of its
own, and would have to be told when the embedded server comes back at another time. What is needed is a few idle
connections, a limit on their number, and one more try where an idle one has died. A connection that failed is never
kept. The limits are set for each transaction, as elsewhere: a session's own settings do not survive PgBouncer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import psycopg

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import APPLICATION_NAME, CONNECT_TIMEOUT_SECONDS
from chatwoot_assets.postgres_errors import translated

MOST_SESSIONS = 4  # at once, whatever the number of viewers; a page's queries take some milliseconds

# Percentiles of a year's rows are sorted in memory; and what a page reads lies there too, or on a disk without arms:
# PostgreSQL's default would have it read all facts for the labels of a month's.
_LIMITS = """
SET LOCAL statement_timeout = '10s';
SET LOCAL lock_timeout = '2s';
SET LOCAL idle_in_transaction_session_timeout = '30s';
SET LOCAL timezone = 'UTC';
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
SET LOCAL random_page_cost = 1.1
"""

Result = TypeVar("Result")


class ReadOnlyPool:
    """Read-only sessions on the local database.

    Args:
        url: returns the URL to connect to; asked anew for each connection, since it starts the embedded server
            where that is meant and is not running.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._idle: list[psycopg.Connection] = []
        self._free = threading.BoundedSemaphore(MOST_SESSIONS)

    def read(self, work: Callable[[psycopg.Connection], Result]) -> Result:
        """Return what `work` reads in one transaction.

        Raises:
            AnalyticsError: the database cannot be reached, or refuses.
        """
        with self._free, translated(WarehouseError, ANALYTICS_DATABASE_URL):
            while True:
                idle = self._take_idle()
                connection = idle or self._connect()
                try:
                    with connection.transaction():
                        connection.execute(_LIMITS)
                        result = work(connection)
                except BaseException as error:
                    # One that lay idle while the server was restarted says nothing of the server.
                    is_stale = isinstance(error, psycopg.OperationalError) and connection is idle and connection.broken
                    connection.close()
                    if not is_stale:
                        raise
                else:
                    self._idle.append(connection)
                    return result

    def close(self) -> None:
        """Close what is open and not in use."""
        while connection := self._take_idle():
            connection.close()

    def _take_idle(self) -> psycopg.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> psycopg.Connection:
        connection = psycopg.connect(
            self._url(),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=f"{APPLICATION_NAME} dashboard",
            # A prepared statement does not survive PgBouncer's transaction pooling.
            prepare_threshold=None,
        )
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection
