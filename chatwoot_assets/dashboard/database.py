"""Connections of the dashboard to the warehouse: few, kept open, and read-only.

If people log in, each transaction states what its viewer may see, and PostgreSQL applies it: see
`sql/dashboard/viewers.sql`. Viewers select values and never write SQL, so nobody but this module makes that statement.

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
from chatwoot_assets.viewer_rules import Access

_STATEMENT_SECONDS = 10
MAX_CONNECTIONS = 4  # for all viewers together; the queries of a page take some milliseconds

# A year's rows are sorted in memory for their percentiles. random_page_cost: the rows of a page are in memory or on an
# SSD; with PostgreSQL's default the planner would read all facts to find one label in a month's.
_SETTINGS = {
    **SESSION_SETTINGS,
    "application_name": f"{APPLICATION_NAME} dashboard",
    "statement_timeout": f"{_STATEMENT_SECONDS}s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
    "work_mem": "64MB",
    "random_page_cost": "1.1",
}

# Nobody's access: no account.
NO_ACCESS = Access(accounts=(), has_contents=False)

# What the session's role can read although no policy of the present sql/dashboard/viewers.sql restricts it. Those that
# are left out have no accounts; dates and counts of days are shown to those who see everything only.
_UNRESTRICTED = """
SELECT c.relname
FROM pg_class AS c
WHERE
    c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND has_any_column_privilege(c.oid, 'SELECT')
    AND NOT CASE
        WHEN c.relkind IN ('r', 'p') THEN row_security_active(c.oid) AND EXISTS (
            SELECT FROM pg_policy AS p
            WHERE
                p.polrelid = c.oid AND NOT p.polpermissive
                AND pg_get_expr(p.polqual, p.polrelid) LIKE '%chatwoot_assets.teams%'
                AND EXISTS (SELECT FROM unnest(p.polroles) AS r (oid) WHERE pg_has_role(nullif(r.oid, 0), 'USAGE'))
        )
        ELSE coalesce('security_invoker=true' = ANY (c.reloptions), FALSE)
    END
    AND c.relname <> ALL (ARRAY['partition_state', 'source_comparison', 'differing_day'])
ORDER BY c.relname
LIMIT 1
"""

# Sessions refuse rows of which a policy may hide some. The policies of sql/dashboard/viewers.sql hide none from other
# roles than the dashboard's: then they are let through.
_ALLOW_POLICIES_THAT_HIDE_NOTHING = """
SELECT set_config('row_security', 'on', true)
WHERE EXISTS (SELECT 1 FROM pg_policy)
    AND NOT EXISTS (
        SELECT 1
        FROM pg_class AS c
        LEFT JOIN pg_policy AS p ON p.polrelid = c.oid AND p.polcmd IN ('*', 'r')
        WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
        GROUP BY c.oid
        HAVING
            bool_or(
                NOT p.polpermissive
                AND EXISTS (
                    SELECT 1 FROM unnest(p.polroles) AS r (oid)
                    WHERE r.oid = 0 OR pg_has_role(nullif(r.oid, 0), 'MEMBER')
                )
            )
            OR NOT coalesce(
                bool_or(
                    p.polpermissive AND 0 = ANY (p.polroles) AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                ), FALSE
            )
    )
"""

Result = TypeVar("Result")


def allow_policies_that_hide_nothing(connection: psycopg.Connection) -> None:
    """Let a transaction read tables with policies, if none of these hides a row from the session's role."""
    connection.execute(_ALLOW_POLICIES_THAT_HIDE_NOTHING)


def check_row_security(connection: psycopg.Connection) -> None:
    """Refuse a session that could read more than its viewer may see.

    Raises:
        WarehouseError: The session's role owns the tables, or a table that it can read has no policy for it.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('row_security', 'on', true)")
        row = connection.execute(_UNRESTRICTED).fetchone()
    if row is not None:
        raise WarehouseError(
            f"the dashboard's role can read every account's rows of {row[0]}; with a login, ANALYTICS_DATABASE_URL must"
            " be that of a role made by sql/dashboard/role.sql, grants.sql and viewers.sql, and they are run again"
            " after each upgrade: see docs/dashboard.md"
        )


class ReadOnlyPool:
    """A pool of read-only connections to the warehouse.

    Args:
        url: Returns the URL of the warehouse. It is called for each new connection, because it starts the embedded
            server if that is configured and not running.
        access: What the transactions may see; None if nobody logs in, and everybody sees everything.
    """

    def __init__(self, url: Callable[[], str], access: Access | None = None) -> None:
        self._url = url
        self.access = access
        self._idle: list[psycopg.Connection] = []
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._closed = threading.Event()

    def restricted_to(self, access: Access) -> ReadOnlyPool:
        """Return a pool of the same connections whose transactions see what a viewer may see."""
        pool = ReadOnlyPool(self._url, access)
        pool._idle, pool._free, pool._closed = self._idle, self._free, self._closed
        return pool

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
                        connection.execute(settings_statement(_SETTINGS, local=True))
                        self.restrict(connection)
                        result = work(connection)
                except BaseException as error:
                    # A connection that was idle during a restart of the server proves nothing about the server.
                    is_stale = isinstance(error, psycopg.OperationalError) and connection is idle and connection.broken
                    connection.close()
                    if not is_stale:
                        raise
                else:
                    self._idle.append(connection)
                    if self._closed.is_set():
                        self.close()
                    return result

    def restrict(self, connection: psycopg.Connection) -> None:
        """Restrict the transaction of a connection to what the viewer may see, if people log in."""
        if self.access is None:
            allow_policies_that_hide_nothing(connection)
            return
        settings = {
            "row_security": "on",
            "chatwoot_assets.accounts": self.access.accounts_text,
            "chatwoot_assets.teams": self.access.teams_text,
        }
        connection.execute(settings_statement(settings, local=True))
        if not self.access.has_contents:
            # A role that sees no contents and that the session's role may become: see viewers.sql.
            connection.execute("SELECT set_config('role', current_user || '_no_contents', true)")

    def close(self) -> None:
        """Close the idle connections now, and those of reads that are under way when these end."""
        self._closed.set()
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
        if self.access is not None:
            try:
                check_row_security(connection)
            except BaseException:
                connection.close()
                raise
        return connection
