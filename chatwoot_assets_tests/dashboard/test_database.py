"""The dashboard's connections: read-only, limited, few, and working again after a restart of the server."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

import psycopg
import pytest

from chatwoot_assets.dashboard import queries
from chatwoot_assets.dashboard.database import MAX_CONNECTIONS, ReadOnlyPool
from chatwoot_assets.dashboard.queries import cached_rows, read_ahead
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.servers import free_port


@pytest.fixture
def url(postgres: Postgres) -> str:
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE numbers (number integer)")
    return url


def _fetch_value(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("statement", ["INSERT INTO numbers VALUES (1)", "DROP TABLE numbers", "CREATE TABLE other ()"])
def test_connection_cannot_write(url: str, statement: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    with pytest.raises(WarehouseError, match="read-only"):
        pool.read(lambda connection: connection.execute(statement.encode()))
    assert pool.read(lambda connection: _fetch_value(connection, "SELECT count(*) FROM numbers")) == 0
    pool.close()


def test_connection_has_its_limits_and_its_name(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    for setting, value in {
        "statement_timeout": "10s",
        "lock_timeout": "2s",
        "transaction_read_only": "on",
        "transaction_isolation": "repeatable read",
        "application_name": "chatwoot_assets dashboard",
        "timezone": "UTC",
    }.items():
        assert pool.read(lambda connection, name=setting: _fetch_value(connection, f"SHOW {name}")) == value  # type: ignore[misc]  # a lambda
    pool.close()


def test_connection_that_died_while_idle_is_replaced_silently(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    first = pool.read(lambda connection: _fetch_value(connection, "SELECT pg_backend_pid()"))
    with psycopg.connect(url) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [first])
    assert pool.read(lambda connection: _fetch_value(connection, "SELECT pg_backend_pid()")) != first
    pool.close()


def test_connection_is_reused(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    pids = {pool.read(lambda connection: _fetch_value(connection, "SELECT pg_backend_pid()")) for _ in range(5)}
    assert len(pids) == 1
    pool.close()


def test_connection_of_a_read_under_way_is_closed_after_the_pool(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)

    def work(connection: psycopg.Connection) -> psycopg.Connection:
        pool.close()
        assert _fetch_value(connection, "SELECT 1") == 1
        return connection

    assert pool.read(work).closed


def test_many_viewers_share_few_connections(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    pids: set[object] = set()

    def work() -> None:
        pids.add(pool.read(lambda connection: _fetch_value(connection, "SELECT pg_backend_pid() FROM pg_sleep(0.05)")))

    threads = [threading.Thread(target=work) for _ in range(4 * MAX_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(pids) <= MAX_CONNECTIONS
    pool.close()


def test_rows_that_are_read_ahead_are_read_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def fetch(pool: ReadOnlyPool, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        read.append(name)
        return [
            {"pid": pool.read(lambda connection: _fetch_value(connection, "SELECT pg_backend_pid()")), **parameters}
        ]

    monkeypatch.setattr(queries, "fetch_rows", fetch)
    pool = ReadOnlyPool(lambda: url)
    names = ["first", "second", "third", "fourth", "fifth"]
    reads = [partial(cached_rows, pool, url, name, {"name": name}) for name in names]
    with read_ahead(*reads):
        assert [rows()[0]["name"] for rows in reads] == names
    assert sorted(read) == sorted(names)
    pool.close()


def test_error_of_what_is_read_ahead_is_raised_where_it_is_asked_for(url: str) -> None:
    pool = ReadOnlyPool(lambda: url)
    read = partial(cached_rows, pool, url, "filter_options", {})  # there are no tables
    with read_ahead(read, read), pytest.raises(WarehouseError):
        read()
    pool.close()


def test_nothing_more_is_read_ahead_after_the_viewer_has_left() -> None:
    left = threading.Event()
    readers: dict[int, threading.Thread] = {}

    def read(number: int) -> None:
        readers[number] = threading.current_thread()
        left.wait()

    class LeftError(BaseException):
        """What Streamlit raises in the page."""

    def draw() -> None:
        with read_ahead(*(partial(read, number) for number in range(20))):
            while len(readers) < 2:
                time.sleep(0.01)
            raise LeftError

    with pytest.raises(LeftError):
        draw()
    left.set()
    for thread in [*readers.values()]:
        thread.join()
    assert sorted(readers) == [0, 1]


def test_missing_server_is_reported_at_once_with_the_reason() -> None:
    port = free_port()
    pool = ReadOnlyPool(lambda: f"postgresql://somebody:secret@127.0.0.1:{port}/analytics")
    with pytest.raises(WarehouseError, match="refused") as raised:
        pool.read(lambda connection: connection.execute("SELECT 1"))
    assert "secret" not in str(raised.value)
