"""A local database that holds a whole sample, loaded by the product's own functions and kept for the next benchmark."""

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
from chatwoot_assets.metrics import load as metrics
from chatwoot_assets.metrics.batches import compute_batches
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.warehouse.schema import migrate


def loaded_target(bench: Bench) -> str:
    """Return the URL of a local database with all days of the bench's sample, metrics too, loaded where missing."""
    url = bench.target.url(f"loaded_{bench.database}")
    if _rows(url) != bench.conversations:
        url = bench.new_target(f"loaded_{bench.database}")
        print(f"loading {bench.data}", file=sys.stderr, flush=True)
        with temporary_store(bench) as store:
            data_path(bench, url, store)
            measure(bench.all_days, url, store)
    else:
        migrate(Warehouse(url=url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return url


def read_days(
    source_url: str, days: list[Day], store: ExtractStore, ready: Callable[[Day], None] = lambda _: None
) -> None:
    """Read days by the product's own function; `ready` is told of each."""
    source = ChatwootDatabase(url=source_url, views_schema=SCHEMA)
    refresh_extracts(source, ZONE, days, store, lambda _: None, ready)


def load_days(target: str, days: list[Day], ready: Iterator[Day], store: ExtractStore) -> None:
    """Compile and load days by the product's own function, as they become ready."""
    refresh_conversations(Warehouse(url=target), ready, len(days), store, "benchmark", lambda _: None)


def load_while_reading(source_url: str, target: str, days: list[Day], store: ExtractStore) -> None:
    """Read days, and load them meanwhile, as the product's step does."""

    def load(ready: Iterator[Day]) -> None:
        load_days(target, days, ready, store)

    with consume_in_background(load) as (ready, loaded):
        read_days(source_url, days, store, ready)
    loaded.result()


def data_path(bench: Bench, target: str, store: ExtractStore) -> None:
    """Read, compile, load and summarize all days, as a run does but for metrics."""
    load_while_reading(bench.source_url, target, bench.all_days, store)
    summarize(target, bench.all_days)


def summarize(target: str, days: list[Day]) -> None:
    """Make the summaries of days by the product's own function."""
    with Warehouse(url=target).connect() as connection:
        refresh_daily_summary(connection, days)


def measure(days: list[Day], target: str, store: ExtractStore) -> None:
    """Fill the metrics' tables of the days by the product's own functions, without Dagster."""
    rules = MetricRules(ZONE.key)
    groups = compute_batches(days, store, rules)
    for _ in metrics.replace_metrics_batches(Warehouse(url=target), groups, rules.definition, "benchmark"):
        pass


def _rows(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('conversation_facts')").fetchone() == (None,):
            return None
        found = connection.execute("SELECT count(*) FROM conversation_facts").fetchone()
    return found[0] if found else None
