"""The source server's time for a year and for a day, with our views and with two others.

The others are modular views with GROUP BY, and one view with everything. The time is the sum of all statements in
pg_stat_statements, including settings and transaction control. All variants read with the same driver, in sessions with
one core and without JIT. Their rows are compared first.
"""

from __future__ import annotations

import datetime
import statistics
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from benchmarks.data import LAST_DAY, SCHEMA, ZONE, Bench
from benchmarks.equality import assert_equal
from benchmarks.loading import loaded_target
from benchmarks.servers import cpu_seconds
from benchmarks.source_reading import (
    create_compared_views,
    drop_index,
    extract,
    read_view,
    temporary_store,
    with_index,
)
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.queries import day_sizes
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.snapshot import snapshot

_OURS = "ours: the queries of an extract"
_VIEWS = {
    "modular views, GROUP BY and jsonb_agg": "seed.vw_conversations_analytics",
    "one view with 81 columns": "monolith.vw_conversations_full",
}
_ROUNDS = {"a year": 3, "a day": 7}
_ROUNDS_PER_DAY = 25
# Not one of the last days, whose conversations are still being written.
_DAY = day(LAST_DAY - datetime.timedelta(days=100), ZONE)


class Cost(NamedTuple):
    """The cost of one variant on the source server.

    Attributes:
        seconds: The seconds of each round.
        cpu: The average CPU seconds of a round.
        statements: How many statements a round has.
    """

    seconds: list[float]
    cpu: float
    statements: int

    @property
    def median(self) -> float:
        """The median of the rounds' seconds."""
        return statistics.median(self.seconds)


def run(bench: Bench) -> dict[str, object]:
    """Measure all variants for a year and a day, then ours for a day as the history grows."""
    create_compared_views(bench)
    drop_index(bench)  # in case an interrupted run left it
    result: dict[str, object] = {}
    for period, days in (("a year", bench.all_days), ("a day", [_DAY])):
        rows, compared = _measure_variants(bench, period, days)
        result |= {f"compared, {period}": compared, f"source server's time, {period}": rows}
    grown = bench.grown()
    drop_index(grown)
    result["history that grew"] = grown.data
    result["ours, a day, as the history grows"] = _measure_growth(bench, grown)
    return result


def _measure_variants(bench: Bench, period: str, days: list[Day]) -> tuple[list[dict[str, object]], str]:
    """Compare the rows of all variants, which also warms the caches, then measure each.

    Returns:
        One row per variant, and a description of what was compared.
    """
    with temporary_store(bench) as store:
        _print(f"{period}: reading and comparing")
        extract(bench, days, store)
        ours = read_view(loaded_target(bench), "public.vw_conversations_analytics", days)
        messages = {
            name: assert_equal(name, ours, read_view(bench.source_url, view, days)) for name, view in _VIEWS.items()
        }
        conversations = ours.height
        del ours
        costs = {_OURS: _measure(bench, _ROUNDS[period], lambda: extract(bench, days, store))}
    for name, view in _VIEWS.items():
        _print(f"{period}: {name}")
        costs[name] = _measure(bench, _ROUNDS[period], partial(read_view, bench.source_url, view, days))
    if len(set(messages.values())) != 1:
        raise AssertionError(f"the variants have different numbers of messages: {messages}")
    rows: list[dict[str, object]] = [
        {
            "variant": name,
            "median seconds": round(cost.median, 4),
            "all seconds": [round(value, 4) for value in cost.seconds],
            "ours / this": round(costs[_OURS].median / cost.median, 4),
            "CPU seconds": round(cost.cpu, 4),
            "ours / this, CPU": round(costs[_OURS].cpu / cost.cpu, 4),
            "statements": cost.statements,
        }
        for name, cost in costs.items()
    ]
    return rows, f"{conversations:,} conversations, {next(iter(messages.values())):,} messages per variant"


def _measure_growth(bench: Bench, grown: Bench) -> list[dict[str, object]]:
    """Measure ours for a day of both histories, with and without the index on created_at."""
    days = {bench: _DAY, grown: _find_similar_day(grown, _count_per_day(bench)[_DAY.date])}
    rows: list[dict[str, object]] = []
    for index in ("none", "sql/chatwoot/indexes.sql"):
        costs, counts = [], []
        for sized, measured_day in days.items():
            _print(f"a day of {sized.data}; index: {index}")
            if index == "none":
                cost, conversations = _measure_day(sized, measured_day)
            else:
                with with_index(sized):
                    cost, conversations = _measure_day(sized, measured_day)
            costs.append(cost)
            counts.append(conversations)
        first, last = costs
        rows.append(
            {
                "index": index,
                "x1, ms": round(first.median * 1_000, 1),
                "x5, ms": round(last.median * 1_000, 1),
                "x5 / x1": round(last.median / first.median, 2),
                "x1, CPU ms": round(first.cpu * 1_000, 1),
                "x5, CPU ms": round(last.cpu * 1_000, 1),
                "x5 / x1, CPU": round(last.cpu / first.cpu, 2),
                "conversations of the day": counts,
            }
        )
    return rows


def _count_per_day(bench: Bench) -> dict[datetime.date, int]:
    with snapshot(ChatwootDatabase(url=bench.source_url)) as source:
        return dict(source.read(day_sizes(SCHEMA, bench.all_days)).iter_rows())


def _find_similar_day(bench: Bench, conversations: int) -> Day:
    """Return the recent day whose number of conversations is closest to a number."""
    counts = _count_per_day(bench)
    recent = bench.all_days[-200:]
    return min(recent, key=lambda candidate: abs(counts.get(candidate.date, 0) - conversations))


def _measure_day(bench: Bench, measured_day: Day) -> tuple[Cost, int]:
    with temporary_store(bench) as store:
        rows = extract(bench, [measured_day], store)
        cost = _measure(bench, _ROUNDS_PER_DAY, lambda: extract(bench, [measured_day], store))
    return cost, rows[Dataset.CONVERSATIONS]


def _measure(bench: Bench, rounds: int, read: Callable[[], object]) -> Cost:
    """Read several times, and return the cost on the source server."""
    source_statistics, seconds, cpu, statements = bench.statistics(), [], 0.0, 0
    for _ in range(rounds):
        source_statistics.reset()
        before = cpu_seconds(bench.source)
        read()
        cpu += cpu_seconds(bench.source) - before
        seconds.append(source_statistics.seconds())
        statements = source_statistics.statements()
    return Cost(seconds, cpu / rounds, statements)


def _print(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
