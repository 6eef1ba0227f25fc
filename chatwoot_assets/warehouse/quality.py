"""The rules that loaded rows must satisfy: which days break one, and with how many rows.

Rules within the warehouse are SQL files below `sql/warehouse/checks/`. Comparisons with Chatwoot itself are in
`sampled_rows.py` and in `change_detection/`.
"""

from __future__ import annotations

import datetime
import zoneinfo
from typing import NamedTuple

import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.extract_manifest import find_files


def failing_rows(connection: psycopg.Connection, rule: str, days: list[Day] | None) -> dict[datetime.date, int]:
    """Return the number of failing rows of each day that breaks a rule.

    Args:
        connection: A session on the warehouse.
        rule: The name of a file below `sql/warehouse/checks/`, without its suffix.
        days: The days to look at; None for every loaded day.
    """
    path = sql_path("warehouse", "checks", f"{rule}.sql")
    rows = connection.execute(compose(path, days=_dates(connection, days))).fetchall()
    return {datetime.date.fromisoformat(text): count for text, count in rows}


def activity_sentences(connection: psycopg.Connection, days: list[Day] | None) -> pl.DataFrame:
    """Return conversation_date, content and number of the activity messages with the same sentence on a day."""
    query = compose(sql_path("warehouse", "activity_sentences.sql"), days=_dates(connection, days))
    schema = {"conversation_date": pl.Date, "content": pl.String, "messages": pl.Int64}
    return pl.DataFrame(connection.execute(query).fetchall(), schema=schema, orient="row")


class ImportedHistory(NamedTuple):
    """Conversations with a sign of an import.

    Attributes:
        conversations: Their number.
        messages: The number of their messages.
        latest: The last instant at which one was created; of single messages, at which one was written.
        percent_by_one_user: The share of the user who wrote most of what users wrote in them; None for nothing.
    """

    conversations: int
    messages: int
    latest: datetime.datetime
    percent_by_one_user: int | None


def imported_history(connection: psycopg.Connection, days: list[Day] | None) -> dict[str, ImportedHistory]:
    """Return what looks imported on the days, by sign; see `sql/warehouse/imported_history.sql`."""
    query = compose(sql_path("warehouse", "imported_history.sql"), days=_dates(connection, days))
    return {sign: ImportedHistory(*numbers) for sign, *numbers in connection.execute(query).fetchall()}


def _dates(connection: psycopg.Connection, days: list[Day] | None) -> str:
    """Return the dates of the days as an array; those of every loaded day if it is None."""
    if days is None:
        dates = [date for (date,) in connection.execute("SELECT conversation_date FROM partition_state").fetchall()]
    else:
        dates = [day.date for day in days]
    return "{" + ",".join(date.isoformat() for date in dates) + "}"


def rows_differing_from_extract(
    connection: psycopg.Connection, store: ExtractStore, zone: zoneinfo.ZoneInfo, days: list[Day] | None
) -> dict[datetime.date, int]:
    """Return by how many rows conversas_analytics differs from the extract, for each day on which it does.

    Args:
        connection: A session on the warehouse.
        store: The extracts.
        zone: The reporting time zone.
        days: The days to look at; None for every loaded day.
    """
    loaded = _loaded_rows(connection, days)
    # An object store is not asked: that would take a request for each day.
    recorded = {} if store.is_local else find_files(connection, store.url, loaded)
    differing = {}
    for date, rows in loaded.items():
        if store.is_local:
            extracted = store.row_count(Dataset.CONVERSATIONS, day(date, zone))
        else:
            extracted = recorded[date][Dataset.CONVERSATIONS].rows if date in recorded else None
        if extracted != rows:
            differing[date] = abs((extracted or 0) - rows)
    return differing


def _loaded_rows(connection: psycopg.Connection, days: list[Day] | None) -> dict[datetime.date, int]:
    """Return the number of rows of each day in conversas_analytics, 0 for a loaded day without any."""
    dates = [day.date for day in days or []]
    condition = sql.SQL("conversation_date = ANY({}::date[])").format(sql.Literal(dates)) if dates else sql.SQL("TRUE")
    rows = connection.execute(
        sql.SQL(
            "SELECT conversation_date, count(c.id) FROM partition_state"
            " LEFT JOIN conversas_analytics AS c USING (conversation_date) WHERE {} GROUP BY 1"
        ).format(condition)
    ).fetchall()
    return dict.fromkeys(dates, 0) | dict(rows)
