"""The tables and columns that the views need in Chatwoot's database.

Columns decide, not a version number: Chatwoot does not store its version in the database, and forks add migrations of
their own.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from chatwoot_assets.errors import SourceError

# The columns that the views read. Chatwoot has all of them since version 3.4.
REQUIRED_COLUMNS: dict[str, tuple[str, ...]] = {
    "conversations": (
        "id", "display_id", "account_id", "inbox_id", "status", "contact_id", "assignee_id", "team_id",
        "created_at", "updated_at", "priority", "first_reply_created_at", "waiting_since",
        "custom_attributes", "additional_attributes", "identifier",
    ),
    "messages": (
        "id", "conversation_id", "created_at", "message_type", "content_type", "sender_type", "sender_id",
        "private", "content_attributes", "additional_attributes", "content",
    ),
    "csat_survey_responses": ("id", "conversation_id", "rating", "feedback_message", "created_at", "assigned_agent_id"),
    "contacts": ("id", "account_id", "name", "email", "phone_number", "custom_attributes"),
    "inboxes": ("id", "name", "channel_type", "timezone", "working_hours_enabled", "enable_auto_assignment"),
    "users": ("id", "name"),
    "accounts": ("id", "name"),
    "teams": ("id", "name", "account_id"),
    "account_users": ("account_id", "user_id"),
    "conversation_participants": ("conversation_id", "user_id", "created_at"),
    "tags": ("id", "name"),
    "taggings": ("tag_id", "taggable_id", "taggable_type", "context"),
    "working_hours": (
        "inbox_id", "day_of_week", "closed_all_day", "open_all_day", "open_hour", "open_minutes", "close_hour",
        "close_minutes",
    ),
    "reporting_events": (
        "id", "conversation_id", "account_id", "inbox_id", "user_id", "name", "value", "value_in_business_hours",
        "event_start_time", "event_end_time", "created_at",
    ),
}  # fmt: skip

_COLUMNS = sql.SQL("""
SELECT c.relname, a.attname
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
WHERE n.nspname = %s AND a.attnum > 0 AND NOT a.attisdropped
""")

# The hash on every little-endian server, and by extract/row_hashes.py.
_ROW_HASH = sql.SQL("SELECT hash_record_extended(ROW(7, 'chatwoot'::text), 0)")
_LITTLE_ENDIAN_HASH = 3_580_267_389_798_741_422


def check_tables(connection: psycopg.Connection) -> None:
    """Check that the database is Chatwoot's and has every column that the views read.

    Raises:
        SourceError: The server is too old, or something is missing; the message names it.
    """
    _check_server(connection)
    existing = set(connection.execute(_COLUMNS, ["public"]).fetchall())
    tables = {table for table, _ in existing}
    missing = [table for table in REQUIRED_COLUMNS if table not in tables]
    if missing:
        raise SourceError(
            f"the database {connection.info.dbname!r} does not hold Chatwoot's tables"
            f" (missing in schema public: {', '.join(missing)}); check the database's name in"
            " CHATWOOT_DATABASE_URL, or make a sample with: chatwoot-assets demo"
        )
    columns = [f"{t}.{c}" for t, needed in REQUIRED_COLUMNS.items() for c in needed if (t, c) not in existing]
    if columns:
        raise SourceError(
            f"Chatwoot's tables lack columns that the views read: {', '.join(columns)}; Chatwoot 3.4 or newer has them"
        )


def _check_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10000
    if version < 14:
        raise SourceError(f"CHATWOOT_DATABASE_URL is a PostgreSQL {version}; 14 or newer is needed")
    check_encoding(connection.info.parameter_status("server_encoding"))
    if connection.execute(_ROW_HASH).fetchone() != (_LITTLE_ENDIAN_HASH,):
        raise SourceError("the source hashes rows differently, as servers on big-endian machines do; it cannot be read")


def check_encoding(encoding: str | None) -> None:
    """Check that the source stores its texts in UTF-8: their bytes are hashed on both sides.

    Raises:
        SourceError: It has another encoding, or none (SQL_ASCII).
    """
    if encoding != "UTF8":
        raise SourceError(
            f"CHATWOOT_DATABASE_URL is a database with the encoding {encoding}; Chatwoot's databases are UTF8"
        )
