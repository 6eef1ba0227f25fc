"""A local database that holds a whole sample, loaded by the product's own functions and kept for the next benchmark."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from benchmarks.source_reading import temporary_store
from chatwoot_assets.ahead import handing_on
from chatwoot_assets.analytics.compiled import compiled_groups
from chatwoot_assets.analytics.load import refresh_summaries, replace_groups
from chatwoot_assets.analytics.refresh import refresh_days
from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.refresh import refresh_extracts
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics import load as metrics
from chatwoot_assets.metrics.assets import measured_groups
from chatwoot_assets.metrics.compute import Rules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import AnalyticsDatabase, ChatwootDatabase


def loaded_target(bench: Bench) -> str:
    """Return the URL of a local database with all days of the bench's sample, metrics too, loaded where missing."""
    url = bench.target.url(f"loaded_{bench.database}")
    if _rows(url) != bench.conversations:
        url = bench.new_target(f"loaded_{bench.database}")
        print(f"loading {bench.data}", file=sys.stderr, flush=True)
        with temporary_store(bench) as store:
            refresh(bench, bench.all_days, url, store)
            measure(bench.all_days, url, store)
    else:
        migrate(AnalyticsDatabase(url=url))
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
    refresh_days(AnalyticsDatabase(url=target), ready, len(days), store, "benchmark", lambda _: None)


def load_while_reading(source_url: str, target: str, days: list[Day], store: ExtractStore) -> None:
    """Read days, and load them meanwhile, as the product's step does."""

    def load(ready: Iterator[Day]) -> None:
        load_days(target, days, ready, store)

    with handing_on(load) as (ready, loaded):
        read_days(source_url, days, store, ready)
    loaded.result()


def measure(days: list[Day], target: str, store: ExtractStore) -> None:
    """Fill the metrics' tables of the days by the product's own functions, without Dagster."""
    rules = Rules(ZONE.key)
    groups = measured_groups(days, store, rules)
    for _ in metrics.replace_groups(AnalyticsDatabase(url=target), groups, rules.definition, "benchmark"):
        pass


def refresh(bench: Bench, days: list[Day], target: str, store: ExtractStore) -> dict[str, float]:
    """Read, compile and load days by the product's own functions, without Dagster; return each part's seconds."""
    analytics = AnalyticsDatabase(url=target)
    migrate(analytics)
    marks = [time.perf_counter()]
    with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
        marks.append(time.perf_counter())
        for _ in extract_days(source, SCHEMA, definition(ZONE.key), days, store, lambda _: None):
            pass
    marks.append(time.perf_counter())
    for _ in replace_groups(analytics, compiled_groups(days, store), "benchmark"):
        pass
    marks.append(time.perf_counter())
    with analytics.connect() as connection:
        refresh_summaries(connection, [one.date for one in days])
    marks.append(time.perf_counter())
    parts = ("open a snapshot", "read and write files", "compile and replace", "summarize")
    return {part: after - before for part, before, after in zip(parts, marks, marks[1:], strict=False)}


def _rows(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('conversation_facts')").fetchone() == (None,):
            return None
        found = connection.execute("SELECT count(*) FROM conversation_facts").fetchone()
    return found[0] if found else None
