"""What a comparison with Chatwoot takes: the sensor's pass, and the nightly one over everything.

The time is that of the whole pass seen from here; all but some milliseconds of it is the source server's, which says
so itself where it counts what statements cost it (`--source debian`).
"""

from __future__ import annotations

import datetime
import statistics
import time

import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from chatwoot_assets.change_detection.changes import find_changes
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import definition, fingerprint, read_fingerprints
from chatwoot_assets.extract.queries import latest_message
from chatwoot_assets.extract.row_versions import Versions
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.snapshot import snapshot

_ROUNDS = 5
_FIRST_NIGHT = "nightly pass, the first, or after a restored dump"
_PASSES = {"sensor's pass": RECENT_DAYS, _FIRST_NIGHT: None, "nightly pass": None}


def run(bench: Bench) -> dict[str, object]:
    """Make each pass some times, in turns, at a year's history and at five years'."""
    grown = bench.grown()
    rows = [{"history": name, **row} for name, one in (("x1", bench), ("x5", grown)) for row in _passes(one)]
    return {"history that grew": grown.data, "passes": rows}


def _passes(bench: Bench) -> list[dict[str, object]]:
    chatwoot = ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)
    seconds: dict[str, list[float]] = {name: [] for name in _PASSES}
    counted: dict[str, list[float]] = {name: [] for name in _PASSES}
    rotation_after: datetime.date | None = None
    versions: dict[tuple[datetime.date, FingerprintGroup], Versions] = {}
    loaded = _fingerprints(bench)
    source_counts = bench.statistics() if bench.counts else None
    for _ in range(_ROUNDS):
        for name, recent in _PASSES.items():
            if source_counts:
                source_counts.forget()
            started = time.perf_counter()
            with snapshot(chatwoot) as source:
                since = source.read(latest_message(SCHEMA))["latest"][0]
                found = find_changes(
                    source, SCHEMA, ZONE.key, bench.all_days, loaded, recent=recent, since_message=since,
                    rotation_after=rotation_after, versions={} if name == _FIRST_NIGHT else versions,
                )  # fmt: skip
            rotation_after = found.rotation_cursor or rotation_after
            versions = {**versions, **found.versions}
            seconds[name].append(time.perf_counter() - started)
            if source_counts:
                counted[name].append(source_counts.seconds())
            if found.days:
                raise AssertionError("nothing changes, so no day may differ")
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


def _fingerprints(bench: Bench) -> dict[datetime.date, dict[Dataset, str]]:
    """Return the fingerprints of all days, as if they were loaded."""
    defined = definition(ZONE.key)
    with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
        totals = read_fingerprints(source, SCHEMA, defined, FingerprintGroup, bench.all_days)
    return {
        day.date: {
            dataset: fingerprint(defined, *(int(totals[group][day].split(":")[1]) for group in groups_of(dataset)))
            for dataset in Dataset
        }
        for day in bench.all_days
    }
