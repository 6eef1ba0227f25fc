"""A server that says nothing: the wait is reported, ends, and closes the socket, with either driver."""

from __future__ import annotations

import logging
from contextlib import closing

import pytest
from psycopg import sql

from chatwoot_assets import statement_limits
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.errors import SourceError, WarehouseError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.source import adbc_connection
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.stalling_proxy import StallingProxy, stalling_proxy

_NO_ANSWER = "no answer for .* s: the connection is lost, or a proxy or firewall on the way holds it"
_STALLING = b"SELECT 'it stalls'"


def _read(proxy: StallingProxy, url: str, way: str, seconds: int = 1) -> None:
    """Execute the statement at which the proxy stalls."""
    url = proxy.url(url)
    query = sql.SQL(_STALLING.decode())
    source = ChatwootDatabase(url=url, statement_timeout_seconds=seconds)
    if way == "warehouse":
        with Warehouse(url=url, statement_timeout_seconds=seconds).connect() as connection, connection.transaction():
            connection.execute(query)
    elif way == "views":
        with source.transaction() as connection:
            connection.execute(query)
    elif way == "dashboard":
        with closing(ReadOnlyPool(lambda: url)) as pool:
            pool.read(lambda connection: connection.execute(query).fetchall())
    else:
        with snapshot(source) as taken:
            taken.read(query)


@pytest.mark.parametrize("way", ["warehouse", "views", "dashboard", "snapshot"])
def test_silent_connection_is_given_up_and_closed(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(statement_limits, "GRACE_SECONDS", 0.5)
    monkeypatch.setattr("chatwoot_assets.dashboard.database._STATEMENT_SECONDS", 1)
    with stalling_proxy(postgres, _STALLING) as proxy:
        with pytest.raises((SourceError, WarehouseError), match=_NO_ANSWER) as raised:
            _read(proxy, postgres.new_database(), way)
        assert raised.value.transient
        assert proxy.was_closed.wait(60)
    assert adbc_connection._abandoned == []


@pytest.mark.parametrize("way", ["warehouse", "snapshot"])
def test_long_wait_is_reported_while_it_lasts(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    monkeypatch.setattr(statement_limits, "REPORT_SECONDS", 0.2)
    url, query = postgres.new_database(), sql.SQL("SELECT 1 AS one, pg_sleep(2.5)::text AS slept")
    with caplog.at_level(logging.WARNING):
        if way == "warehouse":
            with Warehouse(url=url).connect() as connection:
                assert connection.execute(query).fetchone() == (1, "")
        else:
            with snapshot(ChatwootDatabase(url=url)) as taken:
                assert taken.read(query).rows() == [(1, "")]
    name = "ANALYTICS_DATABASE_URL" if way == "warehouse" else "CHATWOOT_DATABASE_URL"
    assert any(record.getMessage().startswith(f"Waiting for {name}: ") for record in caplog.records)


def test_slow_rows_are_not_taken_for_silence(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_limits, "GRACE_SECONDS", -0.2)  # 0.8 s, longer than each wait and shorter than all
    with Warehouse(url=postgres.new_database(), statement_timeout_seconds=1).connect() as connection:
        connection.execute("SET statement_timeout = 0")
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY (SELECT repeat('x', 9000), pg_sleep(0.1) FROM generate_series(1, 20)) TO STDOUT") as copy,
        ):
            assert sum(1 for _ in copy.rows()) == 20


def test_statement_after_a_failed_one_works(postgres: Postgres) -> None:
    source = ChatwootDatabase(url=postgres.new_database())
    with snapshot(source) as taken:
        with pytest.raises(SourceError):
            taken.read(sql.SQL("SELECT 1 / 0 AS nothing"))
        taken.renew()
        assert taken.read(sql.SQL("SELECT 1 AS one")).rows() == [(1,)]
