"""What a comparison with Chatwoot takes: the sensor's pass, and the nightly one over everything.

The time is that of the whole pass seen from here; all but some milliseconds of it is the source server's, which says
so itself where it counts what statements cost it (`--source debian`).
"""

from __future__ import annotations

import statistics
import time

import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from chatwoot_assets.automation.changes import find_changes
from chatwoot_assets.automation.sensors import RECENT_DAYS
from chatwoot_assets.extract.queries import latest_message
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.postgres import ChatwootDatabase

_ROUNDS = 5
_PASSES = (("sensor's pass", RECENT_DAYS), ("nightly pass", None))


def run(bench: Bench) -> dict[str, object]:
    """Make each pass some times, in turns, at a year's history and at five years'."""
    grown = bench.grown()
    rows = [{"history": name, **row} for name, one in (("x1", bench), ("x5", grown)) for row in _passes(one)]
    return {"history that grew": grown.data, "passes": rows}


def _passes(bench: Bench) -> list[dict[str, object]]:
    days = bench.all_days
    seconds: dict[str, list[float]] = {name: [] for name, _ in _PASSES}
    counted: dict[str, list[float]] = {name: [] for name, _ in _PASSES}
    turn_after = None
    source_counts = bench.statistics() if bench.counts else None
    for _ in range(_ROUNDS):
        for name, recent in _PASSES:
            if source_counts:
                source_counts.forget()
            started = time.perf_counter()
            with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
                since = source.read(latest_message(SCHEMA))["latest"][0]
                found = find_changes(
                    source, SCHEMA, ZONE.key, days, {}, recent=recent, since_message=since, turn_after=turn_after
                )
            turn_after = found.last_in_turn or turn_after
            seconds[name].append(time.perf_counter() - started)
            if source_counts:
                counted[name].append(source_counts.seconds())
            if len(found.days) != bench.days:
                raise AssertionError("nothing is loaded, so every day must differ")
    with psycopg.connect(bench.source_url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return [
        {
            "pass": name,
            "median seconds": round(statistics.median(values), 3),
            "all seconds": [round(value, 3) for value in values],
            "source server's, median": round(statistics.median(counted[name]), 3) if counted[name] else None,
            "size of the source": size[0] if size else None,
        }
        for name, values in seconds.items()
    ]
