"""Making days of conversas_analytics equal to their extracts, in the order in which the extracts become ready.

This module decides which days are loaded. Reading and transforming them is in `batches.py`, replacing their rows in
`load.py`.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from chatwoot_assets.conversations.batches import transform_in_batches
from chatwoot_assets.conversations.load import TransformedDay, load_batches
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.warehouse.partition_state import row_counts, stored_fingerprints
from chatwoot_assets.warehouse.schema import migrate


@dataclass(frozen=True)
class LoadResult:
    """The result of a refresh.

    Attributes:
        days: The days that were loaded, without their rows.
        unchanged: The days that were equal to their extracts already.
        moved: The number of conversations that left other days.
        row_counts: The numbers of conversations and messages that each loaded day has now.
    """

    days: list[TransformedDay]
    unchanged: list[Day]
    moved: int
    row_counts: dict[datetime.date, tuple[int, int]]


def refresh_conversations(
    warehouse: Warehouse,
    ready: Iterator[Day],
    total: int,
    store: ExtractStore,
    run_id: str,
    report: Report,
    *,
    force: bool = False,
) -> LoadResult:
    """Load the days that differ from their extracts, batch by batch.

    Args:
        warehouse: The database to load into.
        ready: The days, in order of date, each as soon as its extracts are complete.
        total: The number of days that will come.
        store: The extracts.
        run_id: The id of the run, which is recorded with each day.
        report: Called after every batch.
        force: Load also the days that are equal to their extracts.

    Raises:
        WarehouseError: The database cannot be used. The batches before stay.
        ExtractError: An extract is missing, or cannot be read.
    """
    migrate(warehouse)
    with warehouse.connect() as connection:
        loaded = {} if force else stored_fingerprints(connection)
    unchanged: list[Day] = []

    def changed_days() -> Iterator[Day]:
        for day in ready:
            if store.fingerprints(day) == loaded.get(day.date):
                unchanged.append(day)
            else:
                yield day

    days: list[TransformedDay] = []
    rows = moved = 0
    for batch, moved_by_batch in load_batches(warehouse, transform_in_batches(changed_days(), store), run_id):
        days += [dataclasses.replace(transformed, parts=()) for transformed in batch]
        rows += sum(transformed.conversations for transformed in batch)
        moved += moved_by_batch
        report(Progress("loading", len(days) + len(unchanged), total, "days", rows))
    with warehouse.connect() as connection:
        return LoadResult(days, unchanged, moved, row_counts(connection))
