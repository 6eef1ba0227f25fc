"""Settings of roles, databases and the environment: a session states what it relies on, so that they change nothing."""

from __future__ import annotations

import datetime
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.status import read_status
from chatwoot_assets.database_urls import explicit_url
from chatwoot_assets.erasure.databases import find_in_chatwoot, find_in_tables
from chatwoot_assets.erasure.subject import Found, Subject
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse, connect
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.source_comparison import read_sync_status
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary
from chatwoot_assets_tests.project import Project

DATE = datetime.date(2025, 3, 10)
AT = "2025-03-10 12:00:00.123457"

SETTINGS = {
    "DateStyle": "German, DMY",
    "TimeZone": "Asia/Kathmandu",
    "client_encoding": "LATIN1",
    "extra_float_digits": "-8",
    "IntervalStyle": "sql_standard",
    "search_path": "elsewhere",
}


@pytest.fixture
def project(postgres: Postgres, tmp_path: Path) -> Project:
    """A project with a day of texts, fractions of seconds, and a rating."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path, start=DATE)
    with project.writing() as writer:
        for number, name in enumerate(["Zoé", "Łukasz 👩‍👩‍👧‍👦", "'\\\"\n\t"], start=1):
            writer.contact(100 + number, name)
            writer.conversation(
                AT, id=number, contact_id=100 + number, first_reply_created_at=f"2025-03-10 15:07:0{number}.3"
            )
            writer.message(number, AT, f"{name}?", id=number, sender_id=100 + number)
            writer.rating(number, "2025-03-11 01:02:03.456789", 5, id=number, feedback_message=name)
            writer.event(number, "2025-03-10 15:07:01", "first_response", 11220.176543)
    return project


def _as_role(project: Project, name: str) -> Project:
    source_url, target_url = (url.replace("postgres@", f"{name}@") for url in (project.source_url, project.target_url))
    return Project(source_url, target_url, project.settings)


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_of_a_role_change_nothing(project: Project, setting: str) -> None:
    name = f"with_{setting}".lower()
    value = sql.SQL(SETTINGS[setting]) if "," in SETTINGS[setting] else sql.Literal(SETTINGS[setting])
    with psycopg.connect(project.target_url) as administrator:
        administrator.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(sql.Identifier(name)))
        alter = sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(name), sql.Identifier(setting), value)
        administrator.execute(alter)
    configured = _as_role(project, name)

    result = configured.load(DATE)
    with project.source() as connection:
        expected = expected_conversations(connection, "America/Sao_Paulo", DATE)
    assert differences(expected, project.conversations()) == []
    assert differences(expected_daily_summary(expected), project.daily_summary()) == []
    assert [check.check_name for check in result.get_asset_check_evaluations() if not check.passed] == []

    chatwoot, warehouse = ChatwootDatabase(url=configured.source_url), Warehouse(url=configured.target_url)
    changes = scan_for_changes(configured.settings, chatwoot, warehouse, recent=3)
    assert DATE not in [day.date for day in changes.days]
    with warehouse.connect() as session, snapshot(chatwoot) as source:
        assert read_sync_status(session).compared_at == changes.compared_at
        contact = Subject("contact", 101)
        found = Found("conversations", {"2025-03-10": 1})
        episodes = Found("episodes", {"2025-03-10": 1})
        assert find_in_tables(session, contact, lambda _: None) == [found, episodes]
        assert find_in_chatwoot(source, configured.settings.views_schema, contact)[0] == found
    with closing(ReadOnlyPool(lambda: configured.target_url)) as pool:
        assert list(pool.read(read_status).days) == [DATE]


def test_rows_that_a_policy_hides_are_an_error(project: Project) -> None:
    with psycopg.connect(project.source_url) as administrator:
        administrator.execute("CREATE ROLE restricted LOGIN")
        administrator.execute("ALTER TABLE conversations ENABLE ROW LEVEL SECURITY")
        administrator.execute("ALTER TABLE conversations OWNER TO restricted")
        administrator.execute("ALTER TABLE conversations FORCE ROW LEVEL SECURITY")
        administrator.execute("CREATE POLICY odd ON conversations USING (id % 2 = 1)")
        administrator.execute("GRANT USAGE ON SCHEMA chatwoot_analytics TO restricted")
        administrator.execute("GRANT SELECT ON ALL TABLES IN SCHEMA chatwoot_analytics, public TO restricted")
        views = administrator.execute("SELECT viewname FROM pg_views WHERE schemaname = 'chatwoot_analytics'")
        for (view,) in views.fetchall():
            alter = sql.SQL("ALTER VIEW chatwoot_analytics.{} OWNER TO restricted")
            administrator.execute(alter.format(sql.Identifier(view)))
    restricted = ChatwootDatabase(url=_as_role(project, "restricted").source_url)
    query = sql.SQL("SELECT id FROM chatwoot_analytics.vw_conversations_base")
    with pytest.raises(SourceError, match="row-level security"), snapshot(restricted) as source:
        source.read(query)


# What libpq reads from its environment. None of it is a way to reach the test's servers.
ENVIRONMENT = {
    "PGHOST": "nowhere.invalid",
    "PGHOSTADDR": "192.0.2.1",
    "PGPORT": "9999",
    "PGUSER": "nobody_known",
    "PGDATABASE": "elsewhere",
    "PGOPTIONS": "-c statement_timeout=1ms -c search_path=elsewhere",
    "PGCLIENTENCODING": "LATIN1",
    "PGDATESTYLE": "German, DMY",
    "PGTZ": "Asia/Kathmandu",
    "PGTARGETSESSIONATTRS": "standby",
    "PGCONNECT_TIMEOUT": "1",
    "PGAPPNAME": "somebody else",
}


def test_environment_variables_of_libpq_change_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with project.source() as connection:
        expected = expected_conversations(connection, "America/Sao_Paulo", DATE)
    with monkeypatch.context() as patched:
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        result = project.load(DATE)
        with closing(ReadOnlyPool(lambda: project.target_url)) as pool:
            assert list(pool.read(read_status).days) == [DATE]
        with Warehouse(url=project.target_url).connect() as session:
            settings = session.execute("SELECT current_setting('application_name'), current_setting('client_encoding')")
            assert settings.fetchone() == ("chatwoot_assets", "UTF8")
    assert differences(expected, project.conversations()) == []
    assert [check.check_name for check in result.get_asset_check_evaluations() if not check.passed] == []


@pytest.mark.postgres
def test_embedded_server_is_reached_whatever_libpq_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    server = embedded.start(tmp_path / "postgres")
    try:
        with connect(server.url("a database")) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("a database",)
    finally:
        embedded.release(server)


def test_stated_url_keeps_what_the_url_says() -> None:
    url = explicit_url("postgresql://ana@host:6543/db?connect_timeout=3&options=-cgeqo%3Doff")
    parts = conninfo_to_dict(url)
    assert {name: parts[name] for name in ("user", "host", "port", "dbname", "connect_timeout", "options")} == {
        "user": "ana",
        "host": "host",
        "port": "6543",
        "dbname": "db",
        "connect_timeout": "3",
        "options": "-cgeqo=off",
    }
    assert parts["tcp_user_timeout"] == "60000"
