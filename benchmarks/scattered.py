"""Two hundred scattered days, each with a new message every minute for ten minutes, while the UI runs.

Conversations that never end look like this: today's messages belong to days of long ago.
"""

from __future__ import annotations

import random
import sys
import time

import psycopg

from benchmarks.arrivals import watching
from benchmarks.data import Bench
from benchmarks.running_ui import running_ui
from benchmarks.writing import conversations_on_days, write_message

_DAYS = 200
_MINUTES = 10
_MINUTES_TO_ARRIVE = 5
_SECONDS_PER_MINUTE = 60


def run(bench: Bench) -> dict[str, object]:
    """Return how long the messages took from their commit to the warehouse."""
    conversations = conversations_on_days(bench, _DAYS, random.Random(1))
    with running_ui(bench) as ui, watching(ui.target) as arrivals, psycopg.connect(bench.source_url) as connection:
        before_mb, before_cpu = ui.storage_mb(), ui.cpu_seconds()
        for minute in range(_MINUTES):
            started = time.monotonic()
            for conversation in conversations:
                arrivals.expect(write_message(connection, conversation))
            print(f"minute {minute + 1} of {_MINUTES}: {arrivals.missing():,} on the way", file=sys.stderr, flush=True)
            time.sleep(max(0.0, started + _SECONDS_PER_MINUTE - time.monotonic()))
        deadline = time.monotonic() + _MINUTES_TO_ARRIVE * _SECONDS_PER_MINUTE
        while arrivals.missing() and time.monotonic() < deadline:
            time.sleep(1)
        return {
            "days written to each minute": len(conversations),
            "from commit to warehouse": arrivals.describe(),
            "processor of the UI's processes, seconds": round(ui.cpu_seconds() - before_cpu),
            "growth of Dagster's database, MB": round(ui.storage_mb() - before_mb, 1),
            "memory of the UI's processes (PSS), MB": round(ui.pss_mb()),
        }
