"""What a comparison with Chatwoot takes: the sensor's pass, and the nightly one over everything.

The time is that of the whole pass seen from here; all but some milliseconds of it is the source server's.
"""

from __future__ import annotations

import datetime
import time

import psycopg

from benchmarks.data import DAYS, SCHEMA, ZONE, Bench
from chatwoot_assets.automation.changes import find_changes
from chatwoot_assets.automation.sensors import RECENT_DAYS
from chatwoot_assets.extract.queries import latest_message
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.partitions import day
from chatwoot_assets.postgres import ChatwootDatabase

_ROUNDS = 5


def run(bench: Bench) -> dict[str, object]:
    """Make each pass some times, in turns, and return the median of its seconds."""
    days = [day(bench.first_day + datetime.timedelta(days=n), ZONE) for n in range(DAYS)]
    seconds: dict[str, list[float]] = {"sensor's pass": [], "nightly pass": []}
    for _ in range(_ROUNDS):
        for name, recent in (("sensor's pass", RECENT_DAYS), ("nightly pass", None)):
            started = time.perf_counter()
            with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
                since = source.read(latest_message(SCHEMA))["latest"][0]
                found = find_changes(source, SCHEMA, ZONE.key, days, {}, recent=recent, since_message=since)
            seconds[name].append(time.perf_counter() - started)
            if len(found.days) != DAYS:
                raise AssertionError("nothing is loaded, so every day must differ")
    with psycopg.connect(bench.source_url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return {
        "median seconds": {name: round(sorted(values)[_ROUNDS // 2], 3) for name, values in seconds.items()},
        "all seconds": {name: [round(value, 3) for value in values] for name, values in seconds.items()},
        "size of the source": size[0] if size else None,
    }
