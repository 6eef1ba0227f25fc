"""What the source server spends on a year and on a day: ours, modular GROUP BY views, one view with everything.

Its time is what pg_stat_statements counts of all statements of a side, settings and transactions included. All sides
read by the same driver, in sessions with one core and no JIT; the rows that they bring are compared first.
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
from benchmarks.servers import processor_seconds
from benchmarks.source_reading import (
    compiled,
    create_comparators,
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

_OURS = "ours: what an extract sends"
_VIEWS = {
    "modular views, GROUP BY and jsonb_agg": "seed.vw_conversations_analytics",
    "one view with 81 columns": "monolith.vw_conversations_full",
}
_ROUNDS = {"a year": 3, "a day": 7}
_ROUNDS_PER_DAY = 25
# Not the last: of it some conversations are still being written.
_DAY = day(LAST_DAY - datetime.timedelta(days=100), ZONE)


class Cost(NamedTuple):
    """The source server's seconds of each round, its processors' of one, and how many statements one has."""

    seconds: list[float]
    processor: float
    statements: int

    @property
    def median(self) -> float:
        """The median of the rounds' seconds."""
        return statistics.median(self.seconds)


def run(bench: Bench) -> dict[str, object]:
    """Measure all sides of a year and of a day, then ours of a day as the history grows."""
    create_comparators(bench)
    drop_index(bench)  # that an interrupted run left
    result: dict[str, object] = {}
    for range_, days in (("a year", bench.all_days), ("a day", [_DAY])):
        rows, compared = _sides(bench, range_, days)
        result |= {f"compared, {range_}": compared, f"source server's time, {range_}": rows}
    grown = bench.grown()
    drop_index(grown)
    result["history that grew"] = grown.data
    result["ours, a day, as the history grows"] = _history(bench, grown)
    return result


def _sides(bench: Bench, range_: str, days: list[Day]) -> tuple[list[dict[str, object]], str]:
    """Compare what the sides bring, which warms them too, then measure each.

    Returns:
        A row for each side, and what was compared.
    """
    with temporary_store(bench) as store:
        _say(f"{range_}: reading and comparing")
        extract(bench, days, store)
        ours = compiled(days, store)
        messages = {name: assert_equal(name, ours, read_view(bench, view, days)) for name, view in _VIEWS.items()}
        conversations = ours.height
        del ours
        costs = {_OURS: _measure(bench, _ROUNDS[range_], lambda: extract(bench, days, store))}
    for name, view in _VIEWS.items():
        _say(f"{range_}: {name}")
        costs[name] = _measure(bench, _ROUNDS[range_], partial(read_view, bench, view, days))
    if len(set(messages.values())) != 1:
        raise AssertionError(f"the sides have other messages: {messages}")
    rows: list[dict[str, object]] = [
        {
            "side": name,
            "median seconds": round(cost.median, 4),
            "all seconds": [round(value, 4) for value in cost.seconds],
            "ours / this": round(costs[_OURS].median / cost.median, 4),
            "processor seconds": round(cost.processor, 4),
            "ours / this, of processor": round(costs[_OURS].processor / cost.processor, 4),
            "statements": cost.statements,
        }
        for name, cost in costs.items()
    ]
    return rows, f"{conversations:,} conversations, {next(iter(messages.values())):,} messages of each side"


def _history(bench: Bench, grown: Bench) -> list[dict[str, object]]:
    """Measure ours of a day of both histories, without the index on created_at and with it."""
    measured = {bench: _DAY, grown: _day_like(grown, _sizes(bench)[_DAY.date])}
    rows: list[dict[str, object]] = []
    for index in ("none", "sql/chatwoot/indexes.sql"):
        costs, found = [], []
        for one, one_day in measured.items():
            _say(f"a day of {one.data}; index: {index}")
            if index == "none":
                cost, conversations = _a_day(one, one_day)
            else:
                with with_index(one):
                    cost, conversations = _a_day(one, one_day)
            costs.append(cost)
            found.append(conversations)
        first, last = costs
        rows.append(
            {
                "index": index,
                "x1, ms": round(first.median * 1_000, 1),
                "x5, ms": round(last.median * 1_000, 1),
                "x5 / x1": round(last.median / first.median, 2),
                "x1, processor ms": round(first.processor * 1_000, 1),
                "x5, processor ms": round(last.processor * 1_000, 1),
                "x5 / x1, of processor": round(last.processor / first.processor, 2),
                "conversations of the day": found,
            }
        )
    return rows


def _sizes(bench: Bench) -> dict[datetime.date, int]:
    with snapshot(ChatwootDatabase(url=bench.source_url)) as source:
        return dict(source.read(day_sizes(SCHEMA, bench.all_days)).iter_rows())


def _day_like(bench: Bench, conversations: int) -> Day:
    """Return that of the last days that has about so many conversations."""
    sizes = _sizes(bench)
    recent = bench.all_days[-200:]
    return min(recent, key=lambda one: abs(sizes.get(one.date, 0) - conversations))


def _a_day(bench: Bench, one: Day) -> tuple[Cost, int]:
    with temporary_store(bench) as store:
        found = extract(bench, [one], store)
        cost = _measure(bench, _ROUNDS_PER_DAY, lambda: extract(bench, [one], store))
    return cost, found[Dataset.CONVERSATIONS]


def _measure(bench: Bench, rounds: int, read: Callable[[], object]) -> Cost:
    """Read some times, and return what the source counted of each."""
    counted, seconds, processor, statements = bench.statistics(), [], 0.0, 0
    for _ in range(rounds):
        counted.forget()
        before = processor_seconds(bench.source)
        read()
        processor += processor_seconds(bench.source) - before
        seconds.append(counted.seconds())
        statements = counted.statements()
    return Cost(seconds, processor / rounds, statements)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
