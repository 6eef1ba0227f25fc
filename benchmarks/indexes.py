"""Which index on conversations.created_at is best: a B-tree, BRIN, or none.

It is measured on five times the history: first with rows in chronological order, as a sample is loaded, then after
updates as in a help desk, which move rows: agents leave, which rewrites all their conversations, and old
conversations change.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.data import LAST_DAY, SCHEMA, ZONE, Bench
from benchmarks.source_reading import extract, temporary_store
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.queries import found_conversations
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import ChatwootDatabase

_ROUNDS = 7
_DAY = day(LAST_DAY - datetime.timedelta(days=100), ZONE)
_INDEXES = {
    "none": "",
    "B-tree": "USING btree (created_at)",
    "BRIN, 128 pages per range": "USING brin (created_at)",
    "BRIN, 16 pages per range": "USING brin (created_at) WITH (pages_per_range = 16)",
}
# Three of fifty agents leave, one after the other; after each, every twentieth conversation changes.
_UPDATES = (
    """UPDATE conversations SET assignee_id = NULL, updated_at = now()
       WHERE assignee_id = (SELECT assignee_id FROM conversations GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)""",
    "UPDATE conversations SET status = 1, updated_at = now() WHERE id % 20 = 7",
)
_UPDATE_ROUNDS = 3


def run(bench: Bench) -> dict[str, object]:
    """Measure each index with both orders of rows."""
    rows: list[dict[str, object]] = []
    with _copy(bench.grown()) as grown:
        for order in ("as loaded", "after updates"):
            if order == "after updates":
                _update_rows(grown)
            for name, definition in _INDEXES.items():
                print(f"{order}: {name}", file=sys.stderr)
                rows.append({"order of the rows": order, "index": name, **_measure(grown, definition)})
        conversations = {row.pop("conversations") for row in rows}
        if len(conversations) != 1:
            raise AssertionError("an index changed the rows of a day")
    return {"history": grown.data, "conversations of the day": conversations.pop(), "one day, by index": rows}


def _measure(bench: Bench, definition: str) -> dict[str, object]:
    with psycopg.connect(bench.source_url, autocommit=True) as connection:
        connection.execute("DROP INDEX IF EXISTS trial")
        started = time.perf_counter()
        if definition:
            connection.execute(f"CREATE INDEX CONCURRENTLY trial ON conversations {definition}".encode())
        building = time.perf_counter() - started
        size, correlation = _fetch_one(
            connection,
            "SELECT coalesce(pg_relation_size(to_regclass('trial')), 0), correlation"
            " FROM pg_stats WHERE tablename = 'conversations' AND attname = 'created_at'",
        )
    search, shape, pages = _search(bench, _DAY)
    source_statistics, all_seconds = bench.statistics(), []
    with temporary_store(bench) as store:
        rows = extract(bench, [_DAY], store)
        for _ in range(_ROUNDS):
            source_statistics.reset()
            extract(bench, [_DAY], store)
            all_seconds.append(source_statistics.seconds())
    return {
        "correlation": round(correlation, 3),
        "built in s": round(building, 2) if definition else None,
        "size, MB": round(size / 1e6, 2) if definition else None,
        "read by": shape,
        "pages read": pages,
        "search, ms": round(search * 1_000, 2),
        "whole extract of the day, ms": round(statistics.median(all_seconds) * 1_000, 1),
        "conversations": rows[Dataset.CONVERSATIONS],
    }


def _search(bench: Bench, searched: Day) -> tuple[float, str, int]:
    """Return the seconds, the plan node and the pages of the search for a day's conversations."""
    query = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ") + found_conversations(SCHEMA, [searched])
    times = []
    for _ in range(_ROUNDS):
        with ChatwootDatabase(url=bench.source_url).transaction() as connection:
            plan = _fetch_one(connection, query)[0][0]
        times.append(plan["Execution Time"] / 1_000)
    node = next(node for node in _walk(plan["Plan"]) if node.get("Relation Name") == "conversations")
    return statistics.median(times), node["Node Type"], node["Shared Hit Blocks"] + node["Shared Read Blocks"]


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _walk(child)


def _update_rows(bench: Bench) -> None:
    with psycopg.connect(bench.source_url, autocommit=True) as connection:
        for number in range(_UPDATE_ROUNDS):
            print(f"updates, {number + 1} of {_UPDATE_ROUNDS}", file=sys.stderr)
            for statement in _UPDATES:
                connection.execute(statement.encode())
                connection.execute("VACUUM ANALYZE conversations")


@contextmanager
def _copy(bench: Bench) -> Iterator[Bench]:
    """Copy the sample's database for the time of the block, so that it may be changed."""
    name = f"{bench.database}_changed"
    print(f"copying {bench.database}", file=sys.stderr)
    with psycopg.connect(bench.source.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {bench.database} STRATEGY file_copy".encode())
        try:
            yield replace(bench, database=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _fetch_one(connection: psycopg.Connection, query: str | sql.Composed) -> tuple[Any, ...]:
    row = connection.execute(query.encode() if isinstance(query, str) else query).fetchone()
    assert row is not None
    return row
