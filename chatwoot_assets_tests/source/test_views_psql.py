"""The views' files, run by psql as a DBA does it: they make the views that Python makes, and a role for reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project, create_chatwoot
from chatwoot_assets_tests.source.psql import find_psql, run_file, run_successfully
from chatwoot_assets_tests.source.view_catalog import definitions

DEFAULTS = ("chatwoot_analytics", "UTC")
OPTIONS = ("Odd \"schema\" of 'ours'", "America/Sao_Paulo")


@pytest.fixture(scope="module")
def program(postgres: Postgres) -> Path:
    return find_psql(postgres)


@pytest.fixture
def chatwoot_url(postgres: Postgres) -> str:
    url = postgres.new_database()
    create_chatwoot(url)
    return url


def _by_python(url: str, schema: str, timezone: str) -> dict[str, str]:
    """Return the definitions that Python makes, and drop the schema again."""
    with psycopg.connect(url) as connection:
        create_views(connection, ViewOptions(schema, timezone))
        created = definitions(connection, schema)
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    return created


def _definitions(url: str, schema: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return definitions(connection, schema)


def _variables(schema: str, timezone: str) -> dict[str, str]:
    """Return psql's options, or none for the defaults."""
    return {} if (schema, timezone) == DEFAULTS else {"views_schema": schema, "reporting_timezone": timezone}


@pytest.mark.parametrize(("schema", "timezone"), [DEFAULTS, OPTIONS], ids=["defaults", "options"])
def test_create_all_makes_the_views_that_python_makes_and_is_idempotent(
    program: Path, chatwoot_url: str, schema: str, timezone: str
) -> None:
    expected = _by_python(chatwoot_url, schema, timezone)
    for _ in range(2):
        run_successfully(program, chatwoot_url, "create_all.sql", **_variables(schema, timezone))
        assert _definitions(chatwoot_url, schema) == expected


@pytest.mark.parametrize(("schema", "timezone"), [DEFAULTS, OPTIONS], ids=["defaults", "options"])
def test_each_file_runs_alone_and_makes_the_view_that_python_makes(
    program: Path, chatwoot_url: str, schema: str, timezone: str
) -> None:
    expected = _by_python(chatwoot_url, schema, timezone)
    for view in VIEWS:
        run_successfully(program, chatwoot_url, f"{view.name}.sql", **_variables(schema, timezone))
    assert _definitions(chatwoot_url, schema) == expected


def test_the_time_zone_of_views_made_in_psql_is_recognized(program: Path, chatwoot_url: str) -> None:
    schema, timezone = OPTIONS
    run_successfully(program, chatwoot_url, "create_all.sql", **_variables(schema, timezone))
    with psycopg.connect(chatwoot_url) as connection:
        before = definitions(connection, schema)
        create_views(connection, ViewOptions(schema, timezone))
        with pytest.raises(SourceError, match=f"made for the time zone {timezone}, and REPORTING_TIMEZONE is UTC"):
            create_views(connection, ViewOptions(schema, "UTC"))
        assert definitions(connection, schema) == before
        create_views(connection, ViewOptions(schema, "UTC"), change_timezone=True)
        assert definitions(connection, schema) != before
        connection.rollback()


@pytest.mark.parametrize(("schema", "timezone"), [DEFAULTS, OPTIONS], ids=["defaults", "options"])
def test_drop_all_drops_the_views_and_nothing_else(
    program: Path, chatwoot_url: str, schema: str, timezone: str
) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        create_views(connection, ViewOptions(schema, timezone))
        connection.execute(sql.SQL("CREATE VIEW {} AS SELECT 1 AS one").format(sql.Identifier(schema, "mine")))
    for _ in range(2):
        run_successfully(program, chatwoot_url, "drop_all.sql", **_variables(schema, timezone))
        assert set(_definitions(chatwoot_url, schema)) == {"mine"}


def test_failed_create_all_leaves_nothing_behind(program: Path, chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("ALTER TABLE csat_survey_responses RENAME TO away")
    failed = run_file(program, chatwoot_url, "create_all.sql")
    assert failed.returncode != 0
    assert "csat_survey_responses" in failed.stderr
    assert _definitions(chatwoot_url, "chatwoot_analytics") == {}


def test_files_run_from_any_directory_without_the_right_to_add_schemas(program: Path, chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("CREATE ROLE dba LOGIN; CREATE SCHEMA chatwoot_analytics AUTHORIZATION dba")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO dba")
    run_successfully(program, chatwoot_url.replace("postgres@", "dba@"), "create_all.sql")
    assert len(_definitions(chatwoot_url, "chatwoot_analytics")) == len(VIEWS)


@pytest.fixture(scope="module")
def readable(program: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A project with a conversation, and the URL of a role that was made and let read by our files, run twice."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("reader"))
    with project.writing() as writer:
        writer.message(writer.conversation("2025-03-10 12:00:00"), "2025-03-10 12:00:01")
    for _ in range(2):
        run_successfully(program, project.source_url, "role.sql", reader='a "reader"')
        run_successfully(program, project.source_url, "grants.sql", reader='a "reader"')
    return project, project.source_url.replace("postgres@", "a%20%22reader%22@")


@pytest.fixture
def reader(readable: tuple[Project, str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(readable[1], autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("name", [view.name for view in VIEWS])
def test_reader_can_read_each_view(reader: psycopg.Connection, name: str) -> None:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("chatwoot_analytics", name))
    assert reader.execute(query).fetchone() in {(0,), (1,)}


@pytest.mark.parametrize("table", ["conversations", "messages", "contacts", "users", "inboxes"])
def test_reader_cannot_read_the_tables(reader: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier(table)))


WRITES = [
    "CREATE TABLE chatwoot_analytics.mine (id int)",
    "CREATE VIEW public.mine AS SELECT 1",
    "DELETE FROM public.conversations",
]


@pytest.mark.parametrize("statement", WRITES)
def test_reader_cannot_write_even_in_a_writable_session(reader: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.execute(statement.encode())
    reader.execute("SET default_transaction_read_only = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement.encode())


@pytest.mark.parametrize("name", [view.name for view in VIEWS])
def test_nobody_writes_through_a_view(readable: tuple[Project, str], name: str) -> None:
    statement = sql.SQL("DELETE FROM {}").format(sql.Identifier("chatwoot_analytics", name))
    with readable[0].source() as connection, pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        connection.execute(statement)


def test_reader_is_all_that_an_extract_needs(readable: tuple[Project, str]) -> None:
    project, url = readable
    day = days(["2025-03-10"], project.settings.reporting_timezone)
    with snapshot(ChatwootDatabase(url=url)) as source:
        rows = [
            e.rows for e in extract_days(source, "chatwoot_analytics", "defined", day, project.store, lambda _: None)
        ]
    assert rows == [1, 1, 0, 0]


def test_reader_cannot_deploy_views_which_is_said_in_one_line(readable: tuple[Project, str]) -> None:
    database = ChatwootDatabase(url=readable[1])
    with pytest.raises(SourceError) as raised, database.transaction() as connection:
        create_views(connection, ViewOptions("chatwoot_analytics", readable[0].settings.reporting_timezone.key))
    assert "\n" not in str(raised.value)
    assert not raised.value.transient


def test_reader_keeps_its_rights_when_the_views_are_replaced(readable: tuple[Project, str]) -> None:
    project, url = readable
    with project.source() as connection:
        connection.execute("DROP SCHEMA IF EXISTS later CASCADE; DROP VIEW chatwoot_analytics.vw_csat_base CASCADE")
        connection.execute("CREATE VIEW chatwoot_analytics.vw_csat_base AS SELECT 'older' AS conversation_id")
    project.create_views()
    with psycopg.connect(url) as connection:
        for view in VIEWS:
            read = connection.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier("chatwoot_analytics", view.name)))
            assert str(read.statusmessage).startswith("SELECT")
