"""Migrations: each one upgrades the databases of earlier releases, and a released one never changes.

A release adds its line to `RELEASES`. The migrations that come after it then run on a database that the release would
have made, with a row in each of its tables.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets.warehouse import schema
from chatwoot_assets.warehouse.schema import VERSION_TABLE, migrate, revisions, upgrade
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.warehouse.catalog import describe_schema, tables

# Each release: its newest migration, and the hash of its migrations' statements.
RELEASES = {
    "0.1.0": ("0001_baseline", "474c866d8c7695cdd6eee128f737808742cd70dae22ec956dd07d49bf43591cc"),
}

# What a migration changes on purpose: 0002 has every day loaded again, from its extracts.
CHANGED = {"partition_state": {"messages_fingerprint"}}
# What it drops: 0003 keeps what is known about a day in one row.
DROPPED = {"metric_state", "row_versions"}

_VALUES: dict[str, Any] = {
    "bigint": 1,
    "integer": 2,
    "smallint": 3,
    "double precision": 4.5,
    "text": "text",
    "text[]": ["one", "two"],
    "jsonb": Jsonb([]),
    "boolean": True,
    "date": "2025-03-10",
    "timestamp with time zone": "2025-03-10 12:00:00+00",
}

Rows = dict[str, list[dict[str, Any]]]


def _hash_of_statements(last: str) -> str:
    """Return a hash of the SQL of all migrations up to one, without its comments."""
    names = [name for name in revisions() if name <= last]
    texts = [sql_path("warehouse", "migrations", f"{name}.sql").read_text(encoding="utf-8") for name in names]
    return hashlib.sha256(re.sub(r"--.*", "", "".join(texts)).encode()).hexdigest()


def _fill(connection: psycopg.Connection) -> None:
    """Insert a row into each table."""
    for table in tables(connection):
        if table == VERSION_TABLE:
            continue
        columns = connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        ).fetchall()
        insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
            sql.SQL(", ").join(sql.Placeholder() for _ in columns),
        )
        connection.execute(insert, [_VALUES[kind] for _, kind in columns])


def _rows(connection: psycopg.Connection) -> Rows:
    query = "SELECT to_jsonb(t) FROM {} AS t"
    return {
        table: [row for (row,) in connection.execute(sql.SQL(query).format(sql.Identifier(table)))]
        for table in tables(connection)
        if table != VERSION_TABLE
    }


def test_migrations_are_one_line_of_descent_named_after_their_files() -> None:
    ids = {}
    for name in revisions():
        path = Path(schema.__file__).parent / "migrations" / "versions" / f"v{name}.py"
        text = path.read_text(encoding="utf-8")
        ids[re.findall(r'^revision = "(.+)"$', text, re.M)[0]] = re.findall(r"^down_revision = (.+)$", text, re.M)[0]
    assert list(ids) == revisions()
    assert list(ids.values()) == ["None", *(f'"{name}"' for name in revisions()[:-1])]


def test_this_version_is_a_release_with_a_known_schema() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    versions = re.findall(r'^version = "(.+)"$', project.read_text(encoding="utf-8"), re.M)
    assert versions[0] in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_released_migrations_do_not_change(release: str) -> None:
    last, statements = RELEASES[release]
    assert _hash_of_statements(last) == statements


@pytest.mark.parametrize("release", RELEASES)
def test_database_of_a_release_is_upgraded_with_its_rows(postgres: Postgres, release: str) -> None:
    fresh, upgraded = (Warehouse(url=postgres.new_database()) for _ in range(2))
    migrate(fresh)
    with upgraded.connect() as connection:
        upgrade(connection, RELEASES[release][0])
    with upgraded.connect() as connection:
        _fill(connection)
        before = _rows(connection)
    migrate(upgraded)
    with fresh.connect() as fresh_session, upgraded.connect() as upgraded_session:
        assert describe_schema(fresh_session) == describe_schema(upgraded_session)
        after = _rows(upgraded_session)
    assert min(map(len, before.values())) == 1
    for table, rows in before.items():
        if table in DROPPED:
            continue
        names = rows[0].keys() & after[table][0].keys() - CHANGED.get(table, set())
        kept = [{name: row[name] for name in names} for row in after[table]]
        assert kept == [{name: row[name] for name in names} for row in rows], table


def test_messages_of_0_1_0_become_rows(postgres: Postgres) -> None:
    database = Warehouse(url=postgres.new_database())
    elements = [
        {"id": 7, "created_at": "2025-03-10T23:59:59.999999Z", "message_type": "incoming", "sender_type": "Contact",
         "sender_id": 5, "private": False, "deleted": False, "content": "a \"quoted\" text"},
        {"id": 8, "created_at": None, "message_type": "outgoing", "sender_type": None, "sender_id": None,
         "private": True, "deleted": None, "content": None},
    ]  # fmt: skip
    with database.connect() as connection:
        upgrade(connection, "0001_baseline")
    with database.connect() as connection:
        _fill(connection)
        connection.execute("UPDATE conversas_analytics SET message_compiled = %s", [Jsonb(elements)])
    migrate(database)
    with database.connect() as connection:
        assert connection.execute("SELECT message_compiled FROM vw_messages_compiled").fetchall() == [(elements[::-1],)]
        assert connection.execute(
            "SELECT conversation_id, conversation_date::text, account_id, marks FROM messages ORDER BY id"
        ).fetchall() == [(1, "2025-03-10", 2, 0), (1, "2025-03-10", 2, 2)]


@pytest.mark.parametrize(("fingerprint", "definition"), [("a|b|c|d", "rules"), ("a|b|c|other", None)])
def test_day_that_was_complete_need_not_be_loaded_again(
    postgres: Postgres, fingerprint: str, definition: str | None
) -> None:
    database = Warehouse(url=postgres.new_database())
    with database.connect() as connection:
        upgrade(connection, "0002_flat_messages")
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO partition_state VALUES ('2025-03-10', 1, 2, 3, now(), now(), 'run', 'a', 'b', 'c', 'd', now())"
        )
        connection.execute(
            "INSERT INTO metric_state VALUES ('2025-03-10', %s, 'rules', now(), now(), 'run')", [fingerprint]
        )
    migrate(database)
    with database.connect() as connection:
        assert connection.execute("SELECT definition FROM partition_state").fetchall() == [(definition,)]


@pytest.mark.parametrize("revision", ["0010", "0001", "0099_of_a_newer_version"])
def test_schema_of_an_unknown_version_is_refused_in_one_line(postgres: Postgres, revision: str) -> None:
    database = Warehouse(url=postgres.new_database())
    with database.connect() as connection:
        upgrade(connection)
    with database.connect() as connection:
        update = sql.SQL("UPDATE {} SET version_num = %s").format(sql.Identifier(VERSION_TABLE))
        connection.execute(update, [revision])
    with pytest.raises(WarehouseError, match=rf"\(migration {revision}\).*upgrade.*recreate the database") as raised:
        migrate(database)
    assert "\n" not in str(raised.value)
    assert not raised.value.transient
