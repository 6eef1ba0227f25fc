"""One connection of ADBC to the source, which never waits longer than its limit and which Ctrl-C ends.

ADBC waits within libpq, where no signal handler of Python runs. Each call is therefore made in a thread, and the caller
waits for that thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeVar

import adbc_driver_postgresql
import polars as pl
import pyarrow
from adbc_driver_manager import AdbcConnection, AdbcStatement, Error

from chatwoot_assets.connection_errors import explain_failed_connection
from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL, explicit_url
from chatwoot_assets.sockets import ConnectionSocket
from chatwoot_assets.source.adbc_internals import read_stream
from chatwoot_assets.statement_limits import Wait

T = TypeVar("T")

# How often a wait is checked, and how long the server has to cancel a statement before its socket is shut down.
_SECONDS_PER_CHECK = 1.0

# Connections in which a thread still waits, because its socket was not found. Closing them would crash the process.
_abandoned: list[ExitStack] = []


class LimitedAdbc:
    """An open connection.

    Args:
        connection: The connection.
        socket: Its socket.
        statement_seconds: The server's statement_timeout.
    """

    def __init__(self, connection: AdbcConnection, socket: ConnectionSocket, statement_seconds: float) -> None:
        self._connection = connection
        self._socket = socket
        self._statement_seconds = statement_seconds
        self.is_stuck = False

    def execute(self, statement: str) -> None:
        """Execute a statement that returns nothing."""
        with self._prepare(statement) as prepared:
            self._call(prepared.execute_update, prepared.cancel)

    def read(self, query: str) -> pl.DataFrame:
        """Return all rows of a query."""

        def read() -> pyarrow.Table:
            stream, _ = prepared.execute_query()
            return read_stream(stream)

        with self._prepare(query) as prepared:
            frame = pl.from_arrow(self._call(read, prepared.cancel))
        assert isinstance(frame, pl.DataFrame)
        return frame

    def rollback(self) -> None:
        """End the transaction."""
        self._call(self._connection.rollback, self._connection.cancel)

    @contextmanager
    def _prepare(self, statement: str) -> Iterator[AdbcStatement]:
        prepared = AdbcStatement(self._connection)
        try:
            prepared.set_sql_query(statement)
            yield prepared
        finally:
            if not self.is_stuck:
                prepared.close()

    def _call(self, function: Callable[[], T], cancel: Callable[[], None]) -> T:
        """Call a function that waits for the server, and return its result.

        Raises:
            SilentServerError: The server has sent nothing for too long.
        """
        results: list[T] = []
        errors: list[BaseException] = []
        is_done = threading.Event()

        def run() -> None:
            try:
                results.append(function())
            except BaseException as error:  # noqa: BLE001 - raised by the caller
                errors.append(error)
            finally:
                is_done.set()

        wait = Wait(CHATWOOT_DATABASE_URL, self._statement_seconds)
        threading.Thread(target=run, name="adbc", daemon=True).start()
        try:
            while not is_done.wait(_SECONDS_PER_CHECK):
                wait.check()
        except BaseException:
            self._end_call(is_done, cancel)
            raise
        if errors:
            raise errors[0]
        return results[0]

    def _end_call(self, is_done: threading.Event, cancel: Callable[[], None]) -> None:
        """End a call: by canceling it on the server or, if that does not answer, by shutting down the socket."""

        def try_cancel() -> None:
            with suppress(Error):
                cancel()

        threading.Thread(target=try_cancel, name="adbc-cancel", daemon=True).start()
        if not is_done.wait(_SECONDS_PER_CHECK):
            self._socket.shut_down()
            self.is_stuck = not is_done.wait(_SECONDS_PER_CHECK)


@contextmanager
def connect_adbc(url: str, statement_seconds: float) -> Iterator[LimitedAdbc]:
    """Open a connection that is not in autocommit mode; it is closed when the block ends.

    Args:
        url: The libpq URL.
        statement_seconds: The statement_timeout that the caller sets.

    Raises:
        NotConnectedError: It cannot be opened.
    """
    stated = explicit_url(url)
    socket = ConnectionSocket(stated)
    with ExitStack() as stack:
        with explain_failed_connection(stated), socket.find():
            database = stack.enter_context(adbc_driver_postgresql.connect(stated))
            connection = stack.enter_context(AdbcConnection(database))
        connection.set_autocommit(False)
        limited = LimitedAdbc(connection, socket, statement_seconds)
        try:
            yield limited
        finally:
            if limited.is_stuck:
                _abandoned.append(stack.pop_all())
