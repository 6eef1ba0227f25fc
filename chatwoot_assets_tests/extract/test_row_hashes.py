"""Rows have the same hashes here as on a PostgreSQL server."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.extract import row_hashes
from chatwoot_assets.extract.row_hashes import hash_rows
from chatwoot_assets.source import tables
from chatwoot_assets_tests.adversarial_texts import LARGE_TEXT, TEXTS
from chatwoot_assets_tests.conftest import Postgres

_EARLIEST, _LATEST = datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001 (as Chatwoot)
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
TYPES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "smallint": (pl.Int16, st.integers(-(2**15), 2**15 - 1)),
    "integer": (pl.Int32, st.integers(-(2**31), 2**31 - 1)),
    "bigint": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "boolean": (pl.Boolean, st.booleans()),
    "double precision": (pl.Float64, st.floats()),
    "timestamp": (TIMESTAMP, st.datetimes(_EARLIEST, _LATEST)),
    "text": (pl.String, _TEXT),
    "varchar": (pl.String, _TEXT),
}


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> psycopg.Connection:
    return psycopg.connect(postgres.new_database(), autocommit=True)


def _server_hashes(connection: psycopg.Connection, rows: list[tuple[Any, ...]], types: list[str]) -> list[int]:
    """Return the server's hash of each row, whose values have these types."""
    record = sql.SQL(", ").join(sql.SQL("%s::") + sql.SQL(type_) for type_ in types)
    query = sql.SQL("SELECT hash_record_extended(ROW({}), 0)").format(record)
    with connection.cursor() as cursor:
        cursor.executemany(query, rows, returning=True)
        return [row[0] for result in cursor.results() for row in result.fetchall()]


def _local_hashes(rows: list[tuple[Any, ...]], types: list[str]) -> list[int]:
    schema = {str(number): TYPES[type_][0] for number, type_ in enumerate(types)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return hash_rows(frame, frame.columns).to_list()


@given(st.data())
def test_rows_of_any_types_have_the_servers_hashes(connection: psycopg.Connection, data: st.DataObject) -> None:
    types = data.draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=6))
    row = st.tuples(*(st.none() | TYPES[type_][1] for type_ in types))
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    assert _local_hashes(rows, types) == _server_hashes(connection, rows, types)


@pytest.mark.parametrize("type_", TYPES)
def test_nulls_and_edges_of_each_type_have_the_servers_hashes(connection: psycopg.Connection, type_: str) -> None:
    edges: dict[str, list[Any]] = {
        "smallint": [-(2**15), -1, 0, 2**15 - 1],
        "integer": [-(2**31), -1, 0, 2**31 - 1],
        "bigint": [-(2**63), -(2**32), -1, 0, 2**31, 2**32, 5_000_000_000, 2**63 - 1],
        "boolean": [False, True],
        "double precision": [0.0, -0.0, float("nan"), float("inf"), -float("inf"), 5e-324, 1e300, -0.1],
        "timestamp": [_EARLIEST, datetime.datetime(1999, 12, 31, 23, 59, 59, 999_999), _LATEST],  # noqa: DTZ001 (as Chatwoot)
        "text": [*TEXTS.values(), LARGE_TEXT],
        "varchar": [*TEXTS.values()],
    }
    rows = [(None,), *((value,) for value in edges[type_])]
    assert _local_hashes(rows, [type_]) == _server_hashes(connection, rows, [type_])


def test_texts_of_all_lengths_have_the_servers_hashes(connection: psycopg.Connection) -> None:
    rows = [("aé€😀" * (length // 4) + "x" * (length % 4),) for length in [*range(200), *range(5_000, 5_040), 40_000]]
    assert _local_hashes(rows, ["text"]) == _server_hashes(connection, rows, ["text"])


@pytest.mark.parametrize("name", ["Bia", "Ana Beatriz Cardoso", "x" * 12])
def test_what_lies_in_the_memory_of_a_null_does_not_count(connection: psycopg.Connection, name: str) -> None:
    found = pl.DataFrame({"id": [1], "name": [name]})
    # A join leaves bytes of another row in the place of a NULL.
    joined = pl.DataFrame({"id": [1, 2, 1]}).join(found, on="id", how="left").select("name")
    rows = joined.rows()
    assert hash_rows(joined, ["name"]).to_list() == _server_hashes(connection, rows, ["text"])


def test_more_rows_than_a_chunk_have_the_servers_hashes(connection: psycopg.Connection) -> None:
    query = (
        "SELECT i, repeat(i::text, i % 40) AS word, hash_record_extended(ROW(i, repeat(i::text, i % 40)), 0) AS hash"
    )
    rows = connection.execute((query + " FROM generate_series(1, 20000) AS i").encode()).fetchall()
    frame = pl.DataFrame(rows, schema={"i": pl.Int32, "word": pl.String, "hash": pl.Int64}, orient="row")
    assert hash_rows(frame, ["i", "word"]).to_list() == frame["hash"].to_list()
    # A slice of a frame shares its buffers.
    part = frame.slice(5, 10_000)
    assert hash_rows(part, ["i", "word"]).to_list() == part["hash"].to_list()


def test_server_is_checked_for_the_hash_that_is_computed_here(connection: psycopg.Connection) -> None:
    row = hash_rows(pl.DataFrame({"number": [7], "word": ["chatwoot"]}), ["number", "word"])
    assert row.to_list() == [tables._LITTLE_ENDIAN_HASH]
    assert connection.execute(tables._ROW_HASH).fetchone() == (tables._LITTLE_ENDIAN_HASH,)


def test_no_rows_have_no_hashes() -> None:
    assert hash_rows(pl.DataFrame(schema={"id": pl.Int64, "content": pl.String}), ["id", "content"]).to_list() == []


def test_long_texts_are_hashed_in_slices_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"id": range(40), "text": [None if n % 7 == 0 else "é" * (n * n) for n in range(40)]})
    expected = hash_rows(frame, ["id", "text"])
    monkeypatch.setattr(row_hashes, "_BYTES_PER_SLICE", 2_000)
    assert hash_rows(frame, ["id", "text"]).equals(expected)
