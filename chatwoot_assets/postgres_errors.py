"""Translation of PostgreSQL's errors into one line for a user, without secrets or personal data.

PostgreSQL quotes values in its messages (the row that violates a key, the text that is not JSON) and adds the
failing line of a COPY. Therefore the message of a data error is never passed on, only its kind and the table, column
or constraint that it names; and the errors raised here have no cause attached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_manager
import psycopg
import sqlalchemy.exc

from chatwoot_assets.connection_errors import NotConnectedError
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL
from chatwoot_assets.errors import UserError

_INSUFFICIENT_PRIVILEGE = "42501"
_SERIALIZATION_FAILURE = "40001"
_UNDEFINED_TABLE = "42P01"
# A read-only snapshot has no other reason for a serialization failure.
_RECOVERY_CONFLICT = (
    "the standby removed rows that the statement still needed: set hot_standby_feedback = on there, or raise its"
    " max_standby_streaming_delay"
)

_NOTHING_LOADED = (
    "nothing was loaded into this database yet, or by another version; check the database's name in the URL, or run:"
    " chatwoot-assets backfill"
)

# Errors after which a retry may work: a lost or refused connection, a server that restarts or has no connection left, a
# lock that was not granted, a deadlock.
_TRANSIENT_STATES = {"25P03", "53300", "55P03", "57P01", "57P02", "57P03", "40001", "40P01"}
_TRANSIENT_CLASSES = {"08"}
# Data exceptions and integrity violations: their messages quote values.
_CLASSES_THAT_QUOTE_DATA = {"22", "23"}

_ADVICE = {
    _INSUFFICIENT_PRIVILEGE: "ask the database's owner for that privilege",
    "57014": "the server ended the statement after its statement_timeout; try fewer days, or raise the timeout",
    "55P03": "another session held a lock for longer than lock_timeout",
    "53100": "the server's disk is full: free space there, then run the command again",
    "53300": "the server has no connection left",
    "25006": "the server is read-only; it may be a replica",
}

# Where to read which privileges are needed, by database.
_PRIVILEGES = {
    CHATWOOT_DATABASE_URL: " (sql/chatwoot/grants.sql grants what reading needs; docs/operating.md lists all)",
    ANALYTICS_DATABASE_URL: (
        " (loading needs CREATE on its schema public, reading what sql/dashboard/grants.sql grants;"
        " docs/operating.md lists all)"
    ),
}


@contextmanager
def translate_errors(kind: type[UserError], variable: str) -> Iterator[None]:
    """Translate PostgreSQL's errors, from psycopg or ADBC, into a user's error.

    Args:
        kind: The class of the error to raise; its `transient` says whether a retry may help.
        variable: The variable whose URL names the database.

    Yields:
        Nothing; errors are translated within the block.

    Raises:
        UserError: PostgreSQL reported an error. It is of the class `kind`.
    """
    try:
        yield
    except psycopg.Error as error:
        raise _from_psycopg(error, kind, variable) from None
    except adbc_driver_manager.Error as error:
        raise _from_message(str(error), error.sqlstate, kind, variable) from None
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):  # from migrations
            raise _from_psycopg(error.orig, kind, variable) from None
        # From Dagster's storage, which uses psycopg 2.
        raise _from_message(str(error.orig), getattr(error.orig, "pgcode", None), kind, variable) from None


def _from_psycopg(error: psycopg.Error, kind: type[UserError], variable: str) -> UserError:
    if isinstance(error, NotConnectedError):
        line = _first_line(str(error))
        return kind(f"{variable}: {line}" + (f"; {error.advice}" if error.advice else ""), transient=error.transient)
    state = error.sqlstate
    if state is None:
        return _from_message(str(error), None, kind, variable)
    diagnostic = error.diag
    if state[:2] in _CLASSES_THAT_QUOTE_DATA:
        names = [diagnostic.table_name, diagnostic.column_name, diagnostic.constraint_name]
        place = ", ".join(name for name in names if name)
        return kind(f"{variable}: {type(error).__name__} ({state})" + (f" at {place}" if place else ""))
    return _from_message(diagnostic.message_primary or type(error).__name__, state, kind, variable)


def _from_message(message: str, state: str | None, kind: type[UserError], variable: str) -> UserError:
    line = _first_line(message)
    if state:
        if state[:2] in _CLASSES_THAT_QUOTE_DATA:
            line = f"the server reports a data error ({state})"
        advice = _ADVICE.get(state)
        if state == _SERIALIZATION_FAILURE and variable == CHATWOOT_DATABASE_URL:
            advice = _RECOVERY_CONFLICT
        if state == _INSUFFICIENT_PRIVILEGE:
            advice = f"{advice}{_PRIVILEGES.get(variable, '')}"
        if state == _UNDEFINED_TABLE and variable == ANALYTICS_DATABASE_URL:
            advice = _NOTHING_LOADED
        transient = state in _TRANSIENT_STATES or state[:2] in _TRANSIENT_CLASSES
        return kind(f"{variable}: {line}" + (f"; {advice}" if advice else ""), transient=transient)
    # Only libpq has no SQLSTATE: the connection was lost.
    return kind(f"{variable}: {line}", transient=True)


def _first_line(message: str) -> str:
    """Return the first line of a server's or libpq's message, without the driver's prefix.

    libpq's messages about connections name hosts, users and databases, never a password.
    """
    line = next((line.strip() for line in message.splitlines() if line.strip()), "unknown error")
    return re.sub(r"^.*?(\bERROR:\s+|Failed to connect: |connection failed: )", "", line)
