"""Load samples with the product's own functions, without Dagster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from benchmarks.source_reading import temporary_store
from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.conversations.daily_summary import refresh_daily_summary
from chatwoot_assets.conversations.refresh import refresh_conversations
from chatwoot_assets.extract.refresh import refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.batches import compute_batches
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.metrics.load import replace_metrics_batches
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
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
            run_data_path(bench, url, store)
            load_metrics(bench.all_days, url, store)
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
    """Transform and load days as the product does, as they become ready."""
    refresh_conversations(Warehouse(url=target), ready, len(days), store, "benchmark", lambda _: None)


def load_while_reading(source_url: str, target: str, days: list[Day], store: ExtractStore) -> None:
    """Read days and load them at the same time, as the product's step does."""

    def load(ready: Iterator[Day]) -> None:
        load_days(target, days, ready, store)

    with consume_in_background(load) as (ready, loaded):
        read_days(source_url, days, store, ready)
    loaded.result()


def run_data_path(bench: Bench, target: str, store: ExtractStore) -> None:
    """Read, transform, load and summarize all days, as a run does without its metrics."""
    load_while_reading(bench.source_url, target, bench.all_days, store)
    summarize(target, bench.all_days)


def summarize(target: str, days: list[Day]) -> None:
    """Refresh the summaries of days as the product does."""
    with Warehouse(url=target).connect() as connection:
        refresh_daily_summary(connection, days)


def load_metrics(days: list[Day], target: str, store: ExtractStore) -> None:
    """Compute and load the metrics of days as the product does."""
    rules = MetricRules(ZONE.key)
    batches = compute_batches(days, store, rules)
    for _ in replace_metrics_batches(Warehouse(url=target), batches, rules.definition, "benchmark"):
        pass


def _count_rows(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('conversation_facts')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT count(*) FROM conversation_facts").fetchone()
    return row[0] if row else None
