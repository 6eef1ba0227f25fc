"""COPY's binary format: what is stored is what PostgreSQL reads from the text of the same values."""

from __future__ import annotations

import datetime
import string
from collections.abc import Iterator
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from psycopg import errors, sql

from chatwoot_assets.columns import Column, by_name
from chatwoot_assets.postgres import SESSION_SETTINGS, settings_statement
from chatwoot_assets.warehouse import copy
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.examples import examples

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

# Every type that a column may have. Python's dates and instants are those of the years 1 to 9999.
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "date": st.dates(),
    "double precision": st.floats(),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "text": _TEXTS,
    "text[]": st.lists(_TEXTS | st.none(), max_size=4),
    "timestamptz": st.datetimes(),
    "datemultirange": st.lists(st.dates(), unique=True, max_size=7).map(sorted),
}
# Types of fixed width and others in turn, so that their order in the table is not the one in which they are sent.
_COLUMNS = by_name(
    Column(f"{letter}_{repetition}", kind, "")
    for repetition in (1, 2)
    for letter, kind in zip(string.ascii_lowercase, _VALUES, strict=False)
)
_ROW = st.tuples(*(st.none() | _VALUES[column.type] for column in _COLUMNS.values()))
_NULLS = (None,) * len(_COLUMNS)


@pytest.fixture
def connection(postgres: Postgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        connection.execute(settings_statement(SESSION_SETTINGS, local=False))
        kinds = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(column.type)) for name, column in _COLUMNS.items()
        )
        for table in ("as_text", "as_binary"):
            connection.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table), kinds))
        yield connection


def _frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {name: column.polars_type for name, column in _COLUMNS.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _stored(connection: psycopg.Connection, table: str) -> list[str]:
    """Return the rows as text, in the order in which they were added, and empty the table."""
    query = sql.SQL("SELECT t::text FROM {} AS t ORDER BY ctid").format(sql.Identifier(table))
    rows = [text for (text,) in connection.execute(query)]
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
    return rows


def _format_ranges(days: list[datetime.date]) -> str:
    """Return the ranges that begin and end on these days, in turn; the last one may have no end."""
    bounds = [*map(str, days), *([""] if len(days) % 2 else [])]
    return "{" + ",".join(f"[{first},{end})" for first, end in zip(bounds[::2], bounds[1::2], strict=True)) + "}"


def _check(connection: psycopg.Connection, rows: list[tuple[Any, ...]]) -> None:
    """Check that rows are stored as those that the driver writes as text."""
    with connection.cursor().copy("COPY as_text FROM STDIN") as text:
        for row in rows:
            text.write_row(
                [
                    _format_ranges(value) if column.type == "datemultirange" and value is not None else value
                    for column, value in zip(_COLUMNS.values(), row, strict=True)
                ]
            )
    copy_rows(connection, "as_binary", _COLUMNS, _frame(rows))
    assert _stored(connection, "as_binary") == _stored(connection, "as_text")


@given(st.lists(_ROW, max_size=8))
@example([_NULLS])
@example([_NULLS, tuple("" if column.type == "text" else None for column in _COLUMNS.values())])
@examples(200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_stored_as_their_text_would_be(
    connection: psycopg.Connection, rows: list[tuple[Any, ...]]
) -> None:
    _check(connection, rows)


def test_rows_of_several_chunks_keep_their_order(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy, "_BYTES_PER_CHUNK", 300)
    values = {"bigint": range(10), "text": ["é" * n for n in range(10)], "text[]": [["a", ""] * n for n in range(10)]}
    _check(connection, list(zip(*(values.get(column.type, [None] * 10) for column in _COLUMNS.values()), strict=True)))


def test_long_texts_and_many_elements_are_stored(connection: psycopg.Connection) -> None:
    values = {"text": "ação" * 200_000, "text[]": ["x" * 20_000] * 40}
    _check(connection, [tuple(values.get(column.type) for column in _COLUMNS.values()), _NULLS])


@pytest.mark.parametrize(
    ("kind", "literal"),
    [
        ("date", "4714-11-24 BC"),
        ("date", "5874897-12-31"),
        ("timestamptz", "4714-11-24 00:00:00+00 BC"),
        ("timestamptz", "294246-12-31 23:59:59.999999+00"),
    ],
)
def test_first_and_last_date_of_the_server_are_stored(connection: psycopg.Connection, kind: str, literal: str) -> None:
    columns = by_name([Column("at", kind, "")])
    connection.execute(f"CREATE TABLE extreme (at {kind})".encode())
    number = connection.execute(
        b"SELECT extract(epoch FROM %s::timestamp) * 1000000"
        if kind == "timestamptz"
        else b"SELECT %s::date - '1970-01-01'::date",
        [literal],
    ).fetchone()
    assert number is not None
    values = pl.Series("at", [int(number[0])]).cast(columns["at"].polars_type)
    copy_rows(connection, "extreme", columns, values.to_frame())
    assert connection.execute(b"SELECT at::text FROM extreme").fetchall() == [(literal,)]


def test_number_outside_its_column_s_range_is_an_error(connection: psycopg.Connection) -> None:
    columns = by_name([Column("e_1", "integer", "")])
    with pytest.raises(pl.exceptions.InvalidOperationError):
        copy_rows(connection, "as_binary", columns, pl.DataFrame({"e_1": [2**31]}))


def test_nul_character_is_the_server_s_error(connection: psycopg.Connection) -> None:
    columns = by_name([Column("g_1", "text", "")])
    with pytest.raises(errors.CharacterNotInRepertoire):
        copy_rows(connection, "as_binary", columns, pl.DataFrame({"g_1": ["a\0b"]}))
