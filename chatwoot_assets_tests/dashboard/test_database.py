"""The dashboard's sessions: closed to writes, limited, few, and back after the server was."""

from __future__ import annotations

import re
import threading

import psycopg
import pytest

from chatwoot_assets.dashboard.database import MOST_SESSIONS, ReadOnlyPool
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.servers import free_port


@pytest.fixture
def url(postgres: Postgres) -> str:
    found = postgres.new_database()
    with psycopg.connect(found) as connection:
        connection.execute("CREATE TABLE kept (one integer)")
    return found


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("statement", ["INSERT INTO kept VALUES (1)", "DROP TABLE kept", "CREATE TABLE other ()"])
def test_a_session_cannot_write(url: str, statement: str) -> None:
    sessions = ReadOnlyPool(lambda: url)
    with pytest.raises(WarehouseError, match="read-only"):
        sessions.read(lambda connection: connection.execute(statement.encode()))
    assert sessions.read(lambda connection: _one(connection, "SELECT count(*) FROM kept")) == 0
    sessions.close()


def test_a_session_has_its_limits_and_its_name(url: str) -> None:
    sessions = ReadOnlyPool(lambda: url)
    for setting, value in {
        "statement_timeout": "10s",
        "lock_timeout": "2s",
        "transaction_read_only": "on",
        "transaction_isolation": "repeatable read",
        "application_name": "chatwoot_assets dashboard",
        "timezone": "UTC",
    }.items():
        assert sessions.read(lambda connection, name=setting: _one(connection, f"SHOW {name}")) == value  # type: ignore[misc]  # a lambda
    sessions.close()


def test_a_connection_that_died_while_idle_is_replaced_without_a_word(url: str) -> None:
    sessions = ReadOnlyPool(lambda: url)
    first = sessions.read(lambda connection: _one(connection, "SELECT pg_backend_pid()"))
    with psycopg.connect(url) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [first])
    assert sessions.read(lambda connection: _one(connection, "SELECT pg_backend_pid()")) != first
    sessions.close()


def test_a_connection_is_used_again(url: str) -> None:
    sessions = ReadOnlyPool(lambda: url)
    pids = {sessions.read(lambda connection: _one(connection, "SELECT pg_backend_pid()")) for _ in range(5)}
    assert len(pids) == 1
    sessions.close()


def test_many_viewers_share_few_connections(url: str) -> None:
    sessions = ReadOnlyPool(lambda: url)
    pids: set[object] = set()

    def work() -> None:
        pids.add(sessions.read(lambda connection: _one(connection, "SELECT pg_backend_pid() FROM pg_sleep(0.05)")))

    threads = [threading.Thread(target=work) for _ in range(4 * MOST_SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(pids) <= MOST_SESSIONS
    sessions.close()


def test_a_server_that_is_not_there_is_told_at_once_and_why() -> None:
    port = free_port()
    sessions = ReadOnlyPool(lambda: f"postgresql://somebody:secret@127.0.0.1:{port}/analytics")
    with pytest.raises(WarehouseError, match="refused") as raised:
        sessions.read(lambda connection: connection.execute("SELECT 1"))
    assert "secret" not in str(raised.value)


def test_all_queries_mean_the_same_by_the_filters() -> None:
    """Whichever query counts, it has the one condition: of the conversation's own columns, and of its facts."""

    def condition(name: str) -> list[str]:
        text = " ".join(sql_path("dashboard", f"{name}.sql").read_text(encoding="utf-8").split())
        start = text.rindex("WHERE", 0, text.rindex(":'labels'"))
        end = "&& :'labels'::text[])"
        parts = re.split(r" AND (?=\()", text[start : text.index(end, start) + len(end)])
        return [re.sub(r"(happened|facts)\.", "", part) for part in parts if ":'" in part][1:]

    names = ("created", "waits", "closings", "conversations", "comments")
    assert len({tuple(condition(name)) for name in names}) == 1
    assert len(condition("created")) == 6


def test_every_query_is_composed_of_known_variables() -> None:
    values = {
        "first_day": "2025-01-01", "last_day": "2025-01-31", "accounts": [], "inboxes": [1], "teams": [0],
        "agents": [2**31 - 1], "labels": ["v'ip"], "statuses": ["o'pen"], "grain": "day", "clock": "business",
        "dimension": "label", "needs_reply": True, "daily_table": 'odd"name', "group_column": 'odd"name',
        "rows_a_page": 1, "rows_before": 0, "conversation_id": 1,
    }  # fmt: skip
    for path in sorted(sql_path("dashboard").glob("*.sql")):
        if path.name != "role.sql":
            assert ":'" not in compose(path, **values).as_string()
