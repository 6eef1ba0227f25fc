"""The schema is looked at once per process and database, and again after an error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.database_urls import explicit_url
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.statement_limits import LimitedConnection
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import create_chatwoot

_MIGRATE = """
import sys
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate
migrate(Warehouse(url=sys.argv[1]))
print("alembic" in sys.modules)
"""


@pytest.fixture
def database(postgres: Postgres) -> Warehouse:
    return Warehouse(url=postgres.new_database())


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The URLs of all sessions that are opened from here on."""
    urls: list[str] = []
    connect: Callable[..., psycopg.Connection[Any]] = LimitedConnection.connect

    def recording(url: str, **options: object) -> psycopg.Connection[Any]:
        urls.append(url)
        return connect(url, **options)

    with monkeypatch.context() as patch:
        patch.setattr(LimitedConnection, "connect", recording)
        yield urls


def _has_tables(database: Warehouse) -> bool:
    with closing(psycopg.connect(database.url)) as connection:
        return connection.execute("SELECT to_regclass('partition_state')").fetchone() != (None,)


def test_second_migration_sends_nothing(database: Warehouse, sessions: list[str]) -> None:
    migrate(database)
    assert sessions == [explicit_url(database.url)]
    migrate(Warehouse(url=database.url))
    assert sessions == [explicit_url(database.url)]


def test_threads_migrate_a_database_once(database: Warehouse, sessions: list[str]) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate(database), range(4)))
    assert sessions == [explicit_url(database.url)]


def test_each_database_is_migrated(postgres: Postgres, sessions: list[str]) -> None:
    urls = [postgres.new_database() for _ in range(2)]
    sessions.clear()
    for url in urls:
        migrate(Warehouse(url=url))
    assert sessions == [explicit_url(url) for url in urls]
    assert all(_has_tables(Warehouse(url=url)) for url in urls)


def test_current_schema_needs_no_alembic(database: Warehouse) -> None:
    imported = [
        subprocess.run(
            [sys.executable, "-c", _MIGRATE, database.url], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert imported == ["True", "False"]


def test_emptied_database_is_migrated_after_an_error(database: Warehouse) -> None:
    migrate(database)
    with psycopg.connect(database.url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    with pytest.raises(WarehouseError, match="partition_state"), database.connect() as session:
        session.execute("SELECT count(*) FROM partition_state")
    migrate(database)
    assert _has_tables(database)


def test_recreated_database_is_migrated_after_an_error(postgres: Postgres, database: Warehouse) -> None:
    migrate(database)
    name = psycopg.conninfo.conninfo_to_dict(database.url)["dbname"]
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as administrator:
        administrator.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(name))))
    with pytest.raises(WarehouseError, match="does not exist"), database.connect():
        pass
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as administrator:
        administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))
    migrate(database)
    assert _has_tables(database)


def test_chatwoot_is_refused_again_and_again(database: Warehouse) -> None:
    create_chatwoot(database.url)
    for _ in range(2):
        with pytest.raises(WarehouseError, match="Chatwoot's own tables"):
            migrate(database)
