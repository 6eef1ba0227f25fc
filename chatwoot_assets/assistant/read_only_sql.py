"""Run a query that an assistant wrote: one statement that only reads, as a role without rights to personal data.

The database refuses what the role may not read. SET ROLE is not enough, because the query itself could reset it. The
session must therefore be opened as the restricted role; `read_rights` checks that it is.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from chatwoot_assets.dashboard.database import allow_policies_that_hide_nothing
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import UserError, WarehouseError
from chatwoot_assets.postgres import APPLICATION_NAME, SESSION_SETTINGS, connect, settings_statement
from chatwoot_assets.postgres_errors import translate_errors

MAX_ROWS = 200
TIMEOUT_SECONDS = 10
_MAX_CHARACTERS = 500  # of a text in a cell
_SETTINGS = {
    **SESSION_SETTINGS,
    "application_name": f"{APPLICATION_NAME} assistant",
    "search_path": "public, bi",
    "statement_timeout": f"{TIMEOUT_SECONDS}s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
}
_BEFORE = b"SELECT * FROM ("
_AFTER = f") AS asked LIMIT {MAX_ROWS + 1}".encode()
# Whether the session can do more than read tables, as a superuser can; and whether it can read names or contents,
# directly or as another role.
_RIGHTS = """
SELECT
    current_setting('is_superuser')::boolean
    OR EXISTS (SELECT 1 FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') AND (rolsuper OR rolname LIKE 'pg\\_%')),
    has_column_privilege('public.conversas_analytics', 'contact_name', 'SELECT')
    OR has_column_privilege('public.messages', 'content', 'SELECT')
    OR coalesce(has_table_privilege(to_regclass('bi.dim_contact'), 'SELECT'), FALSE)
    OR coalesce(has_table_privilege(to_regclass('bi.message_content'), 'SELECT'), FALSE)
    OR EXISTS (
        SELECT 1 FROM pg_roles
        WHERE pg_has_role(oid, 'MEMBER') AND (
            has_column_privilege(oid, 'public.messages', 'content', 'SELECT')
            OR has_column_privilege(oid, 'public.conversas_analytics', 'contact_name', 'SELECT')
        )
    )
"""


@dataclass(frozen=True)
class Rights:
    """What a session's role can do.

    Attributes:
        is_powerful: Whether it can do more than read tables: a superuser reads the server's files.
        reads_personal: Whether it can read names of contacts or contents of messages.
    """

    is_powerful: bool
    reads_personal: bool


def read_rights(url: Callable[[], str]) -> Rights:
    """Return what the role of a URL can do.

    Raises:
        WarehouseError: The warehouse cannot be reached, or has no tables.
    """
    with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL), connect(url()) as connection:
        row = connection.execute(_RIGHTS).fetchone()
    assert row is not None
    return Rights(*row)


def run(url: Callable[[], str], statement: str) -> dict[str, Any]:
    """Run a query and return its columns and rows.

    Args:
        url: Returns the URL of the warehouse.
        statement: One SELECT statement.

    Raises:
        UserError: It is refused or takes too long; the message is PostgreSQL's.
        WarehouseError: The warehouse cannot be reached.
    """
    # A session of its own: nothing that the statement sets or locks outlives it.
    with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL), connect(url()) as connection:
        connection.read_only = True
        connection.execute(settings_statement(_SETTINGS, local=True))
        allow_policies_that_hide_nothing(connection)
        # As a subquery, it can only be a query. The binary protocol takes one statement only.
        query = b"\n".join([_BEFORE, statement.strip().rstrip(";").encode(), _AFTER])
        try:
            cursor = connection.execute(query, binary=True)
            rows = cursor.fetchall()
        except psycopg.Error as error:
            raise UserError(" ".join(str(error).split())[:300]) from None
    names = [column.name for column in cursor.description or []]
    return {
        "columns": names,
        "rows": [[_plain(value) for value in row] for row in rows[:MAX_ROWS]],
        "is_complete": len(rows) <= MAX_ROWS,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  # any column's value
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, str):
        return value[:_MAX_CHARACTERS]
    return value if isinstance(value, (bool, int, float, list, type(None))) else str(value)
