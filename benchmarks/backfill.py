"""A year's backfill, compared with `psql COPY | psql COPY` of the same rows.

Source and target are two servers. Ours also writes the days' Parquet files, computes fingerprints, fills indexes and
the summary, and replaces each day in one transaction. The loaded rows are compared, column by column, before any time
counts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.data import LAST_DAY, SCHEMA, Bench
from benchmarks.loading import load_days, load_while_reading, read_days, run_data_path
from benchmarks.processes import command_environment, run_measured
from benchmarks.servers import cpu_seconds
from benchmarks.source_reading import PSQL, temporary_store
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.schema import migrate

_COLUMNS = [name for name in CONVERSAS_ANALYTICS if name != "extracted_at"]


def run(bench: Bench) -> dict[str, object]:
    """Measure each way once, one after the other; return seconds, CPU seconds and ratios."""
    pipe_url, sequential_url, ours_url, metrics_url, dagster_url = (
        bench.new_target(name) for name in ("pipe", "sequential", "ours", "with_metrics", "through_dagster")
    )
    meter = Meter(bench)
    _psql_pipe(bench, pipe_url, meter)
    with temporary_store(bench) as store:
        _run_sequentially(bench, sequential_url, store, meter)
    with temporary_store(bench) as store:
        _run_data_path(bench, ours_url, store, meter)
    with temporary_store(bench) as store:
        _run_with_metrics(bench, metrics_url, store, meter)
    peak_mb = _run_command(bench, dagster_url, meter)
    costs = meter.costs
    expected = fingerprint(pipe_url)
    for name, url in (
        ("reading, then loading", sequential_url),
        ("the data path", ours_url),
        ("the data path with metrics", metrics_url),
        ("the process", dagster_url),
    ):
        if fingerprint(url) != expected:
            raise AssertionError(f"{name} loaded other rows than psql did")
    pipe = costs["psql pipe"]
    return {
        "a year": {
            name: {
                "seconds": round(cost.seconds, 1),
                "relative to the pipe": round(cost.seconds / pipe.seconds, 2),
                "CPU seconds, servers included": round(cost.cpu, 1),
                "CPU relative to the pipe": round(cost.cpu / pipe.cpu, 2),
            }
            for name, cost in costs.items()
        },
        "peak resident memory of the process, MB": round(peak_mb),
        "rows compared": expected[0],
    }


@dataclass(frozen=True)
class Cost:
    """Elapsed seconds, and CPU seconds including the servers'."""

    seconds: float
    cpu: float


class Meter:
    """Measures the cost between marks; elapsed time also depends on the machine's other work."""

    def __init__(self, bench: Bench) -> None:
        self.costs: dict[str, Cost] = {}
        self._servers = bench.source, bench.target
        self.start()

    def start(self) -> None:
        """Start measuring again."""
        self._cpu = self._read_cpu()
        self._started = time.perf_counter()

    def mark(self, name: str) -> None:
        """Record the cost since the last mark; all sessions of the work must be closed."""
        seconds = time.perf_counter() - self._started
        self.costs[name] = Cost(seconds, self._read_cpu() - self._cpu)
        self.start()

    def _read_cpu(self) -> float:
        usages = [resource.getrusage(processes) for processes in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        return own + sum(cpu_seconds(server) for server in self._servers)


def _psql_pipe(bench: Bench, target: str, meter: Meter) -> None:
    """Copy the rows of the top view into a table with the same columns and primary key."""
    migrate(Warehouse(url=target))
    columns = ", ".join(_COLUMNS)
    read = f"COPY (SELECT {columns} FROM {SCHEMA}.vw_conversations_analytics) TO STDOUT"
    with psycopg.connect(target) as connection:  # the only column that the view lacks
        connection.execute("ALTER TABLE conversas_analytics ALTER extracted_at SET DEFAULT now()")
    write = f"COPY conversas_analytics ({columns}) FROM STDIN"
    environment = {**os.environ, "PGOPTIONS": "-c timezone=UTC"}
    meter.start()
    with subprocess.Popen([PSQL, bench.source_url, "-qc", read], stdout=subprocess.PIPE, env=environment) as reader:
        subprocess.run([PSQL, target, "-qc", write], stdin=reader.stdout, env=environment, check=True)
    meter.mark("psql pipe")


def _run_sequentially(bench: Bench, target: str, store: ExtractStore, meter: Meter) -> None:
    """Read all days, then load them."""
    migrate(Warehouse(url=target))
    meter.start()
    read_days(bench.source_url, bench.all_days, store)
    meter.mark("ours, one after the other: read")
    load_days(target, bench.all_days, iter(bench.all_days), store)
    meter.mark("ours, one after the other: load")


def _run_data_path(bench: Bench, target: str, store: ExtractStore, meter: Meter) -> None:
    """Read and load all days without metrics: the pipe has none.

    Nor does it copy events, labels and opening hours, which ours reads with the rest.
    """
    migrate(Warehouse(url=target))
    meter.start()
    run_data_path(bench, target, store)
    meter.mark("ours, data path")


def _run_with_metrics(bench: Bench, target: str, store: ExtractStore, meter: Meter) -> None:
    """Read and load all days as the product's step does, without Dagster."""
    migrate(Warehouse(url=target))
    meter.start()
    load_while_reading(bench.source_url, target, bench.all_days, store)
    meter.mark("ours, data path with metrics")


def _run_command(bench: Bench, target: str, meter: Meter) -> float:
    """Run the command from start to exit; return its peak resident memory in MB."""
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        dagster = bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        meter.start()
        _, peak_mb = run_measured(["command", *_arguments(bench)], environment)
        meter.mark("chatwoot-assets backfill, the whole process")
    return peak_mb


def command(bench: Bench) -> list[str]:
    """Return the command of a backfill of all days."""
    return [str(Path(sys.executable).parent / "chatwoot-assets"), *_arguments(bench)]


def _arguments(bench: Bench) -> list[str]:
    return ["backfill", "--from", str(bench.first_day), "--to", str(LAST_DAY)]


def fingerprint(url: str) -> tuple[int, str]:
    """Return the number of rows, and the sum of their hashes without extracted_at."""
    row = sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))
    query = sql.SQL("SELECT count(*), sum(hash_record_extended({}, 0))::text FROM conversas_analytics").format(row)
    with psycopg.connect(url) as connection:
        row_count_and_hash = connection.execute(query).fetchone()
    assert row_count_and_hash is not None
    return row_count_and_hash
