"""How long messages take from their commit in Chatwoot to the warehouse, while the UI's sensor runs."""

from __future__ import annotations

import datetime
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from benchmarks.writing import Written

_SECONDS_BETWEEN_LOOKS = 1.0


class Arrivals:
    """The messages that were written, and when each was first seen in the warehouse."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._missing: dict[int, datetime.datetime] = {}
        self._seconds: list[float] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def expect(self, written: Written) -> None:
        """Wait for a message."""
        with self._lock:
            self._missing[written.id] = written.committed_at

    def missing(self) -> int:
        """Return how many messages have not arrived."""
        with self._lock:
            return len(self._missing)

    def describe(self) -> dict[str, object]:
        """Return the seconds from commit to arrival; messages that are missing count as late as they are now."""
        with self._lock:
            now = datetime.datetime.now(datetime.timezone.utc)
            waiting = [(now - committed_at).total_seconds() for committed_at in self._missing.values()]
            seconds = sorted([*self._seconds, *waiting])
        percentiles = statistics.quantiles(seconds, n=20)
        return {
            "messages": len(seconds),
            "not arrived": len(waiting),
            "p50, seconds": round(statistics.median(seconds)),
            "p95, seconds": round(percentiles[-1]),
            "longest, seconds": round(seconds[-1]),
        }

    def stop(self) -> None:
        """End `watch`."""
        self._stop.set()

    def watch(self) -> None:
        """Look for the messages until `stop` is called."""
        with psycopg.connect(self._target, autocommit=True) as connection:
            while not self._stop.wait(_SECONDS_BETWEEN_LOOKS):
                with self._lock:
                    ids = list(self._missing)
                rows = connection.execute("SELECT id FROM messages WHERE id = ANY(%s)", [ids]).fetchall()
                now = datetime.datetime.now(datetime.timezone.utc)
                with self._lock:
                    for (id_,) in rows:
                        self._seconds.append((now - self._missing.pop(id_)).total_seconds())


@contextmanager
def watching(target: str) -> Iterator[Arrivals]:
    """Look for messages in the warehouse, once per second, until the block ends."""
    arrivals = Arrivals(target)
    thread = threading.Thread(target=arrivals.watch, name="arrivals")
    thread.start()
    try:
        yield arrivals
    finally:
        arrivals.stop()
        thread.join()
