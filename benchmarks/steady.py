"""An hour of the UI: half of it while nothing changes, half of it while a desk is busy.

An empty Dagster project on the same storage is measured for as long as the quiet half, beside it.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import psycopg

from benchmarks.arrivals import watching
from benchmarks.data import Bench
from benchmarks.running_ui import RunningUi, empty_project, running_ui
from benchmarks.writing import conversations_on_days, write_message

_MINUTES = 30
_SECONDS_PER_MINUTE = 60
_SECONDS_PER_HOUR = 3_600
# A message every four seconds, in conversations of many days.
_SECONDS_BETWEEN_MESSAGES = 4
_DAYS = 60
# Before it is measured, the UI has started, and its sensor has looked at everything once.
_MINUTES_TO_SETTLE = 3


def run(bench: Bench) -> dict[str, object]:
    """Return what the UI's processes use, and how late messages arrive."""
    with empty_project(bench) as ui:
        rows = [{"project": "an empty one", **_measure(ui)}]
    conversations = conversations_on_days(bench, _DAYS, random.Random(2))
    with running_ui(bench) as ui:
        rows.append({"project": "ours, nothing changes", **_measure(ui)})
        with watching(ui.target) as arrivals, psycopg.connect(bench.source_url) as connection:

            def write() -> None:
                arrivals.expect(write_message(connection, random.choice(conversations)))

            rows.append({"project": "ours, a busy desk", **_measure(ui, write)})
            described = arrivals.describe()
    return {"the UI's processes": rows, "from commit to warehouse": described, "minutes of each": _MINUTES}


def _measure(ui: RunningUi, write: Callable[[], None] | None = None) -> dict[str, object]:
    """Wait for a while, writing messages if there is a way; return what the processes used per hour."""
    if write is None:
        time.sleep(_MINUTES_TO_SETTLE * _SECONDS_PER_MINUTE)
    cpu, storage, started = ui.cpu_seconds(), ui.storage_mb(), time.monotonic()
    end = started + _MINUTES * _SECONDS_PER_MINUTE
    while time.monotonic() < end:
        if write is not None:
            write()
            time.sleep(_SECONDS_BETWEEN_MESSAGES)
        else:
            time.sleep(_SECONDS_PER_MINUTE)
        print(f"{(end - time.monotonic()) / _SECONDS_PER_MINUTE:.0f} minutes left", file=sys.stderr, flush=True)
    per_hour = _SECONDS_PER_HOUR / (time.monotonic() - started)
    return {
        "processor per hour, seconds": round((ui.cpu_seconds() - cpu) * per_hour),
        "memory (PSS), MB": round(ui.pss_mb()),
        "Dagster's database per hour, MB": round((ui.storage_mb() - storage) * per_hour, 1),
    }
