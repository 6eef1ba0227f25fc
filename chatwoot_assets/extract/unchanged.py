"""Which days need not be read again: those whose files hold what the source holds.

So a backfill that was killed resumes, and one that is repeated reads nothing.
"""

from __future__ import annotations

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprints import differing_days
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot


def unchanged_days(source: Snapshot, schema: str, definition: str, days: list[Day], store: ExtractStore) -> set[Day]:
    """Return the days whose files have the fingerprints that the source has now."""
    stored = {day.date: _fingerprints(store, day) for day in days}
    extracted = [day for day in days if all(known.startswith(definition) for known in stored[day.date].values())]
    differing = differing_days(source, schema, definition, extracted, stored)
    return set(extracted) - differing


def _fingerprints(store: ExtractStore, day: Day) -> dict[Dataset, str]:
    """Return the fingerprints of the day's files; empty where one is missing or they are of several snapshots,
    which a kill between two of them leaves.
    """
    stamps = store.stamps(day)
    is_whole = len({stamp and stamp.snapshot_at for stamp in stamps.values()}) == 1
    return {dataset: stamp.fingerprint if stamp and is_whole else "" for dataset, stamp in stamps.items()}
