"""The queries of a dashboard, on the local tables and on the remote views.

Both must give the same answers, which are compared for every set of parameters. The other queries of the project's own
dashboard are measured on the local tables only, and its pages in Chromium.
"""

from __future__ import annotations

import datetime
import itertools
import math
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import pages as browser_pages
from benchmarks.data import LAST_DAY, SCHEMA, ZONE, Bench
from benchmarks.loading import loaded_target
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.partitions import day
from chatwoot_assets.sql_files import compose, sql_path

_SETS = 60
_ROWS_PER_PAGE = 50
_HERE = Path(__file__).parent / "sql"
_QUERY_FILES = (
    "filter_options",
    "new_conversations", "response_times", "resolutions", "backlog", "hourly_messages", "daily_sums",
    "conversations", "comments",
)  # fmt: skip
# The queries of the last year, by each of these dimensions and with each of these filters.
_YEAR_QUERIES = ("new_conversations", "response_times", "resolutions")
_DIMENSIONS = ("all", "time", "agent", "label")
_FILTERS: dict[str, dict[str, Any]] = {
    "none": {}, "a label": {"labels": ["vip"]}, "resolved": {"statuses": ["resolved"]},
    "open": {"statuses": ["open"]},
}  # fmt: skip
_ROUNDS = 9
_STATUSES = ("open", "resolved", "pending", "snoozed")

Rows = list[tuple[Any, ...]]
RunQueries = Callable[[dict[str, Any]], tuple[float, Rows]]


@dataclass(frozen=True)
class Question:
    """A question: the files that answer it on the local tables and on the remote views."""

    name: str
    local: tuple[str, ...]
    remote: tuple[str, ...]


_SUMMARY = Question("a year's summary by day, inbox and status", ("summary",), ("summary_of_views",))
_QUESTIONS = (
    _SUMMARY,
    Question("a filtered list's page of 50, and its number", ("list", "count"), ("list_of_views", "count_of_views")),
    Question("one conversation with its messages", ("conversation",), ("conversation_of_views",)),
)


def run(bench: Bench) -> dict[str, object]:
    """Measure everything at both sizes."""
    answers, pages, years = [], [], []
    data = []
    for sized in (bench, bench.grown()):
        url = loaded_target(sized)
        data.append(sized.data)
        size = f"{sized.requested:,}"
        with (
            psycopg.connect(url, autocommit=True) as local,
            psycopg.connect(sized.source_url, autocommit=True) as remote,
        ):
            local.execute("SET timezone = 'UTC'")
            parameters = _parameters(local, sized)
            for question in _QUESTIONS:
                print(f"{size} conversations: {question.name}", file=sys.stderr, flush=True)
                answers.append({"conversations": size, **_ask(question, parameters, local, remote)})
            if sql_path("dashboard").exists():
                pages += [{"conversations": size, **_measure_query(name, parameters, local)} for name in _QUERY_FILES]
                years += [{"conversations": size, **row} for row in _years(parameters[0], url)]
    return {
        "data of each size": data,
        "milliseconds": answers,
        "the dashboard's other queries, milliseconds": pages,
        "the dashboard's queries of a year, milliseconds": years,
        "sets of parameters": _SETS,
        **browser_pages.run(bench),
    }


def _drop_file_cache() -> bool:
    """Drop the system's file cache, and return whether that was allowed.

    The next query then reads from disk. The server keeps its own buffers: 128 MB with default settings, a fourteenth of
    a million conversations.
    """
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def _parameters(local: psycopg.Connection, bench: Bench) -> list[dict[str, Any]]:
    """Draw sets of parameters: a period, each filter with probability one half, and an id."""
    chance = random.Random(42)
    inboxes, agents = (
        [
            id_
            for (id_,) in local.execute(
                f"SELECT DISTINCT {column} FROM conversas_analytics WHERE {column} > 0".encode()
            )
        ]
        for column in ("inbox_id", "assignee_id")
    )
    ids = [id_ for (id_,) in local.execute("SELECT id FROM conversas_analytics ORDER BY random() LIMIT 500")]
    drawn = []
    for _ in range(_SETS):
        length = chance.choice((7, 30, 90, 365, bench.days))
        first = bench.first_day + datetime.timedelta(days=chance.randint(0, bench.days - length))
        drawn.append(
            {
                **_period(first, first + datetime.timedelta(days=length - 1)),
                "inboxes": [chance.choice(inboxes)] if chance.random() < 0.5 else [],
                "agents": [chance.choice(agents)] if chance.random() < 0.5 else [],
                "statuses": [chance.choice(_STATUSES)] if chance.random() < 0.5 else [],
                "conversation_id": chance.choice(ids),
                "rows_per_page": _ROWS_PER_PAGE,
                "rows_before": 0,
                "accounts": [],
                "teams": [],
                "grain": chance.choice(("day", "week", "month")),
                "labels": [],
                "until": "",
                "attributes": "[]",
                "attribute_source": "",
                "attribute_key": "",
                "business_hours": chance.choice((False, True)),
                "dimension": chance.choice(("time", "all", "inbox", "team", "agent", "label")),
                "needs_reply": False,
                "daily_table": "daily_by_agent",
                "group_column": "agent_id",
                "views_schema": SCHEMA,
            }
        )
    return drawn


def _period(first: datetime.date, last: datetime.date) -> dict[str, Any]:
    return {"first_day": first, "last_day": last, "starts_at": day(first, ZONE).start, "ends_at": day(last, ZONE).end}


def _year(values: dict[str, Any], bench_first: datetime.date) -> dict[str, Any]:
    """Return the values with the year that ends on the period's last day, or the first year."""
    first = max(bench_first, values["last_day"] - datetime.timedelta(days=364))
    return {**values, **_period(first, min(LAST_DAY, first + datetime.timedelta(days=364)))}


def _ask(
    question: Question, parameters: list[dict[str, Any]], local: psycopg.Connection, remote: psycopg.Connection
) -> dict[str, Any]:
    if question == _SUMMARY:
        first = min(values["first_day"] for values in parameters)
        parameters = [_year(values, first) for values in parameters]
    ask = _query_runner(local, [_HERE / f"{file}.sql" for file in question.local])
    ask_views = _query_runner(remote, [_HERE / f"{file}.sql" for file in question.remote])
    for asking in (ask, ask_views):
        asking(parameters[0])
    times, answers = _first_and_again(ask, parameters)
    others = [ask_views(values) for values in parameters]
    remote_times = [taken for taken, _ in others]
    served = [_server_milliseconds(local, question.local, values) for values in parameters]
    for values, mine, (_, other) in zip(parameters, answers, others, strict=True):
        if not _are_equal(mine, other):
            raise AssertionError(f"{question.name}: local tables and remote views differ for {values}")
    return {
        "question": question.name,
        **times,
        "on the server, p50": _percentile(served, 50),
        "remote views, p50": _percentile(remote_times, 50),
        "remote views, p95": _percentile(remote_times, 95),
    }


def _first_and_again(ask: RunQueries, parameters: list[dict[str, Any]]) -> tuple[dict[str, Any], list[Rows]]:
    """Run every set of parameters twice, first from disk; return the times and the answers."""
    is_cold = _drop_file_cache()
    first = [ask(values)[0] for values in parameters]
    asked_again = [ask(values) for values in parameters]
    again = [taken for taken, _ in asked_again]
    times = {
        f"first time{'' if is_cold else ' (not from disk)'}, p50": _percentile(first, 50),
        "p95": _percentile(first, 95),
        "longest": round(max(first), 1),
        "again, p50": _percentile(again, 50),
        "again, p95": _percentile(again, 95),
        "again, longest": round(max(again), 1),
    }
    return times, [rows for _, rows in asked_again]


def _server_milliseconds(connection: psycopg.Connection, files: tuple[str, ...], values: dict[str, Any]) -> float:
    """Return the server's milliseconds, without sending rows and converting them."""
    total = 0.0
    for file in files:
        query = sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ") + compose(_HERE / f"{file}.sql", **values)
        row = connection.execute(query).fetchone()
        assert row is not None
        total += row[0][0]["Planning Time"] + row[0][0]["Execution Time"]
    return total


def _measure_query(name: str, parameters: list[dict[str, Any]], local: psycopg.Connection) -> dict[str, Any]:
    ask = _query_runner(local, [sql_path("dashboard", f"{name}.sql")])
    ask(parameters[0])
    times, _ = _first_and_again(ask, parameters)
    return {"file": f"sql/dashboard/{name}.sql", **times}


def _years(values: dict[str, Any], url: str) -> Iterator[dict[str, Any]]:
    """Yield the times of the last year's queries, by dimension and filter."""
    pool = ReadOnlyPool(lambda: url)
    year = {**values, **_period(LAST_DAY - datetime.timedelta(days=364), LAST_DAY), "grain": "week"}
    unfiltered = {"inboxes": [], "agents": [], "statuses": [], "labels": [], "business_hours": False}
    for name, dimension, (filter_name, filters) in itertools.product(_YEAR_QUERIES, _DIMENSIONS, _FILTERS.items()):
        query = compose(
            sql_path("dashboard", f"{name}.sql"), **{**year, **unfiltered, "dimension": dimension, **filters}
        )
        times = [_milliseconds_in_pool(pool, query) for _ in range(_ROUNDS + 1)][1:]
        yield {
            "file": f"sql/dashboard/{name}.sql", "by": dimension, "filter": filter_name,
            "p50": _percentile(times, 50), "p95": _percentile(times, 95),
        }  # fmt: skip
    pool.close()


def _milliseconds_in_pool(pool: ReadOnlyPool, query: sql.Composed) -> float:
    started = time.perf_counter()
    pool.read(lambda local: local.execute(query).fetchall())
    return (time.perf_counter() - started) * 1_000


def _query_runner(connection: psycopg.Connection, files: list[Path]) -> RunQueries:
    """Return a function that runs the files' queries one after the other and measures them."""

    def run_queries(values: dict[str, Any]) -> tuple[float, Rows]:
        queries = [compose(file, **values) for file in files]
        started = time.perf_counter()
        rows = [row for query in queries for row in connection.execute(query).fetchall()]
        return (time.perf_counter() - started) * 1_000, rows

    return run_queries


def _are_equal(local: Rows, remote: Rows) -> bool:
    """Return whether rows are equal; the last digits of averages may differ."""
    pairs = [pair for ours, theirs in zip(local, remote, strict=False) for pair in zip(ours, theirs, strict=True)]
    return len(local) == len(remote) and all(
        math.isclose(a, b, rel_tol=1e-9) if isinstance(a, float) and isinstance(b, float) else a == b for a, b in pairs
    )


def _percentile(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], 1)
