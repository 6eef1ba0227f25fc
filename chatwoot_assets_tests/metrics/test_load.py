"""The metrics tables as runs fill them: complete, together, and only where rows changed."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.metrics.columns import SUMMED, TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh import batches
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.metrics.tables import check_metrics, read_tables, with_targets
from chatwoot_assets_tests.project import Project

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 14)
DATE = datetime.date(2025, 3, 11)


def test_every_table_of_a_sample_month_is_filled_and_adds_up(
    postgres: Postgres, sample_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("sample_metrics")
    project = with_targets(Project.create(sample_url, postgres.new_database(), directory, empty=False))
    project.load(datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))
    tables = read_tables(project)
    assert min(map(len, tables.values())) > 100, {table: len(rows) for table, rows in tables.items()}
    assert check_metrics(project) == {}


def test_adversarial_rows_add_up_too(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("adversarial_metrics")
    project = Project.create(postgres.new_database(), postgres.new_database(), directory)
    with project.source() as connection:
        days = insert_adversarial_rows(connection)
    for day in days.sao_paulo:
        assert project.load(day).success
    assert check_metrics(project) == {}
    with project.target() as connection:
        assert connection.execute("SELECT count(*) FROM conversation_facts").fetchone() == (
            len(project.conversations()),
        )


def test_check_names_a_day_that_is_missing_from_a_table(filled: Project) -> None:
    filled = with_targets(filled)
    filled.load(FIRST, LAST)
    assert check_metrics(filled) == {}
    detected = set()
    for table in TABLES:
        with filled.target() as connection:
            connection.execute(sql.SQL("CREATE TABLE kept AS SELECT * FROM {}").format(sql.Identifier(table)))
            delete = sql.SQL("DELETE FROM {} WHERE conversation_date = %s").format(sql.Identifier(table))
            connection.execute(delete, [DATE])
        if check_metrics(filled):
            detected.add(table)
        with filled.target() as connection:
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
            connection.execute(sql.SQL("INSERT INTO {} SELECT * FROM kept").format(sql.Identifier(table)))
            connection.execute("DROP TABLE kept")
    # Chatwoot's own events, SLAs and calls are counted nowhere else.
    assert detected == set(TABLES) - {"conversation_events", "conversation_slas", "calls"}
    assert check_metrics(filled) == {}


def _read_statuses(project: Project) -> dict[str, set[tuple[Any, ...]]]:
    """Return each conversation's status and labels, from each table that has them."""
    tables = ("conversation_facts", "response_intervals", "resolutions", "episodes")
    query = "SELECT conversation_id, status, labels::text FROM {}"
    with project.target() as connection:
        return {
            table: set(connection.execute(sql.SQL(query).format(sql.Identifier(table))).fetchall()) for table in tables
        }


def test_waits_and_resolutions_follow_status_and_labels(filled: Project) -> None:
    filled.load(FIRST, LAST)
    before = _read_statuses(filled)
    with filled.source() as connection:
        connection.execute("UPDATE conversations SET status = 3 WHERE id = 4")
        connection.execute("DELETE FROM taggings WHERE taggable_id = 3")
        connection.execute("UPDATE tags SET name = 'ouro'")
    filled.load(FIRST, LAST)
    after = _read_statuses(filled)
    assert {(3, "open", "{}"), (4, "snoozed", "{}"), (6, "open", "{ouro}")} <= after["conversation_facts"]
    for table in ("response_intervals", "resolutions", "episodes"):
        assert after[table] <= after["conversation_facts"]
        assert after[table] != before[table]
        assert {row[0] for row in after[table]} == {row[0] for row in before[table]}


def test_conversation_with_labels_too_long_for_an_index_is_loaded(filled: Project) -> None:
    with filled.writing() as writer:
        for number in range(200):
            writer.tag(100 + number, hashlib.sha256(bytes([number])).hexdigest())
            writer.label(7, 100 + number, id=100 + number)
    filled.load(FIRST, LAST)
    with filled.target() as connection:
        for table in ("response_intervals", "resolutions", "episodes"):
            query = sql.SQL("SELECT cardinality(labels) FROM {} WHERE conversation_id = 7")
            assert connection.execute(query.format(sql.Identifier(table))).fetchall() == [(200,)]


def test_day_computed_in_parts_equals_the_whole_day(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.load(FIRST, LAST)
    whole = read_tables(filled)
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", 2)
    filled.load(FIRST, LAST, force=True)
    assert read_tables(filled) == whole


def test_conversation_that_moved_to_another_day_is_stored_once(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("UPDATE conversations SET created_at = '2025-03-14 12:00' WHERE id = 3")
    filled.load(LAST)  # the day that it moved to, but not the day that it left
    with filled.target() as connection:
        dates = connection.execute("SELECT conversation_date FROM conversation_facts WHERE conversation_id = 3")
        assert dates.fetchall() == [(LAST,)]
    filled.load(FIRST, LAST)
    assert check_metrics(filled) == {}


def test_rows_deleted_in_chatwoot_leave_every_table(filled: Project) -> None:
    filled.load(FIRST, LAST)
    with filled.source() as connection:
        connection.execute("DELETE FROM conversations")
    filled.load(FIRST, LAST)
    assert {table: rows for table, rows in read_tables(filled).items() if rows} == {}


def _read_columns(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()


def _read_key(connection: psycopg.Connection, table: str) -> set[str]:
    rows = connection.execute(
        "SELECT a.attname FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    ).fetchall()
    return {name for (name,) in rows}


def test_tables_have_the_declared_columns_and_keys(postgres: Postgres) -> None:
    database = Warehouse(url=postgres.new_database())
    migrate(database)
    with database.connect() as connection:
        for table, columns in TABLES.items():
            types = {
                name: column.type.replace("timestamptz", "timestamp with time zone") for name, column in columns.items()
            }
            assert list(types.items()) == _read_columns(connection, table)
        assert {table: set(key) for table, key in SUMMED.items()} == {
            table: _read_key(connection, table) for table in SUMMED
        }
