"""Progress reporting for long-running work: counts and a rate.

The work calls a `Report`. The one that `reporter` returns writes to Dagster's log of a run, at most one line every two
seconds, and passes everything on to the listeners of the process, such as the progress bars of the command line.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

SECONDS_BETWEEN_LOG_LINES = 2.0


@dataclass(frozen=True)
class Progress:
    """How far some work is.

    Attributes:
        task: What is done, such as "reading".
        done: How many units are done.
        total: How many units there are.
        unit: What a unit is, in the plural.
        rows: How many rows the finished units have.
        since: When the work began, by `time.monotonic()`; None if it began when the previous report ended.
    """

    task: str
    done: int
    total: int
    unit: str
    rows: int = 0
    since: float | None = None


Report = Callable[[Progress], None]

_listeners: list[Report] = []


@contextmanager
def listening(listener: Report) -> Iterator[None]:
    """Call `listener` for all progress in this process while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def notify(progress: Progress) -> None:
    """Report progress to the listeners."""
    for listener in _listeners:
        listener(progress)


def reporter(log: logging.Logger) -> Report:
    """Return a report for work that begins now: it calls the listeners, and writes a line to the log now and then."""
    started = last = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        notify(replace(progress, since=started))
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LOG_LINES:
            last = now
            rate = progress.rows / (now - started)
            log.info(
                f"{progress.task}: {progress.done} of {progress.total} {progress.unit},"
                f" {progress.rows:,} rows, {rate:,.0f} rows/s"
            )

    return report
