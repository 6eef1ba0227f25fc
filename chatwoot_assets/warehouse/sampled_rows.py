"""A random sample of conversas_analytics, compared column by column with what Chatwoot's views compute."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from chatwoot_assets.extract.columns import LOADED_COLUMNS
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path

ROWS_PER_DAY = 20

# What KEEP_CONTENTS_DAYS empties, besides the texts in message_compiled.
_CONTENTS = {column.name for column in LOADED_COLUMNS if column.personal and column.type in ("text", "jsonb")}


@dataclass(frozen=True)
class SampleComparison:
    """The result of a comparison, without any value of a row.

    Attributes:
        rows: The number of rows that were compared.
        columns: The columns that differ in at least one row.
        dates: The days with at least one row that differs.
    """

    rows: int
    columns: set[str]
    dates: set[datetime.date]


def compare_sampled_rows(
    connection: psycopg.Connection,
    source: Snapshot,
    schema: str,
    days: Iterable[Day],
    *,
    contents_from: datetime.date | None = None,
) -> SampleComparison:
    """Compare up to `ROWS_PER_DAY` random rows of each day with the source.

    Args:
        connection: A session on the warehouse.
        source: The snapshot to compare with.
        schema: The schema of the views.
        days: The days to sample.
        contents_from: The day before which days may have lost their contents; None if none may.
    """
    local = _local_rows(connection, [day.date for day in days])
    remote = _remote_rows(source, schema, list(local))
    columns: set[str] = set()
    dates: set[datetime.date] = set()
    for id_, row in local.items():
        date = datetime.date.fromisoformat(row["conversation_date"])
        other = remote.get(id_, {})
        if contents_from and date < contents_from:
            row, other = _without_contents(row), _without_contents(other)
        differing = _differing_columns(row, other)
        columns |= differing
        if differing:
            dates.add(date)
    return SampleComparison(len(local), columns, dates)


def _differing_columns(local: dict[str, Any], remote: dict[str, Any]) -> set[str]:
    """Return the columns with different values; a column that is missing in the source differs."""
    return {name for name, value in local.items() if name not in remote or value != remote[name]}


def _without_contents(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in _CONTENTS}
    if messages := kept.get("message_compiled"):
        kept["message_compiled"] = [{**message, "content": None} for message in messages]
    return kept


def _local_rows(connection: psycopg.Connection, dates: list[datetime.date]) -> dict[int, dict[str, Any]]:
    query = compose(sql_path("warehouse", "sampled_rows.sql"), days=dates, rows_per_day=ROWS_PER_DAY)
    return {row["id"]: row for (row,) in connection.execute(query).fetchall()}


def _remote_rows(source: Snapshot, schema: str, ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    query = compose(sql_path("extract", "whole_rows.sql"), views_schema=schema, ids=ids)
    rows = [json.loads(text) for (text,) in source.read(query).iter_rows()]
    return {row["id"]: row for row in rows}
