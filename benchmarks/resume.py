"""A year's backfill killed at random moments, and started again each time: only what is missing is read.

Nothing is compared with another tool: it is the proof, at full size, of what the tests show on a month.
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
    """Kill a backfill some times, let it end, and say what each attempt found and read."""
    target = bench.new_target("resumed")
    attempts: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        dagster = bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        store = ExtractStore(str(Path(home) / "extracts"))
        for number in range(_KILLS + 1):
            before = _whole_days(bench, store)
            seconds = random.uniform(*_SECONDS_BEFORE_KILL) if number < _KILLS else None
            started = time.perf_counter()
            process = subprocess.Popen(command(bench), env=environment, stderr=subprocess.DEVNULL)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            after = _whole_days(bench, store)
            read_again = [day for day, taken_at in before.items() if after.get(day) != taken_at]
            if read_again:
                raise AssertionError(f"{len(read_again)} days that were there were read again")
            attempts.append(
                {
                    "ended": "was killed" if process.returncode < 0 else f"exit {process.returncode}",
                    "after seconds": round(time.perf_counter() - started, 1),
                    "days extracted before": len(before),
                    "days extracted by it": len(after) - len(before),
                    "days loaded afterwards": _days_loaded(target),
                }
            )
    if attempts[-1]["days loaded afterwards"] != DAYS:
        raise AssertionError("not all days are loaded in the end")
    return {"attempts": attempts}


def _whole_days(bench: Bench, store: ExtractStore) -> dict[Day, datetime.datetime]:
    """Return the days that have all their files, of one snapshot, and when that was taken."""
    days = (day(bench.first_day + datetime.timedelta(days=n), ZONE) for n in range(DAYS))
    stamps = {one: [stamp and stamp.snapshot_at for stamp in store.stamps(one).values()] for one in days}
    return {one: times[0] for one, times in stamps.items() if times[0] is not None and len(set(times)) == 1}


def _days_loaded(target: str) -> int:
    with psycopg.connect(target) as connection:
        if connection.execute("SELECT to_regclass('partition_state')").fetchone() == (None,):
            return 0
        found = connection.execute("SELECT count(*) FROM partition_state").fetchone()
    return found[0] if found else 0
