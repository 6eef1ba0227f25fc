"""The two databases: how their sessions are opened, with which settings and limits.

What is read and written in a session is not here: `source/` and `extract/` read Chatwoot, `warehouse/` and the packages
above it read and write the warehouse. A session inherits no setting that it relies on from its role, its database or
the environment: it makes its settings first. It has no start-up options, because PgBouncer refuses them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from chatwoot_assets.connection_errors import explain_failed_connection
from chatwoot_assets.database_urls import (
    ANALYTICS_DATABASE_URL,
    CHATWOOT_DATABASE_URL,
    DAGSTER_POSTGRES_URL,
    database_url,
    embedded_is_allowed,
    explicit_url,
    missing_url_error,
    validated_url,
)
from chatwoot_assets.errors import SettingsError, SourceError, WarehouseError
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.settings_files import home_directory
from chatwoot_assets.sockets import connecting
from chatwoot_assets.statement_limits import LimitedConnection
from chatwoot_assets.view_options import ViewOptions

APPLICATION_NAME = "chatwoot_assets"

# What every session on either database relies on.
SESSION_SETTINGS = {
    "application_name": APPLICATION_NAME,
    "client_encoding": "UTF8",
    "datestyle": "ISO, YMD",
    "extra_float_digits": "1",
    # Rows that a policy hides must be an error: otherwise nobody would notice that they are missing.
    "row_security": "off",
    "search_path": "public",
    "timezone": "UTC",
}


# The variable that gives the URL of another database instead of each embedded one.
_VARIABLES = {
    embedded.SAMPLE_DATABASE: CHATWOOT_DATABASE_URL,
    embedded.ANALYTICS_DATABASE: ANALYTICS_DATABASE_URL,
    embedded.DAGSTER_DATABASE: DAGSTER_POSTGRES_URL,
}


def embedded_url(database: str) -> str:
    """Return the URL of a database on the embedded server, starting the server where needed.

    Raises:
        SettingsError: CHATWOOT_ASSETS_EMBEDDED is off.
    """
    if not embedded_is_allowed():
        raise missing_url_error(_VARIABLES[database])
    return embedded.start(home_directory() / "postgres").url(database)


def settings_statement(settings: Mapping[str, str], *, local: bool) -> sql.Composed:
    """Return one statement that makes settings, for the transaction if `local`, otherwise for the session."""
    calls = [sql.SQL("set_config({}, {}, {})").format(name, value, local) for name, value in settings.items()]
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))


def _url_from_settings(variable: str) -> str:
    """Return the URL that the settings give now."""
    url = database_url(variable)
    if url is None:  # never fall back to the embedded server: the data are elsewhere
        raise SettingsError(f"{variable} was set when this process started, and is not any more; set it again")
    return url


@dataclass(frozen=True)
class ChatwootDatabase:
    """Chatwoot's PostgreSQL, or a replica of it: the source.

    Attributes:
        url: The libpq URL; empty for the sample database on the embedded server.
        views_schema: The schema that holds the remote views.
        custom_attributes: The attributes that the views must allow, as in `Settings`.
        mask: What the views must mask.
        inline_timezone: The reporting time zone if queries bring the views along, so that nothing is created in
            Chatwoot's database; empty if the views are deployed.
        statement_timeout_seconds: The time after which the server ends one of our statements.
        lock_timeout_seconds: The time after which we stop waiting for a lock: Chatwoot's own sessions queue behind us.
        url_from_settings: Whether CHATWOOT_DATABASE_URL gives the URL, read when a session opens.
    """

    url: str = ""
    views_schema: str = "chatwoot_analytics"
    custom_attributes: str = ""
    mask: Mask = NO_MASK
    inline_timezone: str = ""
    statement_timeout_seconds: int = 300
    lock_timeout_seconds: int = 5
    url_from_settings: bool = False

    def view_options(self, timezone: str) -> ViewOptions:
        """Return what the views' SQL depends on.

        Args:
            timezone: The IANA name of the reporting time zone.
        """
        return ViewOptions(self.views_schema, timezone, self.custom_attributes, self.mask)

    def resolved_url(self) -> str:
        """Return the URL to connect to."""
        if self.url_from_settings:
            return _url_from_settings(CHATWOOT_DATABASE_URL)
        return validated_url(CHATWOOT_DATABASE_URL, self.url) if self.url else embedded_url(embedded.SAMPLE_DATABASE)

    def transaction_settings(self) -> list[str]:
        """Return the statements that make the settings of one transaction, including its limits."""
        settings = {
            **SESSION_SETTINGS,
            "statement_timeout": f"{self.statement_timeout_seconds}s",
            "lock_timeout": f"{self.lock_timeout_seconds}s",
            # We write Parquet files between two statements. If that hangs, the snapshot must not stay open.
            "idle_in_transaction_session_timeout": "120s",
            # We use one of production's cores at a time.
            "max_parallel_workers_per_gather": "0",
            # Compiling our queries costs more than it saves.
            "jit": "off",
        }
        return [settings_statement(settings, local=True).as_string(), *join_settings(whole_tables=False)]

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection]:
        """Open a session for statements that may write (the views), in one transaction.

        Raises:
            SourceError: The database cannot be reached, or refuses the connection or a statement.
        """
        with translate_errors(SourceError, CHATWOOT_DATABASE_URL):
            url, seconds = self.resolved_url(), self.statement_timeout_seconds
            session = connect(url, server=CHATWOOT_DATABASE_URL, statement_seconds=seconds)
            with session as connection, connection.transaction():
                for statement in self.transaction_settings():
                    connection.execute(statement)
                yield connection


# With lz4, storing a mail of 20 kB takes 0.16 ms of the server's time instead of 0.5, and a quarter less space. Shorter
# messages are not compressed at all. Not every server has lz4.
_FASTEST_COMPRESSION = """
SELECT set_config(name, 'lz4', false) FROM pg_settings
WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
"""

_WAREHOUSE_SETTINGS = {
    **SESSION_SETTINGS,
    # Another run may replace the same days.
    "lock_timeout": "120s",
    # A session whose other end is gone must not keep its locks.
    "idle_in_transaction_session_timeout": "300s",
}

# The keys of the warehouses whose schema was seen to be current, and whose sessions have had no error since.
current_warehouses: set[str] = set()


@dataclass(frozen=True)
class Warehouse:
    """The local analytics PostgreSQL: the target.

    Attributes:
        url: The libpq URL; empty for a database on the embedded server.
        url_from_settings: Whether ANALYTICS_DATABASE_URL gives the URL, read when a session opens.
        statement_timeout_seconds: The time after which the server ends one of our statements; not during a migration.
    """

    url: str = ""
    url_from_settings: bool = False
    statement_timeout_seconds: int = 300

    def resolved_url(self) -> str:
        """Return the URL to connect to."""
        if self.url_from_settings:
            return _url_from_settings(ANALYTICS_DATABASE_URL)
        return (
            validated_url(ANALYTICS_DATABASE_URL, self.url) if self.url else embedded_url(embedded.ANALYTICS_DATABASE)
        )

    @property
    def key(self) -> str:
        """What identifies the database within this process; found without starting the embedded server."""
        return self.resolved_url() if self.url or self.url_from_settings else str(home_directory())

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Open a session in autocommit mode; transactions are up to the caller.

        Raises:
            WarehouseError: The database cannot be reached, or refuses the connection or a statement.
        """
        with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL):
            try:
                seconds = self.statement_timeout_seconds
                session = connect(
                    self.resolved_url(), autocommit=True, server=ANALYTICS_DATABASE_URL, statement_seconds=seconds
                )
                with session as connection:
                    settings = {**_WAREHOUSE_SETTINGS, "statement_timeout": f"{seconds}s"}
                    connection.execute(settings_statement(settings, local=False))
                    connection.execute(_FASTEST_COMPRESSION)
                    yield connection
            except psycopg.Error:
                # The database may have been replaced: `migrate` must check it again.
                current_warehouses.discard(self.key)
                raise


def join_settings(*, whole_tables: bool) -> list[str]:
    """Return the statements that set how tables may be joined in the rest of a transaction.

    The messages and names of a few days are looked up by index, even if the statistics of a large day suggest
    otherwise: a hash or merge join would read whole tables, which grow every year. For all days at once, reading whole
    tables is cheaper.

    Args:
        whole_tables: Whether whole tables may be read.
    """
    value = "on" if whole_tables else "off"
    statements = [f"SET LOCAL {name} = {value}" for name in ("enable_hashjoin", "enable_mergejoin")]
    # The planner does not know that there are few days, and would sort all rows to group them by day.
    statements.append("SET LOCAL enable_sort = off")
    size = "'32MB'" if whole_tables else "DEFAULT"
    # Enough for a hash table of 200,000 conversations (15 MB), which would otherwise be written to the server's disk.
    return [*statements, f"SET LOCAL work_mem = {size}"]


def scan_settings(*, by_page: bool) -> list[str]:
    """Return the statements that choose between index scans and bitmap scans in the rest of a transaction.

    The messages of many conversations share the pages of their table. An index scan reads each page many times, a
    bitmap scan once. The planner assumes that rows that were written one after the other are scattered, and would read
    the whole table instead.

    Args:
        by_page: Whether rows that an index finds are read in the order of their pages.
    """
    value = "off" if by_page else "on"
    return [f"SET LOCAL {name} = {value}" for name in ("enable_indexscan", "enable_seqscan")]


def connect(
    url: str,
    *,
    autocommit: bool = False,
    application_name: str = APPLICATION_NAME,
    server: str = "the database",
    statement_seconds: float = 0,
) -> LimitedConnection:
    """Open a connection; the session's settings are up to the caller.

    Args:
        url: The libpq URL.
        autocommit: Whether each statement is a transaction.
        application_name: The name of the session in pg_stat_activity.
        server: The name of the server in our log.
        statement_seconds: The statement_timeout that the caller sets; 0 for none. We stop waiting a little later.

    Raises:
        NotConnectedError: It cannot be opened.
    """
    stated = explicit_url(url)
    with explain_failed_connection(stated), connecting:
        connection = LimitedConnection.connect(
            stated,
            autocommit=autocommit,
            application_name=application_name,
            # A prepared statement does not survive PgBouncer's transaction pooling.
            prepare_threshold=None,
        )
    connection.server, connection.statement_seconds = server, statement_seconds
    return connection
