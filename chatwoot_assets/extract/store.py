"""The days' Parquet files: one per day and dataset, `<EXTRACTS_URL>/<dataset>/<day>.parquet`.

Each file contains the instant of the snapshot that its rows were read from: if a run is killed between two files, the
mixture of two snapshots is noticed and never loaded. A damaged file counts as missing. How a single file is written and
read is in `parquet_file.py`.
"""

from __future__ import annotations

import datetime
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.parquet_file import (
    DamagedFileError,
    FileStamp,
    ReplacedFileError,
    is_local,
    make_directory_of,
    open_file,
    read_file,
    read_stamp,
    reason,
    scan_file,
    write_file,
    writing,
)
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.partitions import Day
from chatwoot_assets.private_files import create_private_file

__all__ = ["ExtractStore", "FileStamp", "PartWriter", "mixed_snapshots_error"]

_log = logging.getLogger(__name__)

# No process takes that long for one file.
_SECONDS_UNFINISHED = 3_600


@dataclass(frozen=True)
class ExtractStore:
    """The extracts in a directory, or below the URL of an object store.

    Attributes:
        url: The directory's path, or the URL.
    """

    url: str

    @property
    def is_local(self) -> bool:
        """Whether it is a directory of this machine, where looking at a file costs nothing."""
        return is_local(self.url)

    def path(self, dataset: Dataset, day: Day) -> str:
        """Return the path, or the URL, of the file of a dataset and a day."""
        return self.path_pattern(dataset, day.key)

    def path_pattern(self, dataset: Dataset, day: str = "*") -> str:
        """Return the path of a dataset's files, with a pattern or a placeholder for the day."""
        return f"{self.url}/{dataset.value}/{day}.parquet"

    def write(
        self,
        dataset: Dataset,
        day: Day,
        rows: pl.DataFrame | pl.LazyFrame,
        snapshot_at: datetime.datetime,
        fingerprint: str = "",
    ) -> int:
        """Replace the day's file; if anything goes wrong, the previous one stays.

        Returns:
            The file's size in bytes; on an object store, the size of the rows in memory.

        Raises:
            ExtractError: The file cannot be written, because the disk is full for example.
        """
        return write_file(self.path(dataset, day), rows, FileStamp(snapshot_at, fingerprint))

    def part_writer(self, dataset: Dataset, day: Day) -> PartWriter:
        """Return a writer that replaces the day's file with rows that come part by part."""
        return PartWriter(self, dataset, day)

    def remove_abandoned(self) -> None:
        """Remove the unfinished files of killed processes, of all days."""
        if self.is_local:
            for unfinished in Path(self.url).glob("*/.*.partial"):
                if _is_abandoned(unfinished):
                    unfinished.unlink(missing_ok=True)

    def read(self, dataset: Dataset, day: Day, *, ids: pl.Series | None = None) -> tuple[pl.DataFrame, FileStamp]:
        """Return the day's rows and their stamp.

        Args:
            dataset: The dataset.
            day: The day.
            ids: Conversation ids; only the rows of conversations within their range are returned.

        Raises:
            ExtractError: The day has no file, or the file cannot be read.
        """
        within = None if ids is None else pl.col("conversation_id").is_between(ids.min(), ids.max())
        with self._reading(dataset, day) as path:
            frame, stamp = read_file(path, within)
            _check_schema(dataset, path, frame.schema)
            # A file of another version may have the same columns in another order.
            return frame.select(SCHEMAS[dataset].keys()), stamp

    def open(self, dataset: Dataset, day: Day) -> tuple[pl.LazyFrame, FileStamp]:
        """Return the day's rows, not decoded yet, and their stamp; they stay the same when the file is replaced.

        Raises:
            ExtractError: The day has no file, or the file cannot be read.
        """
        with self._reading(dataset, day) as path:
            rows, stamp = open_file(path)
            _check_schema(dataset, path, rows.collect_schema())
            return rows.select(SCHEMAS[dataset].keys()), stamp

    @contextmanager
    def _reading(self, dataset: Dataset, day: Day) -> Iterator[str]:
        """Yield the path of the day's file, and raise an ExtractError that names it if it cannot be read."""
        path = self.path(dataset, day)
        try:
            yield path
        except FileNotFoundError:
            raise ExtractError(
                f"the day {day.key} is not extracted ({path} does not exist); materialize {dataset.value} for it first"
            ) from None
        except DamagedFileError:
            raise self._remove_damaged(path) from None
        except ReplacedFileError:
            raise ExtractError(f"{path} was replaced while it was read", transient=True) from None
        except (OSError, PolarsError, KeyError) as error:
            raise ExtractError(f"cannot read {path}: {reason(error)}; extract the day again") from None

    def _remove_damaged(self, path: str) -> ExtractError:
        """Remove a damaged file, so that the next run reads the day again, and return the error that reports it."""
        Path(path).unlink(missing_ok=True)
        message = f"{path} was damaged (wrong checksum) and is removed; extract the day again"
        _log.warning(message)
        return ExtractError(message, transient=True)

    def stamps(self, day: Day) -> dict[Dataset, FileStamp | None]:
        """Return the stamp of each of the day's files, None for a missing or unreadable file."""
        return {dataset: self._readable_stamp(dataset, day) for dataset in Dataset}

    def consistent_stamps(self, day: Day) -> dict[Dataset, FileStamp] | None:
        """Return the stamp of each of the day's files, or None if a file is missing or of another snapshot.

        Files of different snapshots remain if a run is killed between writing two of them.
        """
        stamps = {dataset: stamp for dataset, stamp in self.stamps(day).items() if stamp}
        is_consistent = len(stamps) == len(Dataset) and len({stamp.snapshot_at for stamp in stamps.values()}) == 1
        return stamps if is_consistent else None

    def _readable_stamp(self, dataset: Dataset, day: Day) -> FileStamp | None:
        try:
            return read_stamp(self.path(dataset, day))
        except (OSError, PolarsError, KeyError):
            return None

    def fingerprints(self, day: Day) -> dict[Dataset, str]:
        """Return the fingerprint of each of the day's files, empty for a missing or unreadable file."""
        return {dataset: stamp.fingerprint if stamp else "" for dataset, stamp in self.stamps(day).items()}

    def row_count(self, dataset: Dataset, day: Day) -> int | None:
        """Return the number of rows in the day's file, None for a missing or unreadable file."""
        try:
            return int(scan_file(self.path(dataset, day)).select(pl.len()).collect().item())
        except (OSError, PolarsError):
            return None


def _check_schema(dataset: Dataset, path: str, schema: pl.Schema) -> None:
    if dict(schema) != SCHEMAS[dataset]:
        raise ExtractError(f"{path} has other columns than this version reads; extract the day again")


class PartWriter:
    """The unfinished file of a day with too many rows to be held at once.

    If the file goes to an object store, its rows are held nevertheless: nobody would find what a killed run left on
    this machine's disk.
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
        with writing(str(path)):
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


def mixed_snapshots_error(day: Day) -> ExtractError:
    """Return the error for a day whose files come from different snapshots.

    Another run is writing them, or was killed while it did; the next run then reads the day again.
    """
    return ExtractError(f"the extracts of {day.key} are of different snapshots; extract the day again", transient=True)


def _is_abandoned(unfinished: Path) -> bool:
    """Return whether the process that wrote an unfinished file is gone.

    In a container, another process may have its pid: an old file counts as abandoned, too.
    """
    pid = unfinished.name.split(".")[-2]
    try:
        is_old = time.time() - unfinished.stat().st_mtime > _SECONDS_UNFINISHED
    except FileNotFoundError:
        return False
    return is_old or (not Path("/proc", pid).exists() and Path("/proc/self").exists())
