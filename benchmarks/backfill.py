"""A year's backfill, compared with `psql COPY | psql COPY` of the same rows.

Source and target are two servers. Ours also writes the days' Parquet files, computes fingerprints and the summary, and
replaces each day in one transaction. The loaded rows are compared, messages included, before any time counts.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import LAST_DAY, Bench
from benchmarks.loading import refresh, without_metrics
from benchmarks.pipes import JSON_TABLE, copy_flat, copy_json, hash_rows
from benchmarks.processes import command_environment, run_measured
from benchmarks.servers import cpu_seconds
from benchmarks.source_reading import temporary_store
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh.days import Stages
from chatwoot_assets.warehouse.schema import migrate

_JSON_PIPE = "psql COPY | psql COPY of the JSON view"
_FLAT_PIPE = "psql COPY | psql COPY of flat rows"


def run(bench: Bench) -> dict[str, object]:
    """Measure each way once, one after the other; return seconds, CPU seconds and ratios."""
    urls = {name: bench.new_target(name) for name in ("json_pipe", "flat_pipe", "in_turn", "no_metrics", "ours", "dg")}
    for url in urls.values():
        migrate(Warehouse(url=url))
    meter = Meter(bench)
    copy_json(bench, urls["json_pipe"])
    meter.mark(_JSON_PIPE)
    copy_flat(bench, urls["flat_pipe"])
    meter.mark(_FLAT_PIPE)
    _run_in_turn(bench, urls["in_turn"], meter)
    with temporary_store(bench) as store, without_metrics():
        meter.start()
        refresh(bench.source_url, urls["no_metrics"], bench.all_days, store)
        meter.mark("ours, data path without metrics")
    with temporary_store(bench) as store:
        meter.start()
        refresh(bench.source_url, urls["ours"], bench.all_days, store)
        meter.mark("ours, data path with all metrics")
    peak_mb = _run_command(bench, urls["dg"], meter)
    expected = hash_rows(urls["json_pipe"], JSON_TABLE)
    for name in ("in_turn", "no_metrics", "ours", "dg"):
        if hash_rows(urls[name], "vw_conversations_analytics") != expected:
            raise AssertionError(f"{name} loaded other rows than psql did")
    json_pipe, flat_pipe = meter.costs[_JSON_PIPE], meter.costs[_FLAT_PIPE]
    return {
        "a year": {
            name: {
                "seconds": round(cost.seconds, 1),
                "relative to the JSON pipe": round(cost.seconds / json_pipe.seconds, 2),
                "to the flat pipe": round(cost.seconds / flat_pipe.seconds, 2),
                "CPU seconds, servers included": round(cost.cpu, 1),
                "CPU, relative to the JSON pipe": round(cost.cpu / json_pipe.cpu, 2),
                "CPU, to the flat pipe": round(cost.cpu / flat_pipe.cpu, 2),
            }
            for name, cost in meter.costs.items()
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


def _run_in_turn(bench: Bench, target: str, meter: Meter) -> None:
    """Read all days, then load them."""
    with temporary_store(bench) as store:
        meter.start()
        for stage in (Stages.EXTRACT, Stages.LOAD):
            refresh(bench.source_url, target, bench.all_days, store, stage)
            meter.mark(f"ours, one after the other: {stage.name}")


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
