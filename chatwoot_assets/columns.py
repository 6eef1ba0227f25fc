"""How a column is declared, in the extracted datasets and in the warehouse's tables alike.

The columns themselves are declared in `extract/columns.py`, `warehouse/columns.py` and `metrics/columns.py`. Polars
schemas, fingerprints, COPY, Dagster's column schemas and `docs/tables.md` follow from these declarations; tests
compare the SQL files with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

# Instants are naive UTC in frames and in Chatwoot, and have a time zone in the warehouse.
TIMESTAMP = pl.Datetime("us")

PolarsType: TypeAlias = pl.DataType | type[pl.DataType]

_POLARS_TYPES: dict[str, PolarsType] = {
    "bigint": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    # The days on which the ranges begin and end, in turn; the last one of an odd number begins a range without an end.
    "datemultirange": pl.List(pl.Date),
    "double precision": pl.Float64,
    "integer": pl.Int32,
    # JSON, as PostgreSQL writes a jsonb value.
    "jsonb": pl.String,
    "smallint": pl.Int16,
    "text": pl.String,
    "text[]": pl.List(pl.String),
    "timestamptz": TIMESTAMP,
}


@dataclass(frozen=True)
class Column:
    """A column of a dataset or a table.

    Attributes:
        name: Its name.
        type: Its type in PostgreSQL, as the warehouse has it.
        description: Its meaning, for Dagster's UI and `docs/tables.md`.
        personal: Whether it identifies or reaches a contact, or holds what somebody wrote.
    """

    name: str
    type: str
    description: str
    personal: bool = field(default=False, kw_only=True)

    @property
    def polars_type(self) -> PolarsType:
        """Its type in a frame."""
        return _POLARS_TYPES[self.type]


Columns = Mapping[str, Column]


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """Return columns by their names, in order.

    Raises:
        ValueError: Two columns have the same name.
    """
    named: dict[str, Column] = {}
    for column in columns:
        if column.name in named:
            raise ValueError(f"the column {column.name} is declared twice")
        named[column.name] = column
    return named
