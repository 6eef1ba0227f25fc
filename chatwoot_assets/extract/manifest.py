"""What is known about the files in an object store: this saves requests to the store.

A day is removed before its files are written, and recorded once all of them are. The warehouse keeps the manifest, in
`warehouse/extract_manifest.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from chatwoot_assets.extract.dataset import Dataset


class FileRecord(NamedTuple):
    """What is known about one file.

    Attributes:
        snapshot_at: The instant of the snapshot that its rows were read from.
        fingerprint: Their fingerprint.
        rows: Their number.
    """

    snapshot_at: datetime.datetime
    fingerprint: str
    rows: int


DayFiles = Mapping[Dataset, FileRecord]


class Manifest(Protocol):
    """What is known about the files below one URL."""

    def find(self, dates: Iterable[datetime.date]) -> dict[datetime.date, DayFiles]:
        """Return what is known about the files of days; a day is missing if nothing is."""

    def forget(self, dates: Iterable[datetime.date]) -> None:
        """Forget days before their files are written."""

    def record(self, date: datetime.date, files: DayFiles) -> None:
        """Record the files of a day, unless another process has written them since this manifest forgot the day."""
