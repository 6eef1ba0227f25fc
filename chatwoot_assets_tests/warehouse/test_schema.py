"""The schema of the warehouse: created once, also by concurrent sessions, and only in a database that is ours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.columns import Columns
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.postgres import Warehouse, current_warehouses
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY, MESSAGES
from chatwoot_assets.warehouse.schema import VERSION_TABLE, migrate, upgrade
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import create_chatwoot

RELATIONS = {
    *TABLES,
    "account_name",
    "campaign_deliveries",
    "campaigns",
    "captain_outcomes",
    "conversation_block",
    "extract_manifest",
    "conversas_analytics",
    "daily_backlog",
    "daily_summary",
    "differing_day",
    "episode_follow_ups",
    "inbox_bot",
    "messages",
    "mvw_daily_summary",
    "partition_state",
    "source_comparison",
    "target_states",
    "unchecked_day",
    "vw_conversations_analytics",
    "vw_messages_compiled",
}

# The data contract's columns of conversas_analytics.
CONTRACT = {
    "bigint": "id display_id account_id inbox_id contact_id assignee_id team_id client_sender_id",
    "integer": "t_messages csat_responses user_msg_count contact_msg_count",
    "text": (
        "status priority contact_name contact_email contact_phone inbox_name inbox_type assignee_name"
        " client_phone feedback_message"
    ),
    "smallint": "status_code priority_code rating conversation_hour day_of_week",
    "timestamp with time zone": "created_at updated_at rated_at first_message_at last_message_at extracted_at",
    "double precision": "first_response_seconds duration_seconds",
    "boolean": "is_resolved is_assigned",
    "date": "conversation_date",
    "jsonb": "custom_attributes contact_attributes",
}


@pytest.fixture
def database(postgres: Postgres) -> Warehouse:
    return Warehouse(url=postgres.new_database())


def _migrate_as_another_process(database: Warehouse) -> None:
    current_warehouses.discard(database.key)
    migrate(database)


def _upgrade(database: Warehouse) -> None:
    with database.connect() as connection:
        upgrade(connection)


def _relations(database: Warehouse) -> set[str]:
    with database.connect() as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        ).fetchall()
    return {name for (name,) in rows}


def _columns(database: Warehouse, table: str) -> dict[str, str]:
    with database.connect() as connection:
        rows = connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        ).fetchall()
    return dict(rows)


def _full_names(columns: Columns) -> dict[str, str]:
    return {name: column.type.replace("timestamptz", "timestamp with time zone") for name, column in columns.items()}


def test_empty_database_gets_the_tables_once(database: Warehouse) -> None:
    for _ in range(2):
        _migrate_as_another_process(database)
        assert _relations(database) == {*RELATIONS, VERSION_TABLE}
    with database.connect() as connection:
        versions = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(VERSION_TABLE))).fetchall()
    assert len(versions) == 1


def test_concurrent_migrations_create_one_schema(database: Warehouse) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(_upgrade, [database] * 4))
    assert _relations(database) == {*RELATIONS, VERSION_TABLE}


def test_failed_migration_leaves_nothing_behind(database: Warehouse) -> None:
    with database.connect() as connection:
        connection.execute("CREATE TABLE partition_state (mine int)")
    with pytest.raises(WarehouseError, match="partition_state") as raised:
        migrate(database)
    assert "\n" not in str(raised.value)
    assert _relations(database) == {"partition_state"}


def test_rows_survive_another_migration(database: Warehouse) -> None:
    migrate(database)
    with database.connect() as connection:
        connection.execute("INSERT INTO partition_state VALUES ('2025-03-10', 1, 2, 3, now(), now(), 'run')")
    _migrate_as_another_process(database)
    with database.connect() as connection:
        assert connection.execute("SELECT messages FROM partition_state").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("conversas_analytics", CONVERSAS_ANALYTICS),
        ("messages", MESSAGES),
        ("daily_summary", DAILY_SUMMARY),
        ("campaigns", CAMPAIGNS),
        ("campaign_deliveries", CAMPAIGN_DELIVERIES),
    ],
)
def test_tables_have_the_declared_columns_and_types(database: Warehouse, table: str, columns: Columns) -> None:
    migrate(database)
    assert list(_columns(database, table).items()) == list(_full_names(columns).items())


def test_conversas_analytics_has_the_columns_of_the_contract(database: Warehouse) -> None:
    migrate(database)
    expected = {name: kind for kind, names in CONTRACT.items() for name in names.split()}
    assert _columns(database, "conversas_analytics") == expected


def test_summaries_have_the_columns_of_the_contract(database: Warehouse) -> None:
    migrate(database)
    assert " ".join(_columns(database, "daily_summary")) == (
        "conversation_date account_id inbox_id inbox_name status total_conversations responded_conversations"
        " sum_first_response_seconds avg_response_time total_rated sum_rating avg_rating"
    )
    assert " ".join(_columns(database, "mvw_daily_summary")) == (
        "conversation_date inbox_name status total_conversations avg_response_time total_rated avg_rating"
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("conversas_analytics", ["id"]),
        ("messages", ["id"]),
        ("daily_summary", ["conversation_date", "account_id", "inbox_id", "status"]),
        ("partition_state", ["conversation_date"]),
        ("source_comparison", ["scan"]),
        ("differing_day", ["conversation_date"]),
        ("campaigns", ["campaign_id"]),
        ("campaign_deliveries", ["delivery_id"]),
        ("conversation_block", ["number"]),
        ("unchecked_day", ["conversation_date"]),
        ("extract_manifest", ["extracts_url", "conversation_date"]),
    ],
)
def test_each_table_has_its_primary_key(database: Warehouse, table: str, key: list[str]) -> None:
    migrate(database)
    with database.connect() as connection:
        rows = connection.execute(
            "SELECT a.attname FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)"
            " JOIN pg_attribute AS a USING (attnum)"
            " WHERE i.indrelid = %s::regclass AND i.indisprimary AND a.attrelid = i.indrelid ORDER BY k.position",
            [table],
        ).fetchall()
    assert [name for (name,) in rows] == key


def test_database_with_another_tool_s_migrations_is_shared(database: Warehouse) -> None:
    with database.connect() as connection:
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('another tool')")
    migrate(database)
    with database.connect() as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("another tool",)]
    assert _relations(database) == {*RELATIONS, VERSION_TABLE, "alembic_version"}


def test_chatwoot_s_own_database_is_refused_and_unchanged(database: Warehouse) -> None:
    create_chatwoot(database.url)
    before = _relations(database)
    with pytest.raises(WarehouseError, match="Chatwoot's own tables") as raised:
        migrate(database)
    assert "\n" not in str(raised.value)
    assert not raised.value.transient
    assert _relations(database) == before


def test_role_without_the_right_to_create_tables_gets_one_line(postgres: Postgres) -> None:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE ROLE without_rights LOGIN")
    with pytest.raises(WarehouseError, match="permission denied") as raised:
        migrate(Warehouse(url=url.replace("postgres@", "without_rights@")))
    assert "\n" not in str(raised.value)
    assert not raised.value.transient
