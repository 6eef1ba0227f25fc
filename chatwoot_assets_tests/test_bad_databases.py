"""The command line's answers to databases that can be reached but do not fit, and to a full disk.

Each is one line that says what to do, with a non-zero exit code, without a password, and with nothing half written.
"""

from __future__ import annotations

import hashlib
import resource
import signal
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.command_line import DAY, Workspace, assert_tells_no_secret
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.source.view_catalog import definitions
from chatwoot_assets_tests.source_writer import SourceWriter

_BACKFILL = ("backfill", "--from", DAY, "--to", DAY)


@pytest.fixture(scope="module")
def workspace(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace into which nothing is ever loaded."""
    return Workspace.create(postgres, tmp_path_factory.mktemp("bad-databases"))


@pytest.fixture(scope="module")
def without_views(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.create(postgres, tmp_path_factory.mktemp("without-views"), views=False)


def _as_role(url: str, role: str, *grants: str) -> str:
    """Create a role with these grants and no others, and return the URL with it as the user."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        for grant in grants:
            connection.execute(sql.SQL(grant).format(sql.Identifier(role)))
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}@"))


def _count_views(workspace: Workspace) -> int:
    with psycopg.connect(workspace.source_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_views WHERE viewname LIKE 'vw_%'").fetchone()
    assert row is not None
    return int(row[0])


def _definitions(workspace: Workspace) -> dict[str, str]:
    with psycopg.connect(workspace.source_url) as connection:
        return definitions(connection, "chatwoot_analytics")


# The source


def test_a_database_without_chatwoots_tables_is_refused(workspace: Workspace, postgres: Postgres) -> None:
    url = postgres.new_database()
    line = workspace.refusal("views", "create", CHATWOOT_DATABASE_URL=url)
    assert "does not hold Chatwoot's tables" in line
    assert "conversations, messages, csat_survey_responses, contacts, inboxes, users" in line
    assert "check the database's name in CHATWOOT_DATABASE_URL" in line
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regnamespace('chatwoot_analytics')").fetchone() == (None,)


def test_columns_that_an_old_chatwoot_lacks_are_named(workspace: Workspace, postgres: Postgres) -> None:
    old = Workspace.create(postgres, workspace.directory, views=False)
    with psycopg.connect(old.source_url) as connection:
        connection.execute("ALTER TABLE conversations DROP COLUMN priority, DROP COLUMN first_reply_created_at")
    line = old.refusal("views", "create")
    assert "conversations.priority, conversations.first_reply_created_at" in line
    assert "Chatwoot 3.4 or newer" in line
    assert _count_views(old) == 0


def test_a_backfill_without_views_says_to_create_them(without_views: Workspace) -> None:
    assert "run: chatwoot-assets views create" in without_views.refusal(*_BACKFILL)


def test_views_that_a_role_may_not_read_are_named(workspace: Workspace) -> None:
    for role, grants, denied in (
        ("no_usage", (), "chatwoot_analytics"),
        ("no_select", ("GRANT USAGE ON SCHEMA chatwoot_analytics TO {}",), "vw_"),
    ):
        line = workspace.refusal(*_BACKFILL, CHATWOOT_DATABASE_URL=_as_role(workspace.source_url, role, *grants))
        assert "CHATWOOT_DATABASE_URL: permission denied for" in line
        assert denied in line
        assert "ask the database's owner for that privilege (sql/chatwoot/grants.sql" in line


def test_a_role_that_may_not_create_the_schema_is_refused(without_views: Workspace) -> None:
    role = _as_role(without_views.source_url, "no_create")
    line = without_views.refusal("views", "create", CHATWOOT_DATABASE_URL=role)
    assert "CHATWOOT_DATABASE_URL: permission denied for database" in line
    assert "ask the database's owner for that privilege" in line
    assert _count_views(without_views) == 0


def test_views_of_another_time_zone_are_not_read(workspace: Workspace) -> None:
    outcome = workspace.run(*_BACKFILL, REPORTING_TIMEZONE="America/Sao_Paulo")
    assert_tells_no_secret(outcome)
    assert outcome.code == 1
    assert len(outcome.error_lines) == 1, outcome.err
    line = outcome.error_lines[0]
    assert "were made for the time zone UTC, and REPORTING_TIMEZONE is America/Sao_Paulo" in line
    assert "run: chatwoot-assets views create --change-timezone" in line
    assert workspace.extracts() == {}
    assert workspace.rows() == 0


def test_views_of_another_time_zone_are_replaced_on_request_only(postgres: Postgres, workspace: Workspace) -> None:
    own = Workspace.create(postgres, workspace.directory)
    sao_paulo = {"REPORTING_TIMEZONE": "America/Sao_Paulo"}
    assert own.run("views", "create", "--change-timezone", **sao_paulo).code == 0
    before = _definitions(own)
    # In a shell without REPORTING_TIMEZONE it is UTC.
    line = own.refusal("views", "create")
    assert "were made for the time zone America/Sao_Paulo, and REPORTING_TIMEZONE is UTC" in line
    assert "set REPORTING_TIMEZONE=America/Sao_Paulo" in line
    assert "chatwoot-assets views create --change-timezone" in line
    assert _definitions(own) == before
    assert own.run("views", "create", **sao_paulo).code == 0
    assert own.run("views", "create", "--change-timezone").code == 0
    assert own.run("views", "create").code == 0
    assert _definitions(own) != before


def test_views_in_another_schema_are_named_where_none_are_dropped(workspace: Workspace) -> None:
    line = workspace.refusal("views", "drop", CHATWOOT_VIEWS_SCHEMA="chatwoot_analitics")
    assert "no views to drop are in the schema 'chatwoot_analitics'" in line
    assert "they are in 'chatwoot_analytics': set CHATWOOT_VIEWS_SCHEMA" in line
    assert _count_views(workspace) > 0


def test_dropping_views_that_do_not_exist_is_an_error(without_views: Workspace) -> None:
    line = without_views.refusal("views", "drop")
    assert "no views to drop are in the schema 'chatwoot_analytics', nor in another one" in line


# The target


def test_a_target_that_is_chatwoots_own_database_is_refused(workspace: Workspace) -> None:
    line = workspace.refusal(*_BACKFILL, ANALYTICS_DATABASE_URL=workspace.source_url)
    assert "ANALYTICS_DATABASE_URL" in line
    assert "holds Chatwoot's own tables; give another database" in line
    with psycopg.connect(workspace.source_url) as connection:
        assert connection.execute("SELECT to_regclass('conversas_analytics')").fetchone() == (None,)


def test_a_role_that_may_not_write_to_the_target_is_refused(workspace: Workspace, postgres: Postgres) -> None:
    role = _as_role(postgres.new_database(), "no_write")
    line = workspace.refusal(*_BACKFILL, ANALYTICS_DATABASE_URL=role)
    assert "ANALYTICS_DATABASE_URL: permission denied for" in line
    assert "sql/chatwoot" not in line  # that advice is for the source


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
@pytest.mark.parametrize("variable", ["CHATWOOT_DATABASE_URL", "ANALYTICS_DATABASE_URL"])
def test_a_database_that_is_not_utf8_is_refused(
    workspace: Workspace, postgres: Postgres, variable: str, encoding: str
) -> None:
    name = f"{variable}_{encoding}".lower()
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        create = "CREATE DATABASE {} ENCODING {} LOCALE 'C' TEMPLATE template0"
        connection.execute(sql.SQL(create).format(sql.Identifier(name), sql.Literal(encoding)))
    changes: dict[str, Any] = {variable: postgres.server.url(name)}
    line = workspace.refusal(*_BACKFILL, **changes)
    assert f"{variable} is a database with the encoding {encoding}" in line


# Loads that continue, or fail in the middle


@pytest.fixture(scope="module")
def loaded(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose day is loaded."""
    workspace = Workspace.create(postgres, tmp_path_factory.mktemp("loaded"))
    outcome = workspace.run(*_BACKFILL)
    assert outcome.code == 0, outcome
    assert "warning" not in outcome.err
    assert workspace.rows() == 3
    return workspace


@pytest.mark.parametrize("command", ["export waits --from 2025-03-01", "report"])
def test_a_warehouse_without_tables_asks_for_the_first_load(
    workspace: Workspace, postgres: Postgres, command: str
) -> None:
    line = workspace.refusal(*command.split(), ANALYTICS_DATABASE_URL=postgres.new_database())
    assert "run: chatwoot-assets backfill" in line
    assert "the database's name in the URL" in line


def test_conversations_before_the_first_partition_are_counted(loaded: Workspace) -> None:
    with psycopg.connect(loaded.source_url) as connection:
        SourceWriter(connection).conversation("2020-02-29 12:00:00", id=1)
    try:
        outcome = loaded.run(*_BACKFILL)
    finally:
        with psycopg.connect(loaded.source_url) as connection:
            connection.execute("DELETE FROM conversations WHERE id = 1")
    assert_tells_no_secret(outcome)
    assert outcome.code == 0, outcome
    (warning,) = [line for line in outcome.err.splitlines() if line.startswith("warning: ")]
    assert "1 conversation" in warning
    assert "PARTITIONS_START_DATE 2025-03-01" in warning
    assert "2020-02-29" in warning
    assert loaded.rows() == 3


def _small_files_only() -> None:
    """Limit files to 8 kB, less than the day's messages take, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))


def test_a_full_disk_leaves_the_previous_files_and_rows(loaded: Workspace) -> None:
    before = loaded.extracts()
    assert len(before) == len(Dataset)
    assert min(map(len, before.values())) > 0
    with psycopg.connect(loaded.source_url) as connection:
        for number in range(200):
            # Such contents do not compress.
            content = hashlib.sha512(str(number).encode()).hexdigest()
            SourceWriter(connection).message(1001, f"{DAY} 13:00:00", content, id=5000 + number)
    outcome = replace(loaded, before=_small_files_only).run(*_BACKFILL)
    assert_tells_no_secret(outcome)
    assert outcome.code == 1
    assert len(outcome.error_lines) == 1, outcome.err
    assert "cannot write" in outcome.error_lines[0]
    assert "the file system does not accept the rest of it" in outcome.error_lines[0]
    assert "free space or set EXTRACTS_URL" in outcome.error_lines[0]
    assert loaded.extracts() == before
    assert loaded.rows() == 3


def test_a_full_disk_of_dagsters_storage_is_one_line_and_its_run_is_ended(loaded: Workspace) -> None:
    with psycopg.connect(loaded.dagster_url) as connection:
        connection.execute("""
            CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'não pôde estender arquivo: sem espaço' USING ERRCODE = '53100';
            END $$
        """)
        connection.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON event_logs FOR EACH ROW EXECUTE FUNCTION disk_is_full()"
        )
    try:
        outcome = loaded.run(*_BACKFILL)
    finally:
        with psycopg.connect(loaded.dagster_url) as connection:
            connection.execute("DROP FUNCTION disk_is_full CASCADE")
    assert_tells_no_secret(outcome)
    assert outcome.code == 1
    (line,) = outcome.error_lines
    assert outcome.err.splitlines()[-1] == line  # after what Dagster says on its own when it cannot log
    assert line.startswith("error: DAGSTER_POSTGRES_URL: ")
    assert "the server's disk is full: free space there" in line
    assert loaded.run(*_BACKFILL).code == 0
    with psycopg.connect(loaded.dagster_url) as connection:
        statuses = connection.execute("SELECT DISTINCT status FROM runs ORDER BY 1").fetchall()
    assert {status for (status,) in statuses} <= {"SUCCESS", "FAILURE"}
