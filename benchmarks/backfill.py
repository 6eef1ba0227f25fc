"""A year's backfill: ours beside `psql COPY | psql COPY` of the same rows, from one server to another.

Ours brings more: the days' Parquet files, fingerprints, indexes, the summary, and a replacement of each day in
one transaction. What is loaded is compared, row by row and column by column, before any time counts.
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
from benchmarks.loading import load_days, load_while_reading, measure, read_days, summarize
from benchmarks.processes import command_environment, measured
from benchmarks.servers import processor_seconds
from benchmarks.source_reading import PSQL, temporary_store
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.schema import migrate

_COLUMNS = [name for name in CONVERSAS_ANALYTICS if name != "extracted_at"]


def run(bench: Bench) -> dict[str, object]:
    """Measure each way once, one after the other; return seconds, processors' seconds and ratios."""
    pipe_url, turn_url, ours_url, dagster_url = (
        bench.new_target(name) for name in ("pipe", "in_turn", "ours", "through_dagster")
    )
    meter = Meter(bench)
    _psql_pipe(bench, pipe_url, meter)
    with temporary_store(bench) as store:
        _in_turn(bench, turn_url, store, meter)
    with temporary_store(bench) as store:
        _data_path(bench, ours_url, store, meter)
    peak_mb = _through_dagster(bench, dagster_url, meter)
    costs = meter.costs
    # The pipe brings neither extracts' events, labels and hours, nor metrics; the former are read with the rest.
    path = [costs[f"ours, data path: {part}"] for part in ("read and load", "summaries")]
    costs["ours, data path"] = Cost(sum(one.seconds for one in path), sum(one.processors for one in path))
    expected = fingerprint(pipe_url)
    for name, url in (("in turn", turn_url), ("the data path", ours_url), ("the process", dagster_url)):
        if fingerprint(url) != expected:
            raise AssertionError(f"{name} loaded other rows than psql did")
    pipe = costs["psql pipe"]
    return {
        "a year": {
            name: {
                "seconds": round(cost.seconds, 1),
                "of the pipe": round(cost.seconds / pipe.seconds, 2),
                "processors' seconds, servers included": round(cost.processors, 1),
                "of the pipe's": round(cost.processors / pipe.processors, 2),
            }
            for name, cost in costs.items()
        },
        "peak resident memory of the process, MB": round(peak_mb),
        "rows compared": expected[0],
    }


@dataclass(frozen=True)
class Cost:
    """What something took: seconds by the clock, and of all processors, the servers' included."""

    seconds: float
    processors: float


class Meter:
    """Takes what happens from one mark to the next. The clock also counts what others do on the machine."""

    def __init__(self, bench: Bench) -> None:
        self.costs: dict[str, Cost] = {}
        self._servers = bench.source, bench.target
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self._processors = self._used()
        self._started = time.perf_counter()

    def mark(self, name: str) -> None:
        """Note what was taken since the start or the last mark; all sessions of it have to be closed."""
        seconds = time.perf_counter() - self._started
        self.costs[name] = Cost(seconds, self._used() - self._processors)
        self.start()

    def _used(self) -> float:
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        mine = sum(one.ru_utime + one.ru_stime for one in usage)
        return mine + sum(processor_seconds(server) for server in self._servers)


def _psql_pipe(bench: Bench, target: str, meter: Meter) -> None:
    """Copy the top view's rows into a table with the same columns and primary key."""
    migrate(Warehouse(url=target))
    columns = ", ".join(_COLUMNS)
    read = f"COPY (SELECT {columns} FROM {SCHEMA}.vw_conversations_analytics) TO STDOUT"
    with psycopg.connect(target) as connection:  # the one column that the view does not have
        connection.execute("ALTER TABLE conversas_analytics ALTER extracted_at SET DEFAULT now()")
    write = f"COPY conversas_analytics ({columns}) FROM STDIN"
    environment = {**os.environ, "PGOPTIONS": "-c timezone=UTC"}
    meter.start()
    with subprocess.Popen([PSQL, bench.source_url, "-qc", read], stdout=subprocess.PIPE, env=environment) as reader:
        subprocess.run([PSQL, target, "-qc", write], stdin=reader.stdout, env=environment, check=True)
    meter.mark("psql pipe")


def _in_turn(bench: Bench, target: str, store: ExtractStore, meter: Meter) -> None:
    """Read all days, and load them then."""
    migrate(Warehouse(url=target))
    meter.start()
    read_days(bench.source_url, bench.all_days, store)
    meter.mark("ours, in turn: read")
    load_days(target, bench.all_days, iter(bench.all_days), store)
    meter.mark("ours, in turn: load")


def _data_path(bench: Bench, target: str, store: ExtractStore, meter: Meter) -> None:
    """Read and load all days as the product's step does, without Dagster."""
    migrate(Warehouse(url=target))
    meter.start()
    load_while_reading(bench.source_url, target, bench.all_days, store)
    meter.mark("ours, data path: read and load")
    summarize(target, bench.all_days)
    meter.mark("ours, data path: summaries")
    measure(bench.all_days, target, store)
    meter.mark("ours, data path: metrics")


def _through_dagster(bench: Bench, target: str, meter: Meter) -> float:
    """Run the command, start to exit; return its peak resident memory in MB."""
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        dagster = bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        meter.start()
        _, peak_mb = measured(["command", *_arguments(bench)], environment)
        meter.mark("chatwoot-assets backfill, the whole process")
    return peak_mb


def command(bench: Bench) -> list[str]:
    """Return the command of a backfill of all days."""
    return [str(Path(sys.executable).parent / "chatwoot-assets"), *_arguments(bench)]


def _arguments(bench: Bench) -> list[str]:
    return ["backfill", "--from", str(bench.first_day), "--to", str(LAST_DAY)]


def fingerprint(url: str) -> tuple[int, str]:
    """Return how many rows there are, and the sum of the hashes of all their columns but extracted_at."""
    row = sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))
    query = sql.SQL("SELECT count(*), sum(hash_record_extended({}, 0))::text FROM conversas_analytics").format(row)
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return found
