"""Load samples with the product's own functions, without Dagster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import polars as pl
import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from benchmarks.source_reading import temporary_store
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.refresh import batches
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets.warehouse.schema import migrate

BOTH = Stages.EXTRACT | Stages.LOAD


def refresh(source_url: str, target: str, days: list[Day], store: ExtractStore, stages: Stages = BOTH) -> None:
    """Refresh days as a run does, without Dagster."""
    refresher = Refresher(
        ChatwootDatabase(url=source_url, views_schema=SCHEMA), Warehouse(url=target), store, ZONE, MetricRules(ZONE.key)
    )
    for _ in refresher.refresh(days, stages, "benchmark", lambda _: None):
        pass


@contextmanager
def without_metrics() -> Iterator[None]:
    """Leave the metrics tables empty in the block, to measure what other tools do, too."""
    empty = {
        table: pl.DataFrame(schema={name: column.polars_type for name, column in columns.items()})
        for table, columns in TABLES.items()
    }
    with (
        mock.patch.object(batches, "compute_by_conversation", return_value=empty),
        mock.patch.object(batches, "compute_sums", return_value={}),
    ):
        yield


def loaded_target(bench: Bench) -> str:
    """Return the URL of a warehouse with the whole sample, which is loaded if missing.

    It is kept for the next benchmark.
    """
    url = bench.target.url(f"loaded_{bench.database}")
    if _count_rows(url) != bench.conversations:
        url = bench.new_target(f"loaded_{bench.database}")
        print(f"loading {bench.data}", file=sys.stderr, flush=True)
        with temporary_store(bench) as store:
            refresh(bench.source_url, url, bench.all_days, store)
    else:
        migrate(Warehouse(url=url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return url


def _count_rows(url: str) -> int | None:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('conversation_facts')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT count(*) FROM conversation_facts").fetchone()
    return row[0] if row else None
