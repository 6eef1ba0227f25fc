"""Write a day that is too large to be held in memory: in parts, which are joined into its files at the end.

The files and their fingerprints are the same as if the day had been written at once.
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
from chatwoot_assets.extract.part_writer import PartWriter
from chatwoot_assets.extract.schemas import conform, conversation_key, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day

# Each dataset's rows, and how many seconds it took to read them.
Frames = Mapping[Dataset, tuple[pl.DataFrame, float]]


@dataclass(frozen=True)
class DayExtract:
    """What was written for one day and dataset.

    Attributes:
        dataset: The dataset.
        day: The day.
        snapshot_at: The instant of the snapshot that the rows were read from.
        fingerprint: Their fingerprint.
        rows: The number of rows.
        size: The size of the file in bytes.
        seconds: How long reading and writing took. When several days are read at once, each gets a share in proportion
            to its rows.
        unreadable: How many values could not be read and are NULL, among the rows that were read now.
    """

    dataset: Dataset
    day: Day
    snapshot_at: datetime.datetime
    fingerprint: str
    rows: int
    size: int
    seconds: float
    unreadable: int


class ChunkedDay:
    """The unfinished files of a large day; as a context manager, it removes the parts at the end."""

    def __init__(self, store: ExtractStore, day: Day) -> None:
        self._day = day
        self._writers = {dataset: PartWriter(store, dataset, day) for dataset in Dataset}
        self._rows = dict.fromkeys(Dataset, 0)
        self._unreadable = dict.fromkeys(Dataset, 0)
        self._seconds = dict.fromkeys(Dataset, 0.0)
        self._totals = {dataset: [0] * len(groups_of(dataset)) for dataset in Dataset}

    def __enter__(self) -> ChunkedDay:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.discard()

    @property
    def rows_so_far(self) -> int:
        """The number of rows that were added, in all datasets."""
        return sum(self._rows.values())

    def add(self, frames: Frames) -> None:
        """Write a part of the day's rows.

        Raises:
            ExtractError: The part cannot be written.
        """
        for dataset, (raw, seconds) in frames.items():
            started = time.perf_counter()
            frame = conform(dataset, raw)
            self._writers[dataset].add(frame.sort(conversation_key(dataset)))
            self._rows[dataset] += frame.height
            self._unreadable[dataset] += count_unreadable(dataset, raw, frame)
            totals = zip(self._totals[dataset], hash_totals(dataset, raw), strict=True)
            self._totals[dataset] = [total + added for total, added in totals]
            self._seconds[dataset] += seconds + time.perf_counter() - started

    def finish(self, definition: str, snapshot_at: datetime.datetime) -> Iterator[DayExtract]:
        """Join each dataset's parts into the day's file.

        Raises:
            ExtractError: A file cannot be written.
        """
        for dataset, writer in self._writers.items():
            started = time.perf_counter()
            rows = self._rows[dataset]
            total = fingerprint(definition, *self._totals[dataset])
            size = writer.finish(snapshot_at, total)
            writer.discard()
            seconds = self._seconds[dataset] + time.perf_counter() - started
            unreadable = self._unreadable[dataset]
            yield DayExtract(dataset, self._day, snapshot_at, total, rows, size, seconds, unreadable)
