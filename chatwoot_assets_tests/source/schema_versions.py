"""The tables of the releases of Chatwoot, from the oldest that is supported to the newest one known.

`data/chatwoot-schemas/3.4.0.txt` has the oldest, and CHANGES what later releases did to the tables that views read. The
other files hold the tables of whole releases, against which the changes are tested, and those of a fork.

A file has one line per table: its name, and each column with its type. NOT NULL, defaults and indexes are left out,
since no view depends on them.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

_DIRECTORY = Path(__file__).parent.parent / "data" / "chatwoot-schemas"

OLDEST, FORK = "3.4.0", "4.18.0-fork"
# What each release changed. A release that is not named changed nothing in these tables. Columns that no view reads are
# at the release in whose file they first are.
CHANGES: dict[str, tuple[str, ...]] = {
    "3.6.0": (
        "CREATE TABLE applied_slas (id bigint, account_id bigint, sla_policy_id bigint, conversation_id bigint,"
        " created_at timestamp(6), updated_at timestamp(6), sla_status integer)",
        "ALTER TABLE sla_policies DROP COLUMN rt_threshold, DROP COLUMN frt_threshold,"
        " ADD COLUMN first_response_time_threshold double precision,"
        " ADD COLUMN next_response_time_threshold double precision,"
        " ADD COLUMN resolution_time_threshold double precision, ADD COLUMN description varchar",
        "ALTER TABLE contacts ADD COLUMN contact_type integer, ADD COLUMN middle_name varchar,"
        " ADD COLUMN last_name varchar, ADD COLUMN location varchar, ADD COLUMN country_code varchar",
    ),
    "3.8.0": (
        "CREATE TABLE sla_events (id bigint, applied_sla_id bigint, conversation_id bigint, account_id bigint,"
        " sla_policy_id bigint, inbox_id bigint, event_type integer, meta jsonb, created_at timestamp(6),"
        " updated_at timestamp(6))",
        "ALTER TABLE conversations ALTER COLUMN cached_label_list TYPE text",
    ),
    "4.0.0": (
        "ALTER TABLE contacts ADD COLUMN blocked boolean",
        "CREATE TABLE captain_inboxes (id bigint, captain_assistant_id bigint, inbox_id bigint,"
        " created_at timestamp(6), updated_at timestamp(6))",
    ),
    "4.7.0": ("ALTER TABLE contacts ADD COLUMN company_id bigint",),
    "4.8.0": (
        "ALTER TABLE conversations ADD COLUMN assignee_agent_bot_id bigint",
        "ALTER TABLE contact_inboxes ALTER COLUMN source_id TYPE text",
    ),
    "4.9.0": ("ALTER TABLE messages ALTER COLUMN source_id TYPE text",),
    "4.10.0": (
        "ALTER TABLE csat_survey_responses ADD COLUMN csat_review_notes text,"
        " ADD COLUMN review_notes_updated_at timestamp(6), ADD COLUMN review_notes_updated_by_id bigint",
    ),
    "4.13.0": (
        "CREATE TABLE calls (id bigint, account_id bigint, inbox_id bigint, conversation_id bigint, contact_id bigint,"
        " message_id bigint, accepted_by_agent_id bigint, provider_call_id varchar, provider integer,"
        " direction integer, status varchar, started_at timestamp(6), duration_seconds integer, end_reason varchar,"
        " meta jsonb, transcript text, created_at timestamp(6), updated_at timestamp(6))",
    ),
    "4.15.1": (
        "ALTER TABLE account_users ADD COLUMN agent_capacity_policy_id bigint",
        "ALTER TABLE accounts ADD COLUMN internal_attributes jsonb, ADD COLUMN settings jsonb",
        "ALTER TABLE agent_bots ADD COLUMN secret varchar",
        "ALTER TABLE attachments ADD COLUMN meta jsonb",
        "ALTER TABLE campaigns ADD COLUMN template_params jsonb",
        "ALTER TABLE inboxes ADD COLUMN csat_config jsonb",
        "ALTER TABLE users ADD COLUMN consumed_timestep integer, ADD COLUMN otp_backup_codes text,"
        " ADD COLUMN otp_required_for_login boolean, ADD COLUMN otp_secret varchar",
    ),
    "4.16.2": (
        "CREATE TABLE data_import_mappings (id bigint, account_id integer, data_import_id bigint,"
        " source_provider varchar, source_object_type varchar, source_object_id varchar, chatwoot_record_type varchar,"
        " chatwoot_record_id bigint, metadata jsonb, created_at timestamp(6), updated_at timestamp(6))",
        "CREATE INDEX idx_data_import_mappings_on_record"
        " ON data_import_mappings (chatwoot_record_type, chatwoot_record_id)",
    ),
    "4.17.1": (
        "ALTER TABLE conversations ADD COLUMN status_changed_at timestamp(6)",
        "ALTER TABLE applied_slas ADD COLUMN completed_at timestamp(6)",
        "ALTER TABLE campaigns ADD COLUMN started_at timestamp(6), ADD COLUMN completed_at timestamp(6)",
        "CREATE TABLE campaign_recipients (id bigint, account_id bigint, campaign_id bigint, contact_id bigint,"
        " inbox_id bigint, source_id varchar, status integer, error_code varchar, error_title varchar,"
        " error_message text, message_content text, sent_at timestamp(6), delivered_at timestamp(6),"
        " read_at timestamp(6), failed_at timestamp(6), created_at timestamp(6), updated_at timestamp(6))",
        "CREATE TABLE conversation_outcomes (id bigint, account_id bigint, conversation_id bigint, inbox_id bigint,"
        " assistant_id bigint, episode_trigger varchar, started_at timestamp(6), ended_at timestamp(6),"
        " captain_reply_count integer, first_captain_reply_at timestamp(6), last_captain_reply_at timestamp(6),"
        " first_human_reply_at timestamp(6), handoff_at timestamp(6), handoff_reason_category varchar,"
        " resolved_at timestamp(6), csat_rating integer, csat_received_at timestamp(6), created_at timestamp(6),"
        " updated_at timestamp(6))",
    ),
    "4.18.0": ("ALTER TABLE conversations ADD COLUMN ai_assignee_type varchar",),
}
VERSIONS = (OLDEST, *CHANGES, FORK)

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""


def read_tables(version: str) -> dict[str, dict[str, str]]:
    """Return the types of a release's columns, by table and column, from its file."""
    lines = (_DIRECTORY / f"{version}.txt").read_text(encoding="utf-8").splitlines()
    tables = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {table: dict(column.split(" ", 1) for column in columns.split(", ")) for table, columns in tables}


def create_table(table: str, columns: dict[str, str]) -> sql.Composed:
    """Return the statement that creates a table of these columns and types."""
    types = (sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in columns.items())
    return sql.SQL("CREATE TABLE public.{} ({})").format(sql.Identifier(table), sql.SQL(", ").join(types))


def create_tables(connection: psycopg.Connection, version: str) -> None:
    """Create a release's tables, without rows."""
    for table, columns in read_tables(FORK if version == FORK else OLDEST).items():
        connection.execute(create_table(table, columns))
    if version not in (OLDEST, FORK):
        for release in list(CHANGES)[: list(CHANGES).index(version) + 1]:
            change_tables(connection, release)


def change_tables(connection: psycopg.Connection, release: str) -> None:
    """Change the tables of the release before as a release does."""
    for statement in CHANGES[release]:
        connection.execute(statement.encode())


def existing_columns(connection: psycopg.Connection) -> dict[str, dict[str, str]]:
    """Return the types of all columns, by table and column, as PostgreSQL names them."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(_COLUMNS):
        tables.setdefault(table, {})[column] = type_
    return tables


def insert(connection: psycopg.Connection, table: str, **row: object) -> None:
    """Insert a row; its other columns are NULL."""
    connection.execute(
        sql.SQL("INSERT INTO public.{} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        ),
        list(row.values()),
    )
