"""Write one file of a day that is too large to be held in memory, part by part; see `chunked_day.py`."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import polars as pl

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.parquet_file import make_directory_of, translate_write_errors
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.private_files import create_private_file


class PartWriter:
    """The unfinished file of a large day.

    The rows of a file in an object store are held in memory nevertheless: nobody would find the parts that a killed run
    left on this machine's disk.
    """

    def __init__(self, store: ExtractStore, dataset: Dataset, day: Day) -> None:
        self._store, self._dataset, self._day = store, dataset, day
        self._files: list[Path] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows.

        Raises:
            ExtractError: The rows cannot be written.
        """
        if not self._store.is_local:
            self._frames.append(frame)
            return
        path = Path(self._store.path(self._dataset, self._day))
        file = path.with_name(f".{path.stem}.{len(self._files)}.{os.getpid()}.partial")
        with translate_write_errors(str(path)):
            make_directory_of(path)
            self._files.append(file)
            create_private_file(file)
            frame.write_parquet(file)

    def finish(self, snapshot_at: datetime.datetime, fingerprint: str) -> int:
        """Replace the day's file with the appended rows; see `ExtractStore.write`."""
        rows = pl.scan_parquet(self._files, glob=False) if self._store.is_local else pl.concat(self._frames)
        return self._store.write(self._dataset, self._day, rows, snapshot_at, fingerprint)

    def discard(self) -> None:
        """Remove the parts; the day's file, old or new, stays."""
        for file in self._files:
            file.unlink(missing_ok=True)
