"""What an error of PostgreSQL's means for a user, in one line without secrets or personal data.

PostgreSQL repeats values in its messages (the row that violates a key, the text that is not JSON) and
adds the failing line of a COPY. So the message of a data error is never passed on, only its kind and the
table, column or constraint it names; and nothing is chained to what is raised here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_manager
import psycopg
import sqlalchemy.exc

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL
from chatwoot_assets.errors import UserError

_INSUFFICIENT_PRIVILEGE = "42501"

# Errors that pass by themselves: lost or refused connections, a server that restarts or is full,
# a lock that was not to be had, a deadlock.
_TRANSIENT_STATES = {"25P03", "53300", "55P03", "57P01", "57P02", "57P03", "40001", "40P01"}
_TRANSIENT_CLASSES = {"08"}
# The message of these classes quotes values: data exceptions and integrity violations.
_CLASSES_THAT_QUOTE_DATA = {"22", "23"}

_ADVICE = {
    _INSUFFICIENT_PRIVILEGE: "ask the database's owner for that privilege",
    "57014": "the server ended the statement after its statement_timeout; try fewer days, or raise the timeout",
    "55P03": "a lock was held longer than lock_timeout; it is tried again",
    "53100": "the server's disk is full: free space there, then run this again",
    "53300": "the server has no connection left",
    "25006": "the server is read-only, a replica perhaps",
}

# Which privileges those are depends on the database.
_PRIVILEGES = {
    CHATWOOT_DATABASE_URL: " (sql/chatwoot/role.sql grants what reading needs, docs/operating.md says the rest)",
    ANALYTICS_DATABASE_URL: " (tables are made in its schema public)",
}

# What libpq says where there is no SQLSTATE: a part of its text, whether trying again can help, advice.
# The first that fits is taken.
_CONNECTION_ADVICE = (
    ("password authentication failed", False, "check the user and the password in the URL"),
    ("no password supplied", False, "put the password into the URL"),
    ("fe_sendauth", False, "put the password into the URL"),
    ("pg_hba.conf", False, "the server does not admit this user from this machine: see its pg_hba.conf"),
    ("the database system is", True, "it starts, stops or recovers"),
    ("too many c", True, "the server or the role has no connection left"),
    ("remaining connection slots", True, "the server has no connection left"),
    ("translate host name", True, "check the host in the URL"),
    ("resolve host", True, "check the host in the URL"),
    ("refused", True, "check host and port in the URL, and that the server runs"),
    ("no such file", True, "check host and port in the URL, and that the server runs"),
    ("timeout", True, "no answer: check host and port in the URL, and firewalls between"),
    ("database", False, "check the database's name in the URL"),
    ("role", False, "check the user in the URL"),
)


@contextmanager
def translated(kind: type[UserError], variable: str) -> Iterator[None]:
    """Turn errors of PostgreSQL, from psycopg or ADBC, into `kind`.

    Args:
        kind: the error to raise; its `transient` says whether trying again can help.
        variable: the environment variable that says which database it was.
    """
    try:
        yield
    except psycopg.Error as error:
        raise _from_psycopg(error, kind, variable) from None
    except adbc_driver_manager.Error as error:
        raise _from_message(str(error), error.sqlstate, kind, variable) from None
    except sqlalchemy.exc.DBAPIError as error:  # from migrations
        if isinstance(error.orig, psycopg.Error):
            raise _from_psycopg(error.orig, kind, variable) from None
        raise


def _from_psycopg(error: psycopg.Error, kind: type[UserError], variable: str) -> UserError:
    state = error.sqlstate
    if state is None:
        return _from_message(str(error), None, kind, variable)
    diagnostic = error.diag
    if state[:2] in _CLASSES_THAT_QUOTE_DATA:
        named = [diagnostic.table_name, diagnostic.column_name, diagnostic.constraint_name]
        where = ", ".join(name for name in named if name)
        return kind(f"{variable}: {type(error).__name__} ({state})" + (f" at {where}" if where else ""))
    return _from_message(diagnostic.message_primary or type(error).__name__, state, kind, variable)


def _from_message(message: str, state: str | None, kind: type[UserError], variable: str) -> UserError:
    line = _first_line(message)
    if state:
        if state[:2] in _CLASSES_THAT_QUOTE_DATA:
            line = f"the server reports a data error ({state})"
        advice = _ADVICE.get(state)
        if state == _INSUFFICIENT_PRIVILEGE:
            advice = f"{advice}{_PRIVILEGES.get(variable, '')}"
        transient = state in _TRANSIENT_STATES or state[:2] in _TRANSIENT_CLASSES
        return kind(f"{variable}: {line}" + (f"; {advice}" if advice else ""), transient=transient)
    # What comes before it are names of hosts, which may hold any of these words.
    said = line.rpartition(" failed: ")[2].lower()
    for text, transient, advice in _CONNECTION_ADVICE:
        if text in said:
            return kind(f"{variable}: {line}; {advice}", transient=transient)
    return kind(f"{variable}: {line}", transient=True)


def _first_line(message: str) -> str:
    """Return what the server or libpq says first, without the drivers' own prefixes.

    libpq's messages on connecting name hosts, users and databases, never a password.
    """
    line = next((line.strip() for line in message.splitlines() if line.strip()), "unknown error")
    return re.sub(r"^.*?(\bERROR:\s+|Failed to connect: |connection failed: )", "", line)
