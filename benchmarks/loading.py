"""Load samples with the product's own functions, without Dagster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from unittest.mock import patch

import polars as pl
import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from benchmarks.source_reading import temporary_store
from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.extract.refresh import refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.refresh import batches, load
from chatwoot_assets.refresh.load import read_files
from chatwoot_assets.warehouse.schema import migrate


def loaded_target(bench: Bench) -> str:
    """Return the URL of a warehouse with the whole sample, which is loaded if missing.

    It is kept for the next benchmark.
    """
    url = bench.target.url(f"loaded_{bench.database}")
    if _count_rows(url) != bench.conversations:
        url = bench.new_target(f"loaded_{bench.database}")
        print(f"loading {bench.data}", file=sys.stderr, flush=True)
        with temporary_store(bench) as store:
            load_while_reading(bench.source_url, url, bench.all_days, store)
    else:
        migrate(Warehouse(url=url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return url


def read_days(
    source_url: str, days: list[Day], store: ExtractStore, ready: Callable[[Day], None] = lambda _: None
) -> None:
    """Read days as the product does; `ready` is called with each."""
    source = ChatwootDatabase(url=source_url, views_schema=SCHEMA)
    for extracted, _ in refresh_extracts(source, ZONE, days, store, lambda _: None):
        ready(extracted.day)


def load_days(target: str, days: list[Day], ready: Iterator[Day], store: ExtractStore) -> None:
    """Load days into all tables as the product does, as they become ready."""
    extracted = (read_files(day, store) for day in ready)
    rules = MetricRules(ZONE.key)
    for _ in load.load_days(Warehouse(url=target), extracted, len(days), store, rules, "benchmark", lambda _: None):
        pass


def load_while_reading(source_url: str, target: str, days: list[Day], store: ExtractStore) -> None:
    """Read days and load them at the same time, as the product's step does."""

    def load(ready: Iterator[Day]) -> None:
        load_days(target, days, ready, store)

    with consume_in_background(load) as (ready, loaded):
        read_days(source_url, days, store, ready)
    loaded.result()


def run_data_path(bench: Bench, target: str, store: ExtractStore) -> None:
    """Read, transform, load and summarize all days, as a run does without its metrics: their tables stay empty."""
    empty = {table: pl.DataFrame(schema={name: column.polars_type for name, column in columns.items()})
             for table, columns in TABLES.items()}  # fmt: skip
    with patch.object(batches, "compute_metrics", lambda *_, **__: empty):
        load_while_reading(bench.source_url, target, bench.all_days, store)


def _count_rows(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('conversation_facts')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT count(*) FROM conversation_facts").fetchone()
    return row[0] if row else None
