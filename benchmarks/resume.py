"""A year's backfill that is killed at random times and restarted.

Each attempt must read only missing days. There is no comparison with another tool: this proves at full size what the
tests show for a month.
"""

from __future__ import annotations

import datetime
import random
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks.backfill import command
from benchmarks.data import DAYS, ZONE, Bench
from benchmarks.processes import command_environment
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, day

_KILLS = 4
_SECONDS_BEFORE_KILL = (6.0, 30.0)


def run(bench: Bench) -> dict[str, object]:
    """Kill a backfill several times, then let it finish; return what each attempt read."""
    target = bench.new_target("resumed")
    attempts: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        dagster = bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        store = ExtractStore(str(Path(home) / "extracts"))
        for number in range(_KILLS + 1):
            before = _find_complete_days(bench, store)
            seconds = random.uniform(*_SECONDS_BEFORE_KILL) if number < _KILLS else None
            started = time.perf_counter()
            process = subprocess.Popen(command(bench), env=environment, stderr=subprocess.DEVNULL)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            after = _find_complete_days(bench, store)
            read_again = [day for day, snapshot_at in before.items() if after.get(day) != snapshot_at]
            if read_again:
                raise AssertionError(f"{len(read_again)} days that were complete were read again")
            attempts.append(
                {
                    "ended": "was killed" if process.returncode < 0 else f"exit {process.returncode}",
                    "after seconds": round(time.perf_counter() - started, 1),
                    "days extracted before": len(before),
                    "days extracted": len(after) - len(before),
                    "days loaded afterwards": _count_loaded_days(target),
                }
            )
    if attempts[-1]["days loaded afterwards"] != DAYS:
        raise AssertionError(f"not all days are loaded in the end: {attempts}")
    return {"attempts": attempts}


def _find_complete_days(bench: Bench, store: ExtractStore) -> dict[Day, datetime.datetime]:
    """Return the days with all files from one snapshot, and the snapshot's instant."""
    days = (day(bench.first_day + datetime.timedelta(days=n), ZONE) for n in range(DAYS))
    snapshots = {
        candidate: [stamp and stamp.snapshot_at for stamp in store.stamps(candidate).values()] for candidate in days
    }
    return {
        complete: times[0] for complete, times in snapshots.items() if times[0] is not None and len(set(times)) == 1
    }


def _count_loaded_days(target: str) -> int:
    with psycopg.connect(target) as connection:
        if connection.execute("SELECT to_regclass('partition_state')").fetchone() == (None,):
            return 0
        row = connection.execute("SELECT count(*) FROM partition_state").fetchone()
    return row[0] if row else 0
