"""Peak resident memory of loading 1 to 1,825 days, and one day of 50,000 conversations.

Each is one `chatwoot-assets backfill`. For comparison: a process that only imports, and one that runs an empty asset.
"""

from __future__ import annotations

import datetime
import sys
import tempfile

import psycopg

from benchmarks.data import HOME, LAST_DAY, SCHEMA, Bench
from benchmarks.processes import command_environment, run_measured

_RANGES = (1, 30, 365, 1_825)
_ONE_DAY = 50_000


def run(bench: Bench) -> dict[str, object]:
    """Load each range into an empty database, and check the number of rows."""
    grown = bench.grown()
    rows: list[dict[str, object]] = []
    for name in ("imports", "trivial"):
        seconds, peak = _process(grown, [name])[:2]
        title = {"imports": "the command's imports", "trivial": "a run that does nothing"}[name]
        rows.append({"process": title, "peak, MB": round(peak), "seconds": round(seconds, 1)})
    imports = rows[0]["peak, MB"]
    for days in _RANGES:
        if days <= grown.days:
            rows.append(_load(grown, days, f"{days:,} days" if days > 1 else "1 day"))
    large = bench.with_sample(_ONE_DAY, 1)
    rows.append(_load(large, 1, f"1 day of {large.conversations:,} conversations"))
    for row in rows:
        row["above the imports, MB"] = int(str(row["peak, MB"])) - int(str(imports))
    return {"history": grown.data, "peak resident memory": rows}


def _load(bench: Bench, days: int, name: str) -> dict[str, object]:
    print(f"loading {name}", file=sys.stderr, flush=True)
    first = LAST_DAY - datetime.timedelta(days=days - 1)
    arguments = ["command", "backfill", "--from", str(first), "--to", str(LAST_DAY)]
    seconds, peak, target = _process(bench, arguments)
    with psycopg.connect(target) as connection:
        loaded = connection.execute("SELECT count(*), sum(t_messages) FROM conversas_analytics").fetchone()
    with psycopg.connect(bench.source_url) as connection:
        expected = connection.execute(
            "SELECT count(*) FROM conversations AS c"
            f" JOIN {SCHEMA}.vw_conversation_metrics AS m ON m.conversation_id = c.id"
            " WHERE m.conversation_date >= %s".encode(),
            [first],
        ).fetchone()
    assert loaded is not None
    assert expected is not None
    if loaded[0] != expected[0]:
        raise AssertionError(f"{name}: {loaded[0]} of {expected[0]} conversations are loaded")
    return {
        "process": name,
        "peak, MB": round(peak),
        "seconds": round(seconds, 1),
        "conversations": loaded[0],
        "messages": loaded[1],
    }


def _process(bench: Bench, arguments: list[str]) -> tuple[float, float, str]:
    target, dagster = bench.new_target("memory"), bench.new_target("dagster")
    with tempfile.TemporaryDirectory(dir=HOME) as home:
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        return *run_measured(arguments, environment), target
