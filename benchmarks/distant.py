"""A year from a distant Chatwoot: read, then loaded; and read while loading.

With both servers on this machine, reading and loading share two cores. Reading from a distant server mostly waits for
the network, so loading fits into that time.
"""

from __future__ import annotations

import time
from urllib.parse import quote

from benchmarks.data import Bench
from benchmarks.loading import refresh
from benchmarks.pipes import hash_rows
from benchmarks.source_reading import temporary_store
from benchmarks.throttled_proxy import throttle
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh.days import Stages
from chatwoot_assets.warehouse.schema import migrate

_MBIT = (50, 100, 200)


def run(bench: Bench) -> dict[str, object]:
    """Measure both ways at each bandwidth; return seconds and their ratio."""
    rows: list[dict[str, object]] = []
    for mbit in _MBIT:
        with throttle(bench.source.socket_directory, mbit) as port:
            url = f"postgresql://postgres@127.0.0.1:{port}/{quote(bench.database)}?sslmode=disable&gssencmode=disable"
            reading, loading = _one_after_the_other(bench, url)
            overlapped = _at_once(bench, url)
        if (
            len({hash_rows(bench.target.url(name), "vw_conversations_analytics") for name in ("in_turn", "at_once")})
            > 1
        ):
            raise AssertionError("loading at once and one after the other gave different rows")
        rows.append(
            {
                "Mbit/s": mbit,
                "read, seconds": round(reading, 1),
                "then load": round(loading, 1),
                "both at once": round(overlapped, 1),
                "relative to one after the other": round(overlapped / (reading + loading), 2),
            }
        )
    return {"a year, data path": rows}


def _one_after_the_other(bench: Bench, url: str) -> tuple[float, float]:
    target = _migrated(bench, "in_turn")
    with temporary_store(bench) as store:
        started = time.perf_counter()
        refresh(url, target, bench.all_days, store, Stages.EXTRACT)
        read = time.perf_counter()
        refresh(url, target, bench.all_days, store, Stages.LOAD)
        return read - started, time.perf_counter() - read


def _at_once(bench: Bench, url: str) -> float:
    target = _migrated(bench, "at_once")
    with temporary_store(bench) as store:
        started = time.perf_counter()
        refresh(url, target, bench.all_days, store)
        return time.perf_counter() - started


def _migrated(bench: Bench, name: str) -> str:
    target = bench.new_target(name)
    migrate(Warehouse(url=target))
    return target
