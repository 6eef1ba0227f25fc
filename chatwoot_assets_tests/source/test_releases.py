"""Every release of Chatwoot since 3.4 gets the views that it can have, and its days can be read."""

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
from chatwoot_assets_tests.source.psql import find_psql, run_successfully
from chatwoot_assets_tests.source.schema_versions import (
    CHANGES,
    FORK,
    OLDEST,
    VERSIONS,
    change_tables,
    create_table,
    create_tables,
    existing_columns,
    insert,
    read_tables,
)
from chatwoot_assets_tests.source.view_catalog import column_types, definitions

SCHEMA, ZONE = "chatwoot_analytics", "America/Sao_Paulo"
OPTIONS = ViewOptions(SCHEMA, ZONE)
AT = "2026-09-20 13:00"

# The release that first has the tables of each optional view; the oldest one has those of the others.
FIRST_RELEASE = {
    "vw_captain_inboxes": "4.0.0", "vw_conversation_slas": "3.8.0", "vw_calls": "4.13.0",
    "vw_imported_conversations": "4.16.2", "vw_captain_outcomes": "4.17.1", "vw_campaign_deliveries": "4.17.1",
}  # fmt: skip
# The tables that are unknown of the fork, and of its release.
UNKNOWN_OF_FORK = {"vw_imported_conversations", "vw_captain_inboxes", "vw_dialogflow_inboxes"}


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


def _empty_views(version: str) -> set[str]:
    """Return the optional views that have no rows because a version lacks their tables."""
    if version == FORK:
        return UNKNOWN_OF_FORK
    return {view for view, first in FIRST_RELEASE.items() if VERSIONS.index(version) < VERSIONS.index(first)}


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
    assert missing_views(existing) == _empty_views(release.version)


def _read_views(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Return the rows of every view as JSON, without PostgreSQL's version of a row."""
    return {
        view.name: [
            row
            for (row,) in connection.execute(
                sql.SQL("SELECT (to_jsonb(v) - 'row_version')::text FROM {} AS v ORDER BY 1").format(
                    sql.Identifier(SCHEMA, view.name)
                )
            )
        ]
        for view in VIEWS
    }


@pytest.fixture(scope="module")
def oldest_views(postgres: Postgres) -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[str]]]:
    """Return the columns and the rows of the views on the oldest release."""
    with psycopg.connect(postgres.new_database()) as connection:
        create_tables(connection, OLDEST)
        _insert_rows(connection)
        create_views(connection, OPTIONS)
        return column_types(connection, SCHEMA), _read_views(connection)


def test_same_rows_give_the_same_views_in_every_release(
    release: Release, oldest_views: tuple[dict[str, list[tuple[str, str]]], dict[str, list[str]]]
) -> None:
    with psycopg.connect(release.url) as connection:
        views = column_types(connection, SCHEMA), _read_views(connection)
    assert views == oldest_views
    assert views[1]["vw_conversations_own"]


@pytest.mark.parametrize("is_inline", [False, True])
def test_a_day_of_a_release_can_be_extracted(release: Release, is_inline: bool) -> None:
    date = day(datetime.date(2026, 9, 20), zoneinfo.ZoneInfo(ZONE))
    with snapshot(ChatwootDatabase(url=release.url, inline_timezone=ZONE if is_inline else "")) as source:
        conversations = find_conversations(source, SCHEMA, [date])
        frames = read_datasets(source, SCHEMA, conversations, 0)
        context = read_account_context(source, SCHEMA)
    assert {dataset: len(rows) for dataset, (rows, _) in frames.items()} == dict.fromkeys(Dataset, 1)
    assert frames[Dataset.CONVERSATIONS][0]["labels"].to_list() == [["vip"]]
    assert list(context.bot_inboxes) == [10]


def test_psql_creates_the_views_of_a_release_as_python_does(postgres: Postgres, release: Release) -> None:
    schema = "by_psql"
    run_successfully(find_psql(postgres), release.url, "create_all.sql", views_schema=schema, reporting_timezone=ZONE)
    with psycopg.connect(release.url) as connection:
        by_psql = definitions(connection, schema)
        drop_views(connection, schema)
        create_views(connection, ViewOptions(schema, ZONE))
        assert by_psql == definitions(connection, schema)


@pytest.mark.parametrize("version", ["4.0.0", "4.15.1"])
def test_changes_of_the_releases_lead_to_the_tables_of_whole_ones(postgres: Postgres, version: str) -> None:
    with psycopg.connect(postgres.new_database()) as connection:
        create_tables(connection, version)
        changed = existing_columns(connection)
        for table in changed:
            connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table)))
        known = read_tables(version)
        for table, columns in known.items():
            connection.execute(create_table(table, columns))
        assert {table: changed[table] for table in known} == existing_columns(connection)


def test_newest_release_has_no_column_that_its_fork_lacks(postgres: Postgres) -> None:
    with psycopg.connect(postgres.new_database()) as connection:
        create_tables(connection, VERSIONS[-2])
        newest = existing_columns(connection)
    fork = read_tables(FORK)
    lacking = {table: newest[table].keys() - fork[table] for table in newest.keys() & fork.keys()}
    assert {table: columns for table, columns in lacking.items() if columns} == {}
    assert newest.keys() - fork.keys() == {"mentions", "data_import_mappings", "captain_inboxes", "integrations_hooks"}


def test_inboxes_of_dialogflow_and_captain_have_a_bot(postgres: Postgres) -> None:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, VERSIONS[-2])
        for number in range(10, 16):
            insert(connection, "inboxes", id=number, created_at=AT)
        later = "2026-09-25 12:00"
        hooks = [
            (10, "dialogflow", 1, AT),
            (11, "dialogflow", 0, AT),
            (12, "slack", 1, AT),
            (13, "dialogflow", 1, later),
        ]
        for number, (inbox, app, status, at) in enumerate(hooks):
            insert(
                connection, "integrations_hooks", id=number, inbox_id=inbox, app_id=app, status=status, created_at=at
            )
        # An inbox may have a bot of its own beside Captain: the earlier one counts.
        for number, inbox in enumerate((13, 14)):
            insert(connection, "captain_inboxes", id=number, inbox_id=inbox, created_at=AT)
        insert(connection, "agent_bot_inboxes", id=1, inbox_id=14, status=0, created_at=later)
        create_views(connection, OPTIONS)
    for is_inline in (False, True):
        with snapshot(ChatwootDatabase(url=url, inline_timezone=ZONE if is_inline else "")) as source:
            bots = read_account_context(source, SCHEMA).bot_inboxes
        assert bots == dict.fromkeys([10, 13, 14], datetime.datetime(1970, 1, 1))  # noqa: DTZ001 (UTC)


@pytest.mark.parametrize("view", VIEW_NEEDS)
def test_optional_view_is_read_between_an_upgrade_and_a_deployment(postgres: Postgres, view: str) -> None:
    """The views that are deployed decide what is read, not the tables that the upgrade brought."""
    date = day(datetime.date(2026, 9, 20), zoneinfo.ZoneInfo(ZONE))
    tables = set(VIEW_NEEDS[view]) - set(REQUIRED_COLUMNS)
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        create_tables(connection, VERSIONS[-2])
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
        create_tables(connection, VERSIONS[-2])
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
        for release in CHANGES:
            drop_views(connection, SCHEMA)
            change_tables(connection, release)
            created = create_views(connection, OPTIONS)
        upgraded = definitions(connection, SCHEMA)
        connection.execute("SET LOCAL ROLE reader_through_upgrades")
        for name in created:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, name))).fetchall()
        connection.rollback()
    with psycopg.connect(postgres.new_database()) as connection:
        create_tables(connection, VERSIONS[-2])
        create_views(connection, OPTIONS)
        assert upgraded == definitions(connection, SCHEMA)


@pytest.mark.parametrize("version", CHANGES)
def test_columns_that_releases_changed_are_read_by_no_view(postgres_with_views: str, version: str) -> None:
    """Each change succeeds with the views in place, too, for an operator who forgets to drop them."""
    with psycopg.connect(postgres_with_views) as connection:
        for release in CHANGES:
            change_tables(connection, release)
            if release == version:
                break
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
        connection.execute("ALTER TABLE conversations ADD COLUMN status_changed_at timestamp(6)")
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
