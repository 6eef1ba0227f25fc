"""What must hold: at any time, and once a quiet pass is over."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import polars as pl
import psycopg

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.oracle import (
    differences,
    expected_conversations,
    expected_daily_summary,
    expected_mvw_daily_summary,
)
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.metrics_truth import wrong_metrics

_MISCOUNTED = """
SELECT conversation_date, rows.n, state.conversations
FROM (SELECT conversation_date, count(*) AS n FROM conversas_analytics GROUP BY 1) AS rows
FULL JOIN partition_state AS state USING (conversation_date)
WHERE coalesce(rows.n, 0) IS DISTINCT FROM state.conversations
"""
_DUPLICATED = "SELECT id FROM conversas_analytics GROUP BY id HAVING count(*) > 1"


def broken_now(target: psycopg.Connection) -> list[str]:
    """Return what is wrong with the local table, whatever the source holds: it is never half a day."""
    duplicated = target.execute(_DUPLICATED).fetchall()
    miscounted = target.execute(_MISCOUNTED.encode()).fetchall()
    return [f"duplicated: {row}" for row in duplicated] + [f"day, rows, recorded: {row}" for row in miscounted]


def expected_in(project: Project, last: datetime.date) -> dict[int, dict[str, Any]]:
    """Return what conversas_analytics must hold: the source's conversations, of all partitions."""
    with project.source() as connection:
        rows = expected_conversations(connection, project.settings.reporting_timezone.key)
    start = project.settings.partitions_start_date
    return {id_: row for id_, row in rows.items() if start <= row["conversation_date"] <= last}


def wrong_rows(project: Project, last: datetime.date) -> list[str]:
    """Return every difference of the local table's rows to the source, days up to `last`."""
    return differences(expected_in(project, last), project.conversations())


def wrong_after_quiet(project: Project, last: datetime.date) -> list[str]:
    """Return every difference to the source, days up to `last`: in the tables, the states, and the files."""
    expected = expected_in(project, last)
    found = differences(expected, project.conversations())
    found += differences(expected_daily_summary(expected), project.daily_summary())
    found += differences(expected_mvw_daily_summary(expected), project.mvw_daily_summary())
    found += wrong_metrics(project, expected)
    found += differences(_expected_states(project, expected, last), _states(project))
    for dataset, ids in _expected_ids(expected).items():
        stored = _stored_ids(project, dataset)
        if stored != sorted(ids):
            found.append(f"{dataset.value}: expected the ids {sorted(ids)}, got {stored}")
    return found


def litter(project: Project) -> list[str]:
    """Return the files in the extracts' directory that are no day's."""
    files = [path for path in Path(project.settings.extracts_url).rglob("*") if path.is_file()]
    return sorted(str(path) for path in files if path.suffix != ".parquet" or path.name.startswith("."))


def _expected_states(
    project: Project, expected: dict[int, dict[str, Any]], last: datetime.date
) -> dict[datetime.date, dict[str, Any]]:
    start = project.settings.partitions_start_date
    dates = [start + datetime.timedelta(days=number) for number in range((last - start).days + 1)]
    of_days: dict[datetime.date, list[dict[str, Any]]] = {date: [] for date in dates}
    for row in expected.values():
        of_days[row["conversation_date"]].append(row)
    return {
        date: {
            "conversations": len(rows),
            "messages": sum(row["t_messages"] for row in rows),
            "csat": sum(row["csat_responses"] > 0 for row in rows),
            "is_summarized": True,
        }
        for date, rows in of_days.items()
    }


def _states(project: Project) -> dict[datetime.date, dict[str, Any]]:
    columns = ("conversations", "messages", "csat", "is_summarized")
    with project.target() as connection:
        rows = connection.execute(
            "SELECT conversation_date, conversations, messages, csat, summarized_at IS NOT NULL FROM partition_state"
        ).fetchall()
    return {date: dict(zip(columns, values, strict=True)) for date, *values in rows}


def _expected_ids(expected: dict[int, dict[str, Any]]) -> dict[Dataset, list[int]]:
    return {
        Dataset.CONVERSATIONS: list(expected),
        Dataset.MESSAGES: [message["id"] for row in expected.values() for message in row["message_compiled"]],
        Dataset.CSAT: [id_ for id_, row in expected.items() if row["csat_responses"]],
    }


def _stored_ids(project: Project, dataset: Dataset) -> list[int]:
    column = "conversation_id" if dataset is Dataset.CSAT else "id"
    ids = pl.scan_parquet(project.store.path_pattern(dataset)).select(column).collect()[column]
    return sorted(ids.to_list())
