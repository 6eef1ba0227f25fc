"""Chatwoot 3.4.0, 4.0.0, 4.15.1 and a fork of 4.18.0 get the views that they can have, and their days can be read."""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.account_context import read_account_context
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.rows import find_conversations, read_datasets
from chatwoot_assets.partitions import day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.create import create_views, drop_views
from chatwoot_assets.source.deployment import find_missing_views
from chatwoot_assets.source.releases import VIEW_NEEDS, missing_views, table_columns_query
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.source.tables import REQUIRED_COLUMNS, check_tables
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.source.schema_versions import VERSIONS, create_tables, insert

SCHEMA, ZONE = "chatwoot_analytics", "America/Sao_Paulo"
OPTIONS = ViewOptions(SCHEMA, ZONE)
AT = "2026-09-20 13:00"

# The optional views whose tables a release lacks: they have no rows.
_WITHOUT_IMPORTS = {"vw_imported_conversations"}
_WITHOUT_OUTCOMES = {"vw_captain_outcomes", *_WITHOUT_IMPORTS}
_WITHOUT_CALLS = {"vw_calls", *_WITHOUT_OUTCOMES}
EMPTY = {
    "3.4.0": {"vw_conversation_slas", *_WITHOUT_CALLS},
    "4.0.0": _WITHOUT_CALLS,
    "4.15.1": _WITHOUT_OUTCOMES,
    "4.18.0-fork": _WITHOUT_IMPORTS,
}

# Since 4.16, in Chatwoot's own releases only.
MAPPINGS = """
CREATE TABLE data_import_mappings (
    id bigint PRIMARY KEY, chatwoot_record_type varchar NOT NULL, chatwoot_record_id bigint NOT NULL,
    created_at timestamp(6) NOT NULL
);
CREATE INDEX idx_data_import_mappings_on_record
ON data_import_mappings (chatwoot_record_type, chatwoot_record_id);
"""

# The statements by which releases of Chatwoot changed columns, and the releases that did. PostgreSQL refuses some of
# them while a view reads the column.
CHANGES = {
    "3.3.0": "ALTER TABLE accounts ALTER COLUMN feature_flags TYPE bigint",
    "3.6.0": "ALTER TABLE sla_policies DROP COLUMN rt_threshold, DROP COLUMN frt_threshold",
    "3.8.0": "ALTER TABLE conversations ALTER COLUMN cached_label_list TYPE text",
    "4.8.0": "ALTER TABLE contact_inboxes ALTER COLUMN source_id TYPE text",
    "4.9.0": "ALTER TABLE messages ALTER COLUMN source_id TYPE text",
    "4.17.0": "ALTER TABLE conversations ADD COLUMN status_changed_at timestamp(6)",
    "4.18.0": "ALTER TABLE conversations ADD COLUMN assignee_agent_bot_id bigint, ADD COLUMN ai_assignee_type varchar",
}


@dataclass(frozen=True)
class Release:
    """A database with a release's tables, a conversation of one day, and the views that it can have."""

    version: str
    url: str
    views: list[str]


def _insert_rows(connection: psycopg.Connection) -> None:
    insert(connection, "accounts", id=1, name="Loja")
    insert(connection, "inboxes", id=10, name="Zap", channel_type="Channel::Whatsapp", timezone="UTC", created_at=AT)
    insert(connection, "contacts", id=1, name="Bia")
    insert(
        connection, "conversations", id=5, display_id=1, account_id=1, inbox_id=10, contact_id=1, status=1,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    message = {"conversation_id": 5, "message_type": 0, "content_type": 0, "private": False}
    insert(connection, "messages", id=7, created_at=AT, content="Oi", **message)
    insert(connection, "csat_survey_responses", id=3, conversation_id=5, rating=4, created_at=AT)
    insert(connection, "reporting_events", id=9, conversation_id=5, name="conversation_resolved", created_at=AT)
    insert(connection, "tags", id=2, name="vip")
    insert(connection, "taggings", tag_id=2, taggable_id=5, taggable_type="Conversation", context="labels")
    insert(connection, "agent_bot_inboxes", id=1, inbox_id=10, status=0, created_at=AT)


@pytest.fixture(scope="module", params=VERSIONS)
def release(request: pytest.FixtureRequest, postgres: Postgres) -> Release:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, request.param)
        _insert_rows(connection)
        check_tables(connection)
        views = create_views(connection, OPTIONS)
    return Release(request.param, url, views)


def test_release_has_every_view_and_the_known_tables(release: Release) -> None:
    assert release.views == [view.name for view in VIEWS]
    with psycopg.connect(release.url) as connection:
        existing = connection.execute(table_columns_query()).fetchall()
    assert missing_views(existing) == EMPTY.get(release.version, set())


def test_all_rows_of_every_view_of_a_release_can_be_read(release: Release) -> None:
    with psycopg.connect(release.url) as connection:
        for name in release.views:
            connection.execute(sql.SQL("SELECT v::text FROM {} AS v").format(sql.Identifier(SCHEMA, name))).fetchall()


def test_a_day_of_a_release_can_be_extracted(release: Release) -> None:
    date = day(datetime.date(2026, 9, 20), zoneinfo.ZoneInfo(ZONE))
    with snapshot(ChatwootDatabase(url=release.url)) as source:
        conversations = find_conversations(source, SCHEMA, [date])
        frames = read_datasets(source, SCHEMA, conversations, 0)
        context = read_account_context(source, SCHEMA)
    assert {dataset: len(rows) for dataset, (rows, _) in frames.items()} == dict.fromkeys(Dataset, 1)
    assert frames[Dataset.CONVERSATIONS][0]["labels"].to_list() == [["vip"]]
    assert list(context.bot_inboxes) == [10]


@pytest.mark.parametrize("view", VIEW_NEEDS)
def test_optional_view_is_read_between_an_upgrade_and_a_deployment(postgres: Postgres, view: str) -> None:
    """The views that are deployed decide what is read, not the tables that the upgrade brought."""
    date = day(datetime.date(2026, 9, 20), zoneinfo.ZoneInfo(ZONE))
    tables = set(VIEW_NEEDS[view]) - set(REQUIRED_COLUMNS)
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, VERSIONS[-1])
        connection.execute(MAPPINGS.encode())
        _insert_rows(connection)
        for table in tables:
            rename = sql.SQL("ALTER TABLE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(table), sql.Identifier(f"later_{table}")))
        create_views(connection, OPTIONS)

    def read() -> list[int]:
        with snapshot(ChatwootDatabase(url=url)) as source:
            assert find_missing_views(source, SCHEMA) == []
            conversations = find_conversations(source, SCHEMA, [date])
            frames = read_datasets(source, SCHEMA, conversations, 0)
            assert {dataset: len(rows) for dataset, (rows, _) in frames.items()} == dict.fromkeys(Dataset, 1)
            return list(read_account_context(source, SCHEMA).bot_inboxes)

    is_of_bots = view == "vw_inbox_bots"
    assert read() == ([] if is_of_bots else [10])
    with psycopg.connect(url) as connection:
        for table in tables:
            rename = sql.SQL("ALTER TABLE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(f"later_{table}"), sql.Identifier(table)))
    assert read() == ([] if is_of_bots else [10])
    with psycopg.connect(url) as connection:
        create_views(connection, OPTIONS)
    assert read() == [10]


@pytest.mark.parametrize("is_inline", [False, True])
def test_what_chatwoots_import_wrote_is_read_from_its_own_table(postgres: Postgres, is_inline: bool) -> None:
    at = datetime.datetime.fromisoformat(AT)
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, VERSIONS[-1])
        connection.execute(MAPPINGS.encode())
        _insert_rows(connection)
        for number, identifier in ((6, "intercom:1"), (7, None)):
            row = {"account_id": 1, "inbox_id": 10, "identifier": identifier}
            insert(connection, "conversations", id=number, created_at=at, updated_at=at, **row)
        # A contact's mapping is not a conversation's.
        for number, kind in ((5, "Conversation"), (7, "Contact")):
            row = {"chatwoot_record_type": kind, "chatwoot_record_id": number}
            insert(connection, "data_import_mappings", id=number, created_at="2026-09-21", **row)
        if not is_inline:
            create_views(connection, OPTIONS)
    date = day(datetime.date(2026, 9, 20), zoneinfo.ZoneInfo(ZONE))
    with snapshot(ChatwootDatabase(url=url, inline_timezone=ZONE if is_inline else "")) as source:
        (rows, _) = read_datasets(source, SCHEMA, find_conversations(source, SCHEMA, [date]), 0)[Dataset.CONVERSATIONS]
    imported = rows.select("id", "is_imported", "imported_at").sort("id").rows()
    assert imported == [(5, True, datetime.datetime.fromisoformat("2026-09-21")), (6, True, None), (7, False, None)]


def test_reader_keeps_its_rights_through_an_upgrade_of_chatwoot(postgres: Postgres) -> None:
    """The views are dropped, Chatwoot migrates, and the views are created again, as the operator's guide says."""
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, "3.4.0")
        _insert_rows(connection)
        create_views(connection, OPTIONS)
        connection.execute("CREATE ROLE reader_through_upgrades")
        connection.execute(
            sql.SQL("GRANT USAGE ON SCHEMA {} TO reader_through_upgrades").format(sql.Identifier(SCHEMA))
        )
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO reader_through_upgrades").format(
                sql.Identifier(SCHEMA)
            )
        )
        drop_views(connection, SCHEMA)
        for statement in CHANGES.values():
            connection.execute(statement.encode())
        created = create_views(connection, OPTIONS)
        connection.execute("SET LOCAL ROLE reader_through_upgrades")
        for name in created:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, name))).fetchall()
        connection.rollback()


@pytest.mark.parametrize("version", CHANGES)
def test_columns_that_releases_changed_are_read_by_no_view(postgres_with_views: str, version: str) -> None:
    """Each change succeeds with the views in place, too, for an operator who forgets to drop them."""
    with psycopg.connect(postgres_with_views) as connection:
        connection.execute(CHANGES[version].encode())
        create_views(connection, OPTIONS)
        connection.rollback()


@pytest.fixture(scope="module")
def postgres_with_views(postgres: Postgres) -> str:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, "3.4.0")
        create_views(connection, OPTIONS)
    return url


def _read_own(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT status_changed_at, is_unassigned FROM chatwoot_analytics.vw_conversations_own ORDER BY id"
    ).fetchall()


def test_column_that_an_upgrade_brings_is_read_once_the_views_are_created_again(postgres_with_views: str) -> None:
    at = datetime.datetime.fromisoformat(AT)
    with psycopg.connect(postgres_with_views) as connection:
        _insert_rows(connection)
        before = _deployed_version(connection)
        connection.execute(CHANGES["4.17.0"].encode())
        connection.execute("UPDATE conversations SET status_changed_at = %s", [at])
        assert _read_own(connection) == [(None, True)]
        create_views(connection, OPTIONS)
        assert _read_own(connection) == [(at, True)]
        assert _deployed_version(connection) == f"{before}+status_changed_at"
        connection.rollback()


def test_conversation_of_a_bot_is_unassigned_before_chatwoot_4_18_only(postgres_with_views: str) -> None:
    with psycopg.connect(postgres_with_views) as connection:
        _insert_rows(connection)
        connection.execute("ALTER TABLE conversations ADD COLUMN assignee_agent_bot_id bigint DEFAULT 3")
        create_views(connection, OPTIONS)
        assert _read_own(connection) == [(None, True)]
        connection.execute("ALTER TABLE conversations ADD COLUMN ai_assignee_type varchar")
        create_views(connection, OPTIONS)
        assert _read_own(connection) == [(None, False)]
        connection.rollback()


def _deployed_version(connection: psycopg.Connection) -> str:
    """Return the version of the view of conversations, as the sensor compares it."""
    row = connection.execute(
        "SELECT obj_description('chatwoot_analytics.vw_conversations_own'::regclass, 'pg_class')"
    ).fetchone()
    assert row is not None
    return str(row[0])
