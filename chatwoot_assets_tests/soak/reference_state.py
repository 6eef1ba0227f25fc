"""What must hold in the warehouse: at any time, and after a scan without later changes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.oracle import differences, expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary, expected_mvw_daily_summary
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.reference_metrics import find_wrong_metrics

_MISCOUNTED = """
SELECT conversation_date, rows.n, state.conversations
FROM (SELECT conversation_date, count(*) AS n FROM conversas_analytics GROUP BY 1) AS rows
FULL JOIN partition_state AS state USING (conversation_date)
WHERE coalesce(rows.n, 0) IS DISTINCT FROM state.conversations
"""
_DUPLICATED = "SELECT id FROM conversas_analytics GROUP BY id HAVING count(*) > 1"


def find_inconsistencies(target: psycopg.Connection) -> list[str]:
    """Return what is wrong with the local table at any time: duplicates and incomplete days."""
    duplicated = target.execute(_DUPLICATED).fetchall()
    miscounted = target.execute(_MISCOUNTED.encode()).fetchall()
    return [f"duplicated: {row}" for row in duplicated] + [f"day, rows, recorded: {row}" for row in miscounted]


def read_expected_rows(project: Project, last: datetime.date) -> dict[int, dict[str, Any]]:
    """Return the rows that conversas_analytics must have, from the source, up to a date."""
    with project.source() as connection:
        rows = expected_conversations(connection, project.settings.reporting_timezone.key)
    start = project.settings.partitions_start_date
    return {id_: row for id_, row in rows.items() if start <= row["conversation_date"] <= last}


def find_wrong_rows(project: Project, last: datetime.date) -> list[str]:
    """Return every difference between the local table and the source, up to a date."""
    return differences(read_expected_rows(project, last), project.conversations())


def find_differences(project: Project, last: datetime.date) -> list[str]:
    """Return every difference from the source in tables, states and files, up to a date."""
    expected = read_expected_rows(project, last)
    wrong = differences(expected, project.conversations())
    wrong += differences(expected_daily_summary(expected), project.daily_summary())
    wrong += differences(expected_mvw_daily_summary(expected), project.mvw_daily_summary())
    wrong += find_wrong_metrics(project, expected)
    states = _read_states(project)
    wrong += differences(_expected_states(project, expected, last, min(states, default=last)), states)
    for dataset, ids in _expected_ids(expected).items():
        stored = _read_ids(project, dataset)
        if stored != sorted(ids):
            wrong.append(f"{dataset.value}: expected the ids {sorted(ids)}, got {stored}")
    return wrong


def find_leftover_files(project: Project) -> list[str]:
    """Return the files in the extracts' directory that do not belong to a day."""
    files = [path for path in Path(project.settings.extracts_url).rglob("*") if path.is_file()]
    return sorted(str(path) for path in files if path.suffix != ".parquet" or path.name.startswith("."))


def _expected_states(
    project: Project, expected: dict[int, dict[str, Any]], last: datetime.date, first_loaded: datetime.date
) -> dict[datetime.date, dict[str, Any]]:
    """Return the state of each day. Empty days before the first loaded one count as loaded and have none."""
    start = project.settings.partitions_start_date
    dates = [start + datetime.timedelta(days=number) for number in range((last - start).days + 1)]
    rows_per_day: dict[datetime.date, list[dict[str, Any]]] = {date: [] for date in dates}
    for row in expected.values():
        rows_per_day[row["conversation_date"]].append(row)
    return {
        date: {
            "conversations": len(rows),
            "messages": sum(row["t_messages"] for row in rows),
            "csat": sum(row["csat_responses"] > 0 for row in rows),
            "is_current": True,
        }
        for date, rows in rows_per_day.items()
        if rows or date >= first_loaded
    }


def _read_states(project: Project) -> dict[datetime.date, dict[str, Any]]:
    columns = ("conversations", "messages", "csat", "is_current")
    with project.target() as connection:
        rows = connection.execute(
            "SELECT conversation_date, conversations, messages, csat, definition IS NOT NULL FROM partition_state"
        ).fetchall()
    return {date: dict(zip(columns, values, strict=True)) for date, *values in rows}


def _expected_ids(expected: dict[int, dict[str, Any]]) -> dict[Dataset, list[int]]:
    return {
        Dataset.CONVERSATIONS: list(expected),
        Dataset.MESSAGES: [message["id"] for row in expected.values() for message in row["message_compiled"]],
        Dataset.CSAT: [id_ for id_, row in expected.items() for _ in range(row["csat_responses"])],
    }


def _read_ids(project: Project, dataset: Dataset) -> list[int]:
    column = "conversation_id" if dataset is Dataset.CSAT else "id"
    ids = pl.scan_parquet(project.store.path_pattern(dataset)).select(column).collect()[column]
    return sorted(ids.to_list())
