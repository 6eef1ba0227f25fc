"""The days' Parquet files: one per day and dataset, `<EXTRACTS_URL>/<dataset>/<day>.parquet`.

Each file contains the instant of the snapshot that its rows were read from: if a run is killed between two files, the
mixture of two snapshots is noticed and never loaded. A damaged file counts as missing. `parquet_file.py` writes and
reads a single file. For an object store, a manifest keeps what is known about the files, which saves requests.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from chatwoot_assets.concurrency import map_ordered
from chatwoot_assets.errors import ExtractError, UnusableExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.manifest import FileRecord, Manifest
from chatwoot_assets.extract.object_store import list_objects
from chatwoot_assets.extract.parquet_file import (
    DamagedFileError,
    FileStamp,
    OpenFile,
    count,
    count_rows,
    is_local,
    open_file,
    read_stamp,
    reason,
    write_file,
)
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.partitions import Day

__all__ = ["ExtractStore", "FileStamp"]

_log = logging.getLogger(__name__)

# No process takes that long for one file.
_SECONDS_UNFINISHED = 3_600
_CONCURRENT_REQUESTS = 8


@dataclass(frozen=True)
class ExtractStore:
    """The extracts in a directory, or below the URL of an object store.

    Attributes:
        url: The directory's path, or the URL.
        manifest: What is known about the files. An object store cannot be written without it; a directory needs none.
    """

    url: str
    manifest: Manifest | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is a directory of this machine, where looking at a file costs no request."""
        return is_local(self.url)

    @property
    def workers(self) -> int:
        """How many files are written or read at the same time."""
        return 1 if self.is_local else _CONCURRENT_REQUESTS

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
        kept: Mapping[str, str] | None = None,
    ) -> int:
        """Replace the day's file; if anything goes wrong, the previous one stays.

        The day must have been forgotten before its first file is written, and is recorded after the last; see `forget`.

        Args:
            dataset: The dataset.
            day: The day.
            rows: The rows.
            snapshot_at: The instant of the snapshot that they were read from.
            fingerprint: Their fingerprint.
            kept: For the file of conversations, the fingerprints of the day's other files that an earlier snapshot
                wrote and that stay, by dataset.

        Returns:
            The file's size in bytes.

        Raises:
            ExtractError: The file cannot be written, because the disk is full for example.
        """
        assert self.is_local or self.manifest
        return write_file(self.path(dataset, day), rows, FileStamp(snapshot_at, fingerprint, kept or {}))

    def remove_abandoned(self) -> None:
        """Remove the unfinished files of killed processes, of all days."""
        if self.is_local:
            for unfinished in Path(self.url).glob("*/.*.partial"):
                if _is_abandoned(unfinished):
                    unfinished.unlink(missing_ok=True)

    def forget(self, days: Iterable[Day]) -> None:
        """Forget what is known about the files of days, before any of them is written.

        A run that is killed while it writes leaves the day unknown, and the next one looks at its files.
        """
        if self.manifest:
            self.manifest.forget(day.date for day in days)

    def record(self, day: Day, files: Mapping[Dataset, FileRecord]) -> None:
        """Record what is known about the files of a day, now that all are written."""
        if self.manifest:
            self.manifest.record(day.date, files)

    def open(self, dataset: Dataset, day: Day) -> OpenFile:
        """Return the day's file; its rows stay the same when the file is replaced.

        Raises:
            UnusableExtractError: The day has no file, or the file cannot be read.
            ExtractError: The object store cannot be used.
        """
        path = self.path(dataset, day)
        try:
            file = open_file(path)
            _check_schema(dataset, path, file.rows.collect_schema())
        except FileNotFoundError:
            raise UnusableExtractError(
                f"the day {day.key} is not extracted ({path} does not exist); materialize {dataset.value} for it first",
                # The manifest has forgotten the day by now: a retry reads it again.
                transient=not self.is_local,
            ) from None
        except DamagedFileError:
            raise self._remove_damaged(path) from None
        except (OSError, PolarsError, KeyError) as error:
            raise UnusableExtractError(f"cannot read {path}: {reason(error)}; extract the day again") from None
        # A file of another version may have the same columns in another order.
        return file._replace(rows=file.rows.select(SCHEMAS[dataset].keys()))

    def open_day(self, day: Day, opened: Mapping[Dataset, OpenFile] | None = None) -> dict[Dataset, OpenFile]:
        """Return each dataset's file of a day; all are of one snapshot, whose instant the stamps have.

        Args:
            day: The day.
            opened: Those of its files that are open already.

        Raises:
            UnusableExtractError: A file is missing or cannot be read, or the files are of different snapshots.
            ExtractError: The object store cannot be used.
        """
        try:
            files = dict(opened or {})
            others = [dataset for dataset in Dataset if dataset not in files]
            files |= map_ordered(lambda dataset: (dataset, self.open(dataset, day)), iter(others), self.workers)
            stamps = _consistent({dataset: file.stamp for dataset, file in files.items()})
            if not stamps:
                # Another run is writing them, or was killed while it did; the next run then reads the day again.
                raise UnusableExtractError(
                    f"the extracts of {day.key} are of different snapshots; extract the day again", transient=True
                )
        except UnusableExtractError:
            self.forget([day])
            raise
        return {dataset: file._replace(stamp=stamps[dataset]) for dataset, file in files.items()}

    def _remove_damaged(self, path: str) -> ExtractError:
        """Remove a damaged file, so that the next run reads the day again, and return the error that reports it."""
        if self.is_local:
            Path(path).unlink(missing_ok=True)
            message = f"{path} was damaged (wrong checksum) and is removed; extract the day again"
        else:
            message = f"{path} was damaged (wrong checksum); extract the day again"
        _log.warning(message)
        return UnusableExtractError(message, transient=True)

    def stamps(self, day: Day) -> dict[Dataset, FileStamp | None]:
        """Return the stamp of each of the day's files, None for a missing or unreadable file."""
        return {dataset: self._readable_stamp(dataset, day) for dataset in Dataset}

    def complete_days(self, days: list[Day]) -> dict[Day, dict[Dataset, FileStamp]]:
        """Return the stamps of the files of each day that has all of them, of one snapshot.

        Files of different snapshots remain if a run is killed between writing two of them.

        Raises:
            ExtractError: The object store cannot be used.
        """
        if not self.manifest:
            return {day: stamps for day in days if (stamps := _consistent(self.stamps(day)))}
        records = self.manifest.find(day.date for day in days)
        complete = {
            day: {dataset: FileStamp(file.snapshot_at, file.fingerprint) for dataset, file in records[day.date].items()}
            for day in days
            if day.date in records
        }
        return complete | self._find_again([day for day in days if day not in complete])

    def _find_again(self, days: list[Day]) -> dict[Day, dict[Dataset, FileStamp]]:
        """Look for the files of days that the manifest does not know, after a kill or in a new warehouse."""
        existing = set(list_objects(f"{self.url}/{Dataset.CONVERSATIONS.value}")) if days else set()
        found = {}
        for day in days:
            if self.path(Dataset.CONVERSATIONS, day) not in existing:
                continue
            self.forget([day])
            try:
                files = self.open_day(day)
            except UnusableExtractError:
                continue
            found[day] = {dataset: file.stamp for dataset, file in files.items()}
            self.record(
                day,
                {
                    dataset: FileRecord(file.stamp.snapshot_at, file.stamp.fingerprint, count(file.rows))
                    for dataset, file in files.items()
                },
            )
        return found

    def _readable_stamp(self, dataset: Dataset, day: Day) -> FileStamp | None:
        try:
            return read_stamp(self.path(dataset, day))
        except (DamagedFileError, OSError, PolarsError, KeyError):
            return None

    def fingerprints(self, day: Day) -> dict[Dataset, str]:
        """Return the fingerprint of each of the day's files, empty for a missing or unreadable file."""
        return {dataset: stamp.fingerprint if stamp else "" for dataset, stamp in self.stamps(day).items()}

    def row_count(self, dataset: Dataset, day: Day) -> int | None:
        """Return the number of rows in the day's file, None for a missing or unreadable file."""
        try:
            return count_rows(self.path(dataset, day))
        except (DamagedFileError, OSError, PolarsError, KeyError):
            return None


def _consistent(stamps: Mapping[Dataset, FileStamp | None]) -> dict[Dataset, FileStamp] | None:
    """Return the stamps, with the instant of the conversations' snapshot, if all files exist and are of this snapshot.

    A file that an earlier snapshot wrote is also of this one if the conversations' stamp has its fingerprint.
    """
    conversations = stamps.get(Dataset.CONVERSATIONS)
    present = {dataset: stamp for dataset, stamp in stamps.items() if stamp}
    if not conversations or len(present) < len(Dataset):
        return None
    snapshot_at, kept = conversations.snapshot_at, conversations.kept
    for dataset, stamp in present.items():
        if stamp.snapshot_at != snapshot_at and kept.get(dataset.value) != stamp.fingerprint:
            return None
    return {dataset: stamp._replace(snapshot_at=snapshot_at) for dataset, stamp in present.items()}


def _check_schema(dataset: Dataset, path: str, schema: pl.Schema) -> None:
    if dict(schema) != SCHEMAS[dataset]:
        raise UnusableExtractError(f"{path} has other columns than this version reads; extract the day again")


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
