"""One day's refresh, from request to commit: the work alone, and the whole command.

The day is one of a warehouse that is already full, with one and with five years of history. The command is compared
with a run that does nothing.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import tempfile
import time

import psycopg

from benchmarks.data import HOME, LAST_DAY, SCHEMA, ZONE, Bench
from benchmarks.loading import loaded_target
from benchmarks.processes import command_environment, run_measured
from benchmarks.source_reading import temporary_store
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.refresh.days import Refresher, Stages

_ROUNDS = 9
_RUNS = 5
_DAYS_BEFORE_LAST = 5


def run(bench: Bench) -> dict[str, object]:
    """Measure both histories."""
    work, whole, data = [], [], []
    for name, sized in (("x1", bench), ("x5", bench.grown())):
        target = loaded_target(sized)
        before = _describe_day(target)
        print(f"refreshing a day of {sized.data}", file=sys.stderr, flush=True)
        work.append({"history": name, **_measure_work(sized, target)})
        whole.append({"history": name, **_measure_processes(sized, target)})
        if _describe_day(target) != before:
            raise AssertionError("the day's rows changed, although nothing changed in the source")
        data.append(f"{name}: {sized.data}; the day has {before[0]:,} conversations, {before[1]:,} messages")
    return {
        "histories": data,
        "work, median seconds": work,
        "processes, start to exit, median seconds": whole,
        "rounds": f"{_ROUNDS} of the work, {_RUNS} of each process, after a warm-up",
    }


def _date() -> datetime.date:
    return LAST_DAY - datetime.timedelta(days=_DAYS_BEFORE_LAST)


def _measure_work(bench: Bench, target: str) -> dict[str, float]:
    (day,) = (candidate for candidate in bench.all_days if candidate.date == _date())
    with temporary_store(bench) as store:
        rounds = [_refresh(bench, [day], target, store) for _ in range(_ROUNDS + 1)][1:]
    parts = {part: round(statistics.median(seconds[part] for seconds in rounds), 3) for part in rounds[0]}
    totals = [sum(seconds.values()) for seconds in rounds]
    return {**parts, "all": round(statistics.median(totals), 3), "worst": round(max(totals), 3)}


def _refresh(bench: Bench, days: list[Day], target: str, store: ExtractStore) -> dict[str, float]:
    """Read and load days without Dagster; return the seconds of each part."""
    seconds = {}
    refresher = Refresher(
        ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA), Warehouse(url=target), store, ZONE,
        MetricRules(ZONE.key),
    )  # fmt: skip
    for part, stage in {"read and write files": Stages.EXTRACT, "replace all tables": Stages.LOAD}.items():
        started = time.perf_counter()
        for _ in refresher.refresh(days, stage, "benchmark", lambda _: None, force=True):
            pass
        seconds[part] = time.perf_counter() - started
    return seconds


def _measure_processes(bench: Bench, target: str) -> dict[str, float]:
    """Run the command and the run that does nothing alternately, on one Dagster storage."""
    day = str(_date())
    command = ["command", "backfill", "--from", day, "--to", day, "--force"]
    seconds: dict[str, list[float]] = {"the command": [], "a run that does nothing": []}
    with tempfile.TemporaryDirectory(dir=HOME) as home:
        dagster = bench.new_target("dagster")
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        for number in range(_RUNS + 1):
            for name, arguments in (("the command", command), ("a run that does nothing", ["trivial"])):
                elapsed, _ = run_measured(arguments, environment)
                if number:
                    seconds[name].append(elapsed)
    medians = {name: round(statistics.median(values), 2) for name, values in seconds.items()}
    return {**medians, "difference": round(medians["the command"] - medians["a run that does nothing"], 2)}


def _describe_day(target: str) -> tuple[int, int, str]:
    """Return the day's conversations and messages, and a hash of everything but extracted_at."""
    with psycopg.connect(target) as connection:
        description = connection.execute(
            "SELECT count(*), coalesce(sum(t_messages), 0), coalesce(md5(string_agg("
            " md5((to_jsonb(c) - 'extracted_at')::text), '' ORDER BY id)), '')"
            " FROM conversas_analytics AS c WHERE conversation_date = %s",
            [_date()],
        ).fetchone()
    assert description is not None
    return description
