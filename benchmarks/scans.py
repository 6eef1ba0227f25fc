"""The time of the sensor's scan, and of the nightly scan over all days.

A scan compares days with Chatwoot. The time is that of the whole scan as the client sees it. All but a few milliseconds
are the source server's, whose statistics (`--source debian`) are shown too.
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
_FIRST_NIGHT = "nightly scan, the first one or the first after a restored dump"
_SCANS = {"sensor's scan": RECENT_DAYS, _FIRST_NIGHT: None, "nightly scan": None}


def run(bench: Bench) -> dict[str, object]:
    """Run the scans alternately, with one and with five years of history."""
    grown = bench.grown()
    rows = [{"history": name, **row} for name, sized in (("x1", bench), ("x5", grown)) for row in _measure_scans(sized)]
    return {"history that grew": grown.data, "scans": rows}


def _measure_scans(bench: Bench) -> list[dict[str, object]]:
    chatwoot = ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)
    seconds: dict[str, list[float]] = {name: [] for name in _SCANS}
    server_seconds: dict[str, list[float]] = {name: [] for name in _SCANS}
    rotation_after: datetime.date | None = None
    versions: dict[tuple[datetime.date, FingerprintGroup], Versions] = {}
    loaded = _read_fingerprints(bench)
    source_statistics = bench.statistics() if bench.has_statistics else None
    for _ in range(_ROUNDS):
        for name, recent in _SCANS.items():
            if source_statistics:
                source_statistics.reset()
            started = time.perf_counter()
            with snapshot(chatwoot) as source:
                since = source.read(latest_message(SCHEMA))["latest"][0]
                changes = find_changes(
                    source, SCHEMA, ZONE.key, bench.all_days, loaded, recent=recent, since_message=since,
                    rotation_after=rotation_after, versions={} if name == _FIRST_NIGHT else versions,
                )  # fmt: skip
            rotation_after = changes.rotation_cursor or rotation_after
            versions = {**versions, **changes.versions}
            seconds[name].append(time.perf_counter() - started)
            if source_statistics:
                server_seconds[name].append(source_statistics.seconds())
            if changes.days:
                raise AssertionError("nothing changes, so no day may differ")
    with psycopg.connect(bench.source_url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return [
        {
            "scan": name,
            "median seconds": round(statistics.median(values), 3),
            "all seconds": [round(value, 3) for value in values],
            "source server, median seconds": round(statistics.median(server_seconds[name]), 3)
            if server_seconds[name]
            else None,
            "size of the source": size[0] if size else None,
        }
        for name, values in seconds.items()
    ]


def _read_fingerprints(bench: Bench) -> dict[datetime.date, dict[Dataset, str]]:
    """Return the fingerprints that the warehouse would have if all days were loaded."""
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
