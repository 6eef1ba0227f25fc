"""The fingerprints of what is loaded, as change detection compares them with the source."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import psycopg

from chatwoot_assets.extract.blocks import ranges_of
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import KnownFingerprints, fingerprint
from chatwoot_assets.extract.queries import IdRange
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.conversation_blocks import blocks_of_days
from chatwoot_assets.warehouse.extract_manifest import find_files
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.row_counts import find_damaged_days
from chatwoot_assets.warehouse.source_comparison import FULL, read_position

_LARGEST_ID = 2**62


@dataclass(frozen=True)
class DayBlocks:
    """Where the last full comparison found the conversations of each day.

    Attributes:
        numbers: The numbers of the blocks, by day.
        end_id: The id at which it ended; None if none was ever finished.
    """

    numbers: Mapping[datetime.date, list[int]] = field(default_factory=dict)
    end_id: int | None = None

    def ranges(self, days: Iterable[Day]) -> list[IdRange] | None:
        """Return the ids among which the days' conversations are, or None if that is not known."""
        if self.end_id is None:
            return None
        numbers = {number for day in days for number in self.numbers.get(day.date, [])}
        return [*ranges_of(numbers), (self.end_id, _LARGEST_ID)]


def read_day_blocks(connection: psycopg.Connection) -> DayBlocks:
    """Return where the last full comparison found the conversations of each day."""
    return DayBlocks(blocks_of_days(connection), read_position(connection, FULL).get("end_id"))


def read_loaded(connection: psycopg.Connection, settings: Settings, window: list[Day]) -> KnownFingerprints:
    """Return the fingerprints of the loaded days, without those of days whose tables or files were changed since.

    A run that was killed between writing the files and loading them may have written data of somebody who has been
    erased since: then the table equals Chatwoot, but the file does not. An object store need not be asked: its manifest
    does not know such a day.

    Args:
        connection: A session on the warehouse.
        settings: The settings.
        window: The days whose tables and files are looked at. If a table was changed, the day is missing in the result;
            if a file was, its fingerprints are None.
    """
    damaged = find_damaged_days(connection, [day.date for day in window])
    loaded = {date: known for date, known in loaded_fingerprints(connection).items() if date not in damaged}
    store = ExtractStore(settings.extracts_url)
    looked_at = [day for day in window if day.date in loaded]
    if store.is_local:
        files = {day.date: store.fingerprints(day) for day in looked_at}
    else:
        records = find_files(connection, store.url, [day.date for day in looked_at])
        files = {date: {dataset: file.fingerprint for dataset, file in day.items()} for date, day in records.items()}
    differing = {day.date for day in looked_at if files.get(day.date) != loaded[day.date]}
    return {
        date: dict.fromkeys(fingerprints) if date in differing else fingerprints
        for date, fingerprints in loaded.items()
    }


def assume_empty_before_first(loaded: KnownFingerprints, defined: str, days: list[Day]) -> KnownFingerprints:
    """Return the known fingerprints, with those of an empty day for each day before the first loaded one.

    Days before Chatwoot's first conversation therefore equal Chatwoot without being loaded. The last day is always
    loaded, even if it is empty.

    Args:
        loaded: The fingerprints of the loaded days.
        defined: What defines the rows; see `extract.fingerprints.definition`.
        days: All partitions, in order.
    """
    first = min(loaded, default=days[-1].date)
    empty: Mapping[Dataset, str | None] = {
        dataset: fingerprint(defined, *(0 for _ in groups_of(dataset))) for dataset in Dataset
    }
    return {**{day.date: empty for day in days if day.date < first}, **loaded}


def add_later_days(changed: set[Day], days: list[Day], loaded: KnownFingerprints) -> set[Day]:
    """Add the days without rows that were never loaded and follow the first day that changed."""
    first = min((day.date for day in changed), default=days[-1].date)
    return changed | {day for day in days if day.date > first and day.date not in loaded}
