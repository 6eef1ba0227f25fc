"""Explain why a connection could not be opened, without relying on the server's messages, which may be in any language.

libpq reports a failed connection as text only. A second attempt, with another verbosity, returns the SQLSTATE of the
server's refusal. If there is none, libpq itself failed, and the last step that it reached tells why.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_manager
import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq.abc import PGconn

from chatwoot_assets.libpq_internals import report_sqlstates

_SECONDS_FOR_SECOND_ATTEMPT = 5.0

_NO_HOST = "check the host in the URL"
_NO_SERVER = (
    "check host and port in the URL, and that the server runs; its log says why it does not, such as a full disk"
)
_NO_ANSWER = "no answer: check host and port in the URL, and any firewall on the way"
_NO_PASSWORD = "put the password into the URL"  # noqa: S105 - advice
_NO_AGREEMENT = "something answers there, but not as PostgreSQL should: check port and sslmode in the URL"

# The server's refusals of a connection.
_REFUSALS = {
    "28P01": "check the user and the password in the URL",
    "28000": "the server does not admit this user from this machine: check the user in the URL and its pg_hba.conf",
    "3D000": "check the database's name in the URL",
    "42501": "the user lacks the privilege CONNECT, or the database admits nobody",
    "53300": "the server, the role or the database has no connection left",
    "57P03": "the server is starting, stopping or recovering",
}


class NotConnectedError(psycopg.OperationalError):
    """A connection could not be opened, with either driver.

    Attributes:
        sqlstate: The server's refusal; None if the server refused nothing.
        advice: What to do, or an empty text.
        transient: Whether a retry a little later may work.
    """

    def __init__(self, message: str, sqlstate: str | None, advice: str, *, transient: bool) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.advice = advice
        self.transient = transient


@contextmanager
def explain_failed_connection(url: str) -> Iterator[None]:
    """Explain the failure of a connection that is opened within the block.

    Args:
        url: The URL to connect to, as `explicit_url` returns it.

    Raises:
        NotConnectedError: The connection failed.
    """
    try:
        yield
    except psycopg.errors.ConnectionTimeout as error:
        raise NotConnectedError(str(error), None, _NO_ANSWER, transient=True) from None
    except (psycopg.OperationalError, adbc_driver_manager.Error) as error:
        raise _explain(str(error), url) from None


def _explain(message: str, url: str) -> NotConnectedError:
    connection = pq.PGconn.connect_start(url.encode())
    try:
        report_sqlstates(connection)
        was_reached = _connect(connection)
        refusal = re.search(r"\s([0-9A-Z]{5})\s*$", connection.error_message.decode(errors="replace"))
        is_open = connection.status == pq.ConnStatus.OK
        needs_password = connection.needs_password
    finally:
        connection.finish()
    if refusal and was_reached:
        state = refusal[1]
        is_transient = state in ("53300", "57P03") or state.startswith("08")
        return NotConnectedError(message, state, _REFUSALS.get(state, ""), transient=is_transient)
    if needs_password:
        return NotConnectedError(message, None, _NO_PASSWORD, transient=False)
    if is_open:
        return NotConnectedError(message, None, "", transient=True)
    if was_reached is None:
        return NotConnectedError(message, None, _NO_ANSWER, transient=True)
    if was_reached:
        return NotConnectedError(message, None, _NO_AGREEMENT, transient=True)
    return NotConnectedError(message, None, _NO_SERVER if _hosts_are_known(url) else _NO_HOST, transient=True)


def _connect(connection: PGconn) -> bool | None:
    """Poll a connection until it is open or has failed; return whether a server was reached, None if unknown."""
    was_reached = False
    deadline = time.monotonic() + _SECONDS_FOR_SECOND_ATTEMPT
    while connection.status not in (pq.ConnStatus.BAD, pq.ConnStatus.OK):
        step = connection.connect_poll()
        was_reached |= connection.status not in (pq.ConnStatus.STARTED, pq.ConnStatus.BAD)
        if step not in (pq.PollingStatus.READING, pq.PollingStatus.WRITING):
            break
        waiting = [connection.socket]
        reading, writing = (waiting, []) if step == pq.PollingStatus.READING else ([], waiting)
        if not any(select.select(reading, writing, [], max(deadline - time.monotonic(), 0))):
            return None
    return was_reached


def _hosts_are_known(url: str) -> bool:
    """Return whether all hosts of a URL that are names have an address."""
    for host in str(conninfo_to_dict(url).get("host") or "").split(","):
        if host and not host.startswith(("/", "@")):
            try:
                socket.getaddrinfo(host, None)
            except OSError:
                return False
    return True
