"""What reading passes on to loading for each day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import Day


@dataclass(frozen=True)
class ConversationChange:
    """The conversations of a day that changed since its files were written, with their rows before and after.

    It can be applied to tables that equal the files before it. Otherwise the whole day is loaded from its files.

    Attributes:
        ids: The conversations: changed, new, or gone from the day.
        fingerprints_before: The fingerprint of each dataset before the change.
        snapshot_before: The instant of the snapshot that the rows before were read from.
        rows_before: The rows of these conversations, by dataset, as the files had them.
        rows: Their rows now.
    """

    ids: list[int]
    fingerprints_before: Mapping[Dataset, str]
    snapshot_before: datetime.datetime
    rows_before: Mapping[Dataset, pl.DataFrame]
    rows: Mapping[Dataset, pl.DataFrame]

    @property
    def size(self) -> float:
        """How many bytes its rows take in memory."""
        return sum(frame.estimated_size() for rows in (self.rows_before, self.rows) for frame in rows.values())


@dataclass(frozen=True)
class ExtractedDay:
    """A day whose files are up to date.

    Attributes:
        day: The partition.
        snapshot_at: The instant of the snapshot that its rows were read from.
        fingerprints: The fingerprint of each dataset.
        was_written: Whether its files were written now; otherwise they were equal to Chatwoot already.
        change: What changed, if only some conversations of the day were read.
        equal_at: The last instant at which the files are known to have been equal to Chatwoot; None if they were not
            compared now.
    """

    day: Day
    snapshot_at: datetime.datetime
    fingerprints: Mapping[Dataset, str]
    was_written: bool
    change: ConversationChange | None = None
    equal_at: datetime.datetime | None = None
