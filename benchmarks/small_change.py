"""One message in a large day: what it costs the source to find and read it, and us to commit it.

The day has 5,000 conversations, and so have the days before and after it. Each round writes a message into one of its
conversations and refreshes the day, as the sensor's run does. For comparison the day is also loaded whole.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time

import psycopg

from benchmarks.data import HOME, SCHEMA, ZONE, Bench
from benchmarks.servers import cpu_seconds
from benchmarks.writing import write_message
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.refresh.days import Refresher, Stages

_DAYS = 3
_CONVERSATIONS_PER_DAY = 5_000
_ROUNDS = 20


def run(bench: Bench) -> dict[str, object]:
    """Measure both ways, alternately."""
    sized = bench.with_sample(_DAYS * _CONVERSATIONS_PER_DAY, _DAYS)
    day = sized.all_days[1]
    generator = random.Random(1)
    with tempfile.TemporaryDirectory(dir=HOME) as directory:
        refresher = Refresher(
            ChatwootDatabase(url=sized.source_url, views_schema=SCHEMA),
            Warehouse(url=sized.new_target("small_change")),
            ExtractStore(directory),
            ZONE,
            MetricRules(ZONE.key),
        )
        _refresh(refresher, sized.all_days, force=False)
        with psycopg.connect(sized.source_url) as connection:
            query = "SELECT id FROM conversations WHERE created_at >= %s AND created_at < %s"
            ids = [id_ for (id_,) in connection.execute(query, [day.start, day.end])]
            messages = connection.execute(
                "SELECT count(*) FROM messages WHERE conversation_id = ANY(%s)", [ids]
            ).fetchone()
        rows: dict[str, list[dict[str, float]]] = {"only what changed": [], "the whole day": []}
        for number in range(_ROUNDS + 1):
            for name, figures in rows.items():
                with psycopg.connect(sized.source_url) as connection:
                    write_message(connection, generator.choice(ids))
                measured = _measure(sized, refresher, day, force=name == "the whole day")
                if number:
                    figures.append(measured)
    assert messages is not None
    return {
        "the day": f"{len(ids):,} conversations, {messages[0]:,} messages",
        "one message in it, median": [
            {"read": name, **{key: round(statistics.median(row[key] for row in figures), 3) for key in figures[0]}}
            for name, figures in rows.items()
        ],
        "rounds": _ROUNDS,
    }


def _measure(bench: Bench, refresher: Refresher, day: Day, *, force: bool) -> dict[str, float]:
    source_statistics = bench.statistics()
    source_statistics.reset()
    target_before, own_before = cpu_seconds(bench.target), time.process_time()
    started = time.perf_counter()
    _refresh(refresher, [day], force=force)
    seconds = time.perf_counter() - started
    own = time.process_time() - own_before
    return {
        "seconds, start to commit": seconds,
        "of these, source server": source_statistics.seconds(),
        "our processor": own,
        "target's processor": cpu_seconds(bench.target) - target_before,
        "rows read": source_statistics.rows(),
    }


def _refresh(refresher: Refresher, days: list[Day], *, force: bool) -> None:
    committed = [
        refreshed
        for batch in refresher.refresh(days, Stages.EXTRACT | Stages.LOAD, "benchmark", lambda _: None, force=force)
        for refreshed in batch
        if refreshed.row_counts
    ]
    if not committed:
        raise AssertionError("a day that differs was not loaded")
