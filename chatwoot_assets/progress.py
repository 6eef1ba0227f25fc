"""How long work says how far it is: counts and a rate, at most every other second.

The work calls a `Report`; who listens is decided by whoever started it: Dagster's log of the run, and
on top of it the command line's progress bar.
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
    """A state of some work: `done` of `total` units, and how many rows that was.

    Attributes:
        since: when it began, by `time.monotonic()`; None where what was told of before it ended then.
    """

    what: str
    done: int
    total: int
    unit: str
    rows: int = 0
    since: float | None = None


Report = Callable[[Progress], None]

_listeners: list[Report] = []


@contextmanager
def listening(listener: Report) -> Iterator[None]:
    """Have `listener` called for all progress that is made in this process meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(progress: Progress) -> None:
    """Tell the listeners."""
    for listener in _listeners:
        listener(progress)


def reporter(log: logging.Logger) -> Report:
    """Return a report on a work that begins now, which tells the listeners everything, and the log now and then."""
    started = last = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        tell(replace(progress, since=started))
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LOG_LINES:
            last = now
            rate = progress.rows / (now - started)
            log.info(
                f"{progress.what}: {progress.done} of {progress.total} {progress.unit},"
                f" {progress.rows:,} rows, {rate:,.0f} rows/s"
            )

    return report
