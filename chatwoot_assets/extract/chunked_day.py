"""A day that is too large to be held at once: read and written in parts, its files put together at the end.

What its files say and hold is as of any other day; that they are in order of their conversations' ids lets a part
of them be read again without the rest.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import fingerprint, hash_totals
from chatwoot_assets.extract.schemas import conform, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day

# The rows of each dataset, and how many seconds it took to read them.
Frames = Mapping[Dataset, tuple[pl.DataFrame, float]]


@dataclass(frozen=True)
class DayExtract:
    """What was written of one day and dataset.

    Attributes:
        rows: how many rows.
        size: bytes of the file.
        seconds: reading and writing; of what was read at once, the share that its rows are.
        unreadable: values that could not be read and are NULL.
    """

    dataset: Dataset
    day: Day
    rows: int
    size: int
    seconds: float
    unreadable: int


class ChunkedDay:
    """The files of a large day in the making; whatever happens, nothing but whole files is left."""

    def __init__(self, store: ExtractStore, day: Day) -> None:
        self._day = day
        self._parts = {dataset: store.parts(dataset, day) for dataset in Dataset}
        self._rows = dict.fromkeys(Dataset, 0)
        self._unreadable = dict.fromkeys(Dataset, 0)
        self._seconds = dict.fromkeys(Dataset, 0.0)
        self._totals = {dataset: [0] * len(groups_of(dataset)) for dataset in Dataset}

    def __enter__(self) -> ChunkedDay:
        return self

    def __exit__(self, *_: object) -> None:
        for parts in self._parts.values():
            parts.discard()

    @property
    def rows_so_far(self) -> int:
        """How many rows were added, of all datasets."""
        return sum(self._rows.values())

    def add(self, frames: Frames) -> None:
        """Write a part of the day's rows.

        Raises:
            ExtractError: it cannot be written.
        """
        for dataset, (raw, seconds) in frames.items():
            started = time.perf_counter()
            frame = conform(dataset, raw)
            self._parts[dataset].add(frame)
            self._rows[dataset] += frame.height
            self._unreadable[dataset] += count_unreadable(dataset, raw, frame)
            totals = zip(self._totals[dataset], hash_totals(dataset, raw), strict=True)
            self._totals[dataset] = [before + now for before, now in totals]
            self._seconds[dataset] += seconds + time.perf_counter() - started

    def finish(self, definition: str, snapshot_at: datetime.datetime) -> Iterator[DayExtract]:
        """Put each dataset's parts together, as the day's file.

        Raises:
            ExtractError: it cannot be written.
        """
        for dataset, parts in self._parts.items():
            started = time.perf_counter()
            rows = self._rows[dataset]
            size = parts.finish(snapshot_at, fingerprint(definition, *self._totals[dataset]))
            parts.discard()
            seconds = self._seconds[dataset] + time.perf_counter() - started
            yield DayExtract(dataset, self._day, rows, size, seconds, self._unreadable[dataset])
