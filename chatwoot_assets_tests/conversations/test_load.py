"""Replacing days: completely or not at all, without touching others, and with every value unchanged."""

from __future__ import annotations

import datetime
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh.batches import DayBatch, Rows
from chatwoot_assets.warehouse.locks import lock_days
from chatwoot_assets_tests.conversations.test_transform import TEXTS
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.frames import DAY, day_batch, load_days, rows_of, tables_of

NEXT_DAY = DAY + datetime.timedelta(days=1)
NASTY = [
    "",
    " ",
    "NULL",
    "\\N",
    "\\.",
    "a\n\\.\nb",
    '"',
    '""',
    ",",
    "\r",
    "\r\n",
    "\n",
    "'; --",
    "\ufeff",
    "%s",
    "\x01",
]
TEXT = st.none() | TEXTS | st.sampled_from(NASTY)
ROW = st.tuples(TEXT, TEXT, TEXT, TEXT)

Connection = psycopg.Connection[Any]


def _day(marker: str, ids: range, date: datetime.date = DAY) -> DayBatch:
    return day_batch([{"id": id_, "contact_name": marker} for id_ in ids], date=date)


def _rows(connection: Connection, columns: str = "*", date: datetime.date = DAY) -> list[Any]:
    query = f"SELECT {columns} FROM conversas_analytics WHERE conversation_date = %s ORDER BY id"  # noqa: S608 (ours)
    return connection.execute(query.encode(), [date]).fetchall()


def _state(connection: Connection, date: datetime.date = DAY) -> tuple[Any, ...] | None:
    return connection.execute(
        "SELECT conversations, messages, csat, run_id FROM partition_state WHERE conversation_date = %s", [date]
    ).fetchone()


@given(st.lists(ROW, min_size=1, max_size=8))
@examples(120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_stored_unchanged_and_null_is_not_empty(
    connection: Connection, rows: list[tuple[str | None, ...]]
) -> None:
    ids = range(1, len(rows) + 1)
    conversations = [
        {"id": id_, "contact_name": name, "contact_phone": phone}
        for id_, (name, phone, _, _) in zip(ids, rows, strict=True)
    ]
    messages = [{"id": id_, "conversation_id": id_, "content": row[2]} for id_, row in zip(ids, rows, strict=True)]
    csat = [{"conversation_id": id_, "feedback_message": row[3]} for id_, row in zip(ids, rows, strict=True)]
    load_days(connection, [day_batch(conversations, messages, csat)], "run")
    content = "(SELECT m.content FROM messages AS m WHERE m.conversation_id = conversas_analytics.id)"
    stored = _rows(connection, f"contact_name, client_phone, {content}, feedback_message")
    assert stored == rows


def test_every_type_is_stored_unchanged(connection: Connection) -> None:
    extremes = {
        "id": 2**63 - 1, "display_id": -(2**31), "team_id": -(2**63), "status_code": 2**15 - 1,
        "created_at": datetime.datetime(1, 1, 1), "updated_at": datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001 (UTC)
        "first_response_seconds": -0.000001, "is_resolved": True,
    }  # fmt: skip
    load_days(connection, [day_batch([extremes])], "run")
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("SELECT * FROM conversas_analytics").fetchone()
    assert row is not None
    for name, value in extremes.items():
        utc = datetime.timezone.utc
        assert row[name] == (value.replace(tzinfo=utc) if isinstance(value, datetime.datetime) else value), name


@pytest.mark.parametrize("seconds", [1 / 3, 1e-6, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, -123456789.123457])
def test_double_keeps_all_its_bits(connection: Connection, seconds: float) -> None:
    load_days(connection, [day_batch([{"id": 1, "first_response_seconds": seconds}])], "run")
    assert _rows(connection, "first_response_seconds") == [(seconds,)]


def test_replacing_a_day_with_the_same_rows_changes_nothing(connection: Connection) -> None:
    day = _day("same", range(1, 200))
    load_days(connection, [day], "run")
    before = _rows(connection)
    assert load_days(connection, [day], "run")[0].moved == 0
    assert _rows(connection) == before


def test_day_without_new_rows_becomes_empty(connection: Connection) -> None:
    load_days(connection, [_day("old", range(1, 10))], "first")
    (loaded,) = load_days(connection, [_day("", range(0))], "second")
    assert set(loaded.row_counts.values()) == {0}
    assert _rows(connection) == []
    assert _state(connection) == (0, 0, 0, "second")
    assert connection.execute("SELECT count(*) FROM daily_summary").fetchone() == (0,)


def test_other_days_are_not_touched(connection: Connection) -> None:
    other = _day("other", range(500, 600), NEXT_DAY)
    load_days(connection, [_day("old", range(1, 100)), other], "first")
    before = _versions(connection)
    load_days(connection, [_day("new", range(1, 50))], "second")
    assert _versions(connection) == before


def _versions(connection: Connection) -> list[Any]:
    """Return the position of every row of the next day, and the transaction that wrote it."""
    return [
        connection.execute(
            sql.SQL("SELECT ctid, xmin FROM {} WHERE conversation_date = %s").format(sql.Identifier(table)),
            [NEXT_DAY],
        ).fetchall()
        for table in ("conversas_analytics", "daily_summary", "partition_state")
    ]


@pytest.mark.parametrize("column", ["status", "inbox_id", "created_at"])
def test_row_that_is_refused_leaves_the_old_day_complete(connection: Connection, column: str) -> None:
    load_days(connection, [_day("old", range(1, 3_001))], "first")
    before = _rows(connection, "id, ctid, xmin")
    good = _day("new", range(1, 5_001))
    broken = rows_of(good).with_columns(pl.when(pl.col("id") != 4_000).then(pl.col(column)).alias(column))
    other = _day("new", range(9_000, 9_010), NEXT_DAY)
    parts = [Rows({**tables_of(good), "conversas_analytics": broken}, set())]
    with pytest.raises(psycopg.errors.NotNullViolation):
        load_days(connection, [other, replace(good, parts=parts)], "second")
    assert _rows(connection, "id, ctid, xmin") == before
    assert _rows(connection, date=NEXT_DAY) == []
    assert _state(connection) == (3_000, 0, 0, "first")


def test_reader_sees_the_old_day_until_the_commit(connection: Connection, database: Warehouse) -> None:
    load_days(connection, [_day("old", range(1, 10))], "first")
    with database.connect() as reader:
        with connection.transaction():
            load_days(connection, [_day("new", range(5, 8))], "second")
            assert set(_rows(reader, "contact_name")) == {("old",)}
            assert _state(reader) == (9, 0, 0, "first")
        assert _rows(reader, "id, contact_name") == [(5, "new"), (6, "new"), (7, "new")]


def test_concurrent_reader_sees_complete_days_only(connection: Connection, database: Warehouse) -> None:
    days = [_day("a", range(1, 301)), _day("b", range(200, 401))]
    load_days(connection, days[:1], "run")
    seen: set[tuple[Any, ...]] = set()
    stop = threading.Event()

    def read() -> None:
        with database.connect() as reader:
            while not stop.is_set():
                counts = reader.execute("SELECT contact_name, count(*) FROM conversas_analytics GROUP BY 1").fetchall()
                seen.add(tuple(counts))

    thread = threading.Thread(target=read)
    thread.start()
    for repetition in range(40):
        load_days(connection, [days[repetition % 2]], "run")
    stop.set()
    thread.join()
    assert seen == {(("a", 300),), (("b", 201),)}


def test_writers_of_the_same_days_in_opposite_orders_do_not_deadlock(database: Warehouse) -> None:
    errors: list[Exception] = []

    def load(name: str, order: int) -> None:
        days = [_day(name, range(1, 200)), _day(name, range(200, 400), NEXT_DAY)][::order]
        try:
            with database.connect() as connection:
                for _ in range(10):
                    load_days(connection, days, name)
        except Exception as error:  # noqa: BLE001 (the test shows any error)
            errors.append(error)

    threads = [threading.Thread(target=load, args=("x", 1)), threading.Thread(target=load, args=("y", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.connect() as connection:
        assert [len(set(_rows(connection, "contact_name", date))) for date in (DAY, NEXT_DAY)] == [1, 1]


def test_day_that_is_being_replaced_is_locked_before_rows_leave_it(connection: Connection, database: Warehouse) -> None:
    load_days(connection, [_day("old", range(1, 10), NEXT_DAY)], "first")
    with database.connect() as other, ThreadPoolExecutor(1) as thread:
        with connection.transaction():
            lock_days(connection, [NEXT_DAY])
            taking = thread.submit(load_days, other, [_day("new", range(1, 6))], "run")
            while not taking.done() and not _waits(connection, other):
                time.sleep(0.01)
            # The other connection must not have locked its rows yet: each would wait for the other.
            load_days(connection, [_day("new", range(6, 10), NEXT_DAY)], "run")
        assert taking.result()[0].moved == 0
    assert [len(_rows(connection, "id", date)) for date in (DAY, NEXT_DAY)] == [5, 4]
    assert _state(connection, NEXT_DAY) == (4, 0, 0, "run")


def _waits(connection: Connection, other: Connection) -> bool:
    query = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
    return connection.execute(query, [other.info.backend_pid]).fetchone() == (True,)


def test_sums_do_not_depend_on_the_order_of_rows(
    connection: Connection,
) -> None:
    seconds = [0.1, 1e8 + 0.3, -1e8, 1e-6, 33.333333, 7e5 / 3, -0.7, 12345.678901] * 50
    rows = [{"id": n, "first_response_seconds": value} for n, value in enumerate(seconds, start=1)]
    distinct_sums = set()
    for order in (1, -1):
        day = day_batch(rows)
        for _ in range(2):
            load_days(
                connection,
                [replace(day, parts=[Rows({name: rows[::order] for name, rows in tables_of(day).items()}, set())])],
                "run",
            )
            sums = connection.execute("SELECT sum_first_response_seconds, avg_response_time FROM daily_summary")
            distinct_sums.add(struct.pack("<2d", *sums.fetchall()[0]))
    assert len(distinct_sums) == 1
