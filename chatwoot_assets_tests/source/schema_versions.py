"""The tables of several releases of Chatwoot, from the files in `data/chatwoot-schemas`.

A file has one line per table: its name, and each column with its type. NOT NULL, defaults and indexes are left out,
since no view depends on them.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

_DIRECTORY = Path(__file__).parent.parent / "data" / "chatwoot-schemas"

# From the oldest supported release to the newest one known.
VERSIONS = ("3.4.0", "4.0.0", "4.15.1", "4.18.0-fork")


def read_tables(version: str) -> dict[str, dict[str, str]]:
    """Return the types of a release's columns, by table and column."""
    lines = (_DIRECTORY / f"{version}.txt").read_text(encoding="utf-8").splitlines()
    tables = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {table: dict(column.split(" ", 1) for column in columns.split(", ")) for table, columns in tables}


def create_tables(connection: psycopg.Connection, version: str) -> None:
    """Create a release's tables, without rows."""
    for table, columns in read_tables(version).items():
        connection.execute(
            sql.SQL("CREATE TABLE public.{} ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in columns.items()
                ),
            )
        )


def insert(connection: psycopg.Connection, table: str, **row: object) -> None:
    """Insert a row; its other columns are NULL."""
    connection.execute(
        sql.SQL("INSERT INTO public.{} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        ),
        list(row.values()),
    )
