"""The time of the sensor's scan, and of the full comparison.

Both compare Chatwoot with what is loaded. The time is that of the whole call, of which the source server's statistics
(`--source debian`) are shown too; the warehouse has no rows, only what is known about its days.
"""

from __future__ import annotations

import datetime
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg

from benchmarks.data import SCHEMA, ZONE, Bench
from chatwoot_assets.change_detection.changes import Changes, LoadedDays, ScanPosition, find_changes
from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.change_detection.loaded import read_day_blocks
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import definition, fingerprint, read_fingerprints
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets.warehouse.source_comparison import FULL, read_position

_ROUNDS = 5


def run(bench: Bench) -> dict[str, object]:
    """Run the scan and the comparison, with one and with five years of history."""
    grown = bench.grown()
    rows = [{"history": name, **row} for name, sized in (("x1", bench), ("x5", grown)) for row in _measure_scans(sized)]
    return {"history that grew": grown.data, "scans": rows}


def _measure_scans(bench: Bench) -> list[dict[str, object]]:
    chatwoot = ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)
    warehouse = Warehouse(url=bench.new_target("scans"))
    with tempfile.TemporaryDirectory() as directory:
        settings = replace(
            Settings.from_values({"CHATWOOT_ASSETS_HOME": directory}),
            views_schema=SCHEMA, reporting_timezone=ZONE, partitions_start_date=bench.first_day,
            extracts_url=str(Path(directory) / "extracts"),
        )  # fmt: skip

        def compare() -> None:
            for _ in compare_all(settings, chatwoot, warehouse):
                pass

        rows = [
            _measure(bench, "full comparison that hashes every message", compare, rounds=1),
            _measure(bench, "full comparison", compare),
        ]
        with warehouse.connect() as connection:
            blocks = read_day_blocks(connection)
            last_conversation = read_position(connection, FULL)["last_conversation"]
    fingerprints = _read_fingerprints(bench)
    loaded = LoadedDays(
        lambda _: fingerprints,
        dict.fromkeys((day.date for day in bench.all_days), bench.conversations // bench.days),
        blocks,
        last_conversation,
        lambda _: set(),
    )
    position = ScanPosition()

    def scan() -> None:
        nonlocal position
        changes = _scan(bench, chatwoot, loaded, position)
        position = changes.position
        if changes.days:
            raise AssertionError("nothing changes, so no day may differ")

    return [_measure(bench, "sensor's scan", scan), *rows]


def _scan(bench: Bench, chatwoot: ChatwootDatabase, loaded: LoadedDays, position: ScanPosition) -> Changes:
    with snapshot(chatwoot) as source:
        return find_changes(
            source, ViewOptions(SCHEMA, ZONE.key), bench.all_days, loaded, recent=RECENT_DAYS, position=position
        )


def _measure(bench: Bench, name: str, call: Callable[[], None], rounds: int = _ROUNDS) -> dict[str, object]:
    seconds: list[float] = []
    server_seconds: list[float] = []
    source_statistics = bench.statistics() if bench.has_statistics else None
    for _ in range(rounds):
        if source_statistics:
            source_statistics.reset()
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
        if source_statistics:
            server_seconds.append(source_statistics.seconds())
    with psycopg.connect(bench.source_url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return {
        "scan": name,
        "median seconds": round(statistics.median(seconds), 3),
        "all seconds": [round(value, 3) for value in seconds],
        "source server, median seconds": round(statistics.median(server_seconds), 3) if server_seconds else None,
        "size of the source": size[0] if size else None,
    }


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
