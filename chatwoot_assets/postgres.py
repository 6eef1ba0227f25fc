"""The two databases: sessions with their limits, and their errors in one line.

What is asked in a session is not here: `source/` and `extract/` read Chatwoot, `analytics/` keeps the
local tables. A session is opened with no start-up options, which PgBouncer refuses; its limits are set
by statements at the head of its transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL, database_url, validated_url
from chatwoot_assets.errors import SettingsError, SourceError, WarehouseError
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.settings_files import home_directory

APPLICATION_NAME = "chatwoot_assets"
CONNECT_TIMEOUT_SECONDS = 10


def embedded_url(database: str) -> str:
    """Return the URL of a database on the embedded server, starting the server where needed."""
    return embedded.start(home_directory() / "postgres").url(database)


def _url_from_settings(variable: str) -> str:
    url = database_url(variable)
    if url is None:  # never fall back to the embedded server: the data are elsewhere
        raise SettingsError(f"{variable} was set when this process started, and is not any more; set it again")
    return url


@dataclass(frozen=True)
class ChatwootDatabase:
    """Chatwoot's PostgreSQL, or a replica of it: the source.

    Attributes:
        url: libpq URL; empty for the sample database on the embedded server.
        views_schema: the schema that holds the remote views.
        statement_timeout_seconds: the server ends a statement of ours that takes longer.
        lock_timeout_seconds: we give up rather than wait longer for a lock, and rather than make
            Chatwoot's own sessions wait behind us.
        url_from_settings: Whether CHATWOOT_DATABASE_URL gives the URL, read when a session opens.
    """

    url: str = ""
    views_schema: str = "chatwoot_analytics"
    statement_timeout_seconds: int = 300
    lock_timeout_seconds: int = 5
    url_from_settings: bool = False

    def resolved_url(self) -> str:
        """Return the URL to connect to."""
        if self.url_from_settings:
            return _url_from_settings(CHATWOOT_DATABASE_URL)
        return validated_url(CHATWOOT_DATABASE_URL, self.url) if self.url else embedded_url(embedded.SAMPLE_DATABASE)

    def limits(self) -> list[str]:
        """Return the statements that put this session's limits in force for one transaction."""
        values = {
            "statement_timeout": f"{self.statement_timeout_seconds}s",
            "lock_timeout": f"{self.lock_timeout_seconds}s",
            # Our own side writes Parquet between two statements; a stalled one must not hold a snapshot.
            "idle_in_transaction_session_timeout": "120s",
            "application_name": APPLICATION_NAME,
            "timezone": "UTC",
            # One core of production's is enough for us.
            "max_parallel_workers_per_gather": "0",
            # Compiling a plan costs more than it saves on what we ask.
            "jit": "off",
        }
        return [
            sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value)).as_string()
            for name, value in values.items()
        ] + joins(whole_tables=False)

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        """Open a session for statements that may write (the views), in one transaction.

        Raises:
            SourceError: the database cannot be reached, or refuses.
        """
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            with _connect(self.resolved_url()) as connection, connection.transaction():
                for statement in self.limits():
                    connection.execute(statement)
                yield connection


# Where the server has lz4, messages are loaded in a quarter less time than with its default.
_FASTEST_COMPRESSION = """
SELECT set_config(name, 'lz4', false) FROM pg_settings
WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
"""

# The keys of the warehouses whose schema was found to be current, or was made so, since their last error.
current_warehouses: set[str] = set()


@dataclass(frozen=True)
class Warehouse:
    """The local analytics PostgreSQL: the target.

    Attributes:
        url: libpq URL; empty for a database on the embedded server.
        url_from_settings: Whether ANALYTICS_DATABASE_URL gives the URL, read when a session opens.
    """

    url: str = ""
    url_from_settings: bool = False

    def resolved_url(self) -> str:
        """Return the URL to connect to."""
        if self.url_from_settings:
            return _url_from_settings(ANALYTICS_DATABASE_URL)
        return (
            validated_url(ANALYTICS_DATABASE_URL, self.url) if self.url else embedded_url(embedded.ANALYTICS_DATABASE)
        )

    @property
    def key(self) -> str:
        """What tells this database from others within a process, without starting a server."""
        return self.url or str(home_directory())

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Open a session; transactions are the caller's.

        Raises:
            AnalyticsError: the database cannot be reached, or refuses.
        """
        with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL):
            try:
                with _connect(self.resolved_url(), autocommit=True) as connection:
                    connection.execute("SET timezone = 'UTC'")
                    connection.execute(_FASTEST_COMPRESSION)
                    yield connection
            except psycopg.Error:
                # The database may have been replaced: `migrate` is to look at it again.
                current_warehouses.discard(self.key)
                raise


def joins(*, whole_tables: bool) -> list[str]:
    """Return the statements that say, for the rest of a transaction, how tables may be joined.

    Of some days, messages and names are looked up by index, whatever the statistics say of a large day: a
    hash or merge join would read a whole table for it, and more of it every year. Of all days at once that
    is the cheaper way.
    """
    value = "on" if whole_tables else "off"
    statements = [f"SET LOCAL {name} = {value}" for name in ("enable_hashjoin", "enable_mergejoin")]
    # Days are few, which the planner cannot know: it would sort all rows to group them by day.
    statements.append(f"SET LOCAL enable_sort = {'off' if whole_tables else 'on'}")
    size = "'32MB'" if whole_tables else "DEFAULT"
    # So that the conversations' hash table, some 15 MB of 200,000, is not spilled to the server's disk.
    return [*statements, f"SET LOCAL work_mem = {size}"]


def _connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    return psycopg.connect(
        url,
        autocommit=autocommit,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        application_name=APPLICATION_NAME,
        # A prepared statement does not survive PgBouncer's transaction pooling.
        prepare_threshold=None,
    )
