"""How long a migration of Chatwoot's waits for our reading, during a year's backfill.

`ALTER TABLE messages ADD COLUMN` needs a lock that conflicts with every query on the table, so it waits until our
transaction ends, and every query of Chatwoot's on that table queues behind it. The column is added and removed again
and again while the command runs.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks.backfill import command
from benchmarks.data import Bench
from benchmarks.processes import command_environment

_SECONDS_BETWEEN = 0.5


def run(bench: Bench) -> dict[str, object]:
    """Return how long the migrations waited, without our reading and during it."""
    alone = [_migrate(bench) for _ in range(10)]
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        target, dagster = bench.new_target("migration"), bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        started = time.perf_counter()
        process = subprocess.Popen(command(bench), env=environment, stderr=subprocess.DEVNULL)
        waits: list[float] = []
        try:
            while process.poll() is None:
                time.sleep(_SECONDS_BETWEEN)
                waits.append(_migrate(bench))
        finally:
            process.terminate()
            process.wait()
        seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise AssertionError(f"the backfill ended with {process.returncode}")
    return {
        "ALTER TABLE messages ADD COLUMN, seconds": [
            {"while": name, "times": len(values), "median": round(statistics.median(values), 3),
             "longest": round(max(values), 3)}
            for name, values in (("nothing is read", alone), ("a year is loaded", waits))
        ],
        "seconds of the backfill": round(seconds, 1),
    }  # fmt: skip


def _migrate(bench: Bench) -> float:
    """Add a column and remove it again; return how many seconds adding it took."""
    with psycopg.connect(bench.source_url, autocommit=True) as connection:
        started = time.perf_counter()
        connection.execute("ALTER TABLE messages ADD COLUMN added_by_a_migration integer")
        seconds = time.perf_counter() - started
        connection.execute("ALTER TABLE messages DROP COLUMN added_by_a_migration")
    return seconds
