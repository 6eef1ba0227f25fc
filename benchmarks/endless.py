"""The dashboard's queries of episodes and targets, where every conversation is endless.

The sample has few endless conversations, so this warehouse is made with SQL: a million conversations over five years,
with ten episodes each.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.data import Bench
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.schema import migrate

_LAST = datetime.date(2025, 6, 30)
_RANGES = {"30 days": 30, "a year": 365}
_FILLED = ("episodes", "targets")
_ROUNDS = 5
# Each query with the values that it alone needs.
_QUERIES: dict[str, dict[str, Any]] = {
    "episode_statistics": {},
    "episode_resolutions": {"dimension": "agent"},
    "distribution": {"subject": "resolved_episodes", "edges": [900.0, 3600.0, 14400.0, 86400.0]},
    "target_shares": {"dimension": "agent"},
    "missed_targets": {},
}
_FILTERS: dict[str, dict[str, Any]] = {"none": {}, "an agent": {"agents": [7]}, "an inbox": {"inboxes": [3]}}


def run(bench: Bench) -> dict[str, object]:
    """Measure the queries for a month and a year, without and with filters."""
    url = _warehouse(bench)
    with psycopg.connect(url) as connection:
        sizes = {
            table: connection.execute(
                sql.SQL("SELECT count(*), pg_total_relation_size(%s) / 1e9 FROM {}").format(sql.Identifier(table)),
                [table],
            ).fetchone()
            for table in _FILLED
        }
    rows = [
        {"query": f"sql/dashboard/{name}.sql", "filter": filter_name, **_measure(url, name, {**own, **filters})}
        for name, own in _QUERIES.items()
        for filter_name, filters in _FILTERS.items()
    ]
    return {
        "data": ", ".join(f"{table}: {row[0]:,} rows, {row[1]:.1f} GB" for table, row in sizes.items() if row),
        "milliseconds, the median of five": rows,
    }


def _warehouse(bench: Bench) -> str:
    """Return the URL of the warehouse, which is made if it is missing and kept for the next time."""
    name = "endless_conversations"
    with psycopg.connect(bench.target.url("postgres")) as connection:
        exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    if exists is not None:  # the row has no columns
        return bench.target.url(name)
    building = f"{name}_building"
    url = bench.new_target(building)
    migrate(Warehouse(url=url))
    print("making a million endless conversations", file=sys.stderr, flush=True)
    with psycopg.connect(url) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes AS i LEFT JOIN pg_constraint AS c ON c.conname = i.indexname"
            " WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND c.oid IS NULL",
            [list(_FILLED)],
        ).fetchall()
        for index, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
        connection.execute((Path(__file__).parent / "sql" / "endless_conversations.sql").read_bytes())
        connection.execute("SET maintenance_work_mem = '1GB'")
        for number, (index, definition) in enumerate(indexes, 1):
            print(f"index {number} of {len(indexes)}: {index}", file=sys.stderr, flush=True)
            connection.execute(definition.encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    with psycopg.connect(bench.target.url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
        )
    return bench.target.url(name)


def _measure(url: str, name: str, values: dict[str, Any]) -> dict[str, object]:
    """Return the milliseconds that the dashboard waits for a query, by range."""
    pool = ReadOnlyPool(lambda: url)
    unfiltered = {
        "accounts": [], "inboxes": [], "teams": [], "agents": [], "labels": [], "statuses": [], "grain": "week",
        "business_hours": False, "until": "", "attributes": "[]", "attribute_source": "", "attribute_key": "",
        "timezone": "America/Sao_Paulo", **ListFilters().query_parameters(),
    }  # fmt: skip
    times: dict[str, object] = {}
    for range_name, days in _RANGES.items():
        first = _LAST - datetime.timedelta(days=days - 1)
        query = compose(
            sql_path("dashboard", f"{name}.sql"), **{**unfiltered, "first_day": first, "last_day": _LAST, **values}
        )
        # The first time reads from disk.
        taken = [_milliseconds(pool, query) for _ in range(_ROUNDS + 1)]
        times[range_name] = round(statistics.median(taken[1:]))
        times[f"{range_name}, first time"] = round(taken[0])
    pool.close()
    return times


def _milliseconds(pool: ReadOnlyPool, query: sql.Composed) -> float:
    started = time.perf_counter()
    pool.read(lambda connection: connection.execute(query).fetchall())
    return (time.perf_counter() - started) * 1_000
