"""The fingerprints of what is loaded, as change detection compares them with the source."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, fingerprint
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.row_counts import find_damaged_days


def read_loaded(connection: psycopg.Connection, settings: Settings, window: list[Day]) -> KnownFingerprints:
    """Return the fingerprints of the loaded days; in the window, only of days whose tables and files are as loaded.

    A run that was killed between writing the files and loading them may have written data of somebody who has been
    erased since: then the table equals Chatwoot, but the file does not. An object store is not looked at, because a
    tick has no time for that.
    """
    damaged = find_damaged_days(connection, [day.date for day in window])
    loaded = {date: known for date, known in loaded_fingerprints(connection).items() if date not in damaged}
    store = ExtractStore(settings.extracts_url)
    if not store.is_local:
        return loaded
    differing = {day.date for day in window if day.date in loaded and store.fingerprints(day) != loaded[day.date]}
    return {
        date: dict.fromkeys(fingerprints) if date in differing else fingerprints
        for date, fingerprints in loaded.items()
    }


def assume_empty_before_first(loaded: KnownFingerprints, timezone: str, days: list[Day]) -> KnownFingerprints:
    """Return the known fingerprints, with those of an empty day for each day before the first loaded one.

    Days before Chatwoot's first conversation therefore equal Chatwoot without being loaded. The last day is always
    loaded, even if it is empty.

    Args:
        loaded: The fingerprints of the loaded days.
        timezone: The reporting time zone.
        days: All partitions, in order.
    """
    first = min(loaded, default=days[-1].date)
    defined = definition(timezone)
    empty: Mapping[Dataset, str | None] = {
        dataset: fingerprint(defined, *(0 for _ in groups_of(dataset))) for dataset in Dataset
    }
    return {**{day.date: empty for day in days if day.date < first}, **loaded}


def add_later_days(changed: set[Day], days: list[Day], loaded: KnownFingerprints) -> set[Day]:
    """Add the days without rows that were never loaded and follow the first day that changed."""
    first = min((day.date for day in changed), default=days[-1].date)
    return changed | {day for day in days if day.date > first and day.date not in loaded}
