"""Making days of conversas_analytics equal to their extracts: which of them are loaded, as they become ready."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from chatwoot_assets.conversations.batches import transformed_batches
from chatwoot_assets.conversations.load import TransformedDay, replace_groups
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.warehouse.partition_state import row_counts, stored_fingerprints
from chatwoot_assets.warehouse.schema import migrate


@dataclass(frozen=True)
class Loaded:
    """What became of days.

    Attributes:
        days: those that were loaded, without their rows.
        unchanged: those that were equal to their extracts already.
        moved: how many rows left other days.
        row_counts: of all days that there are, how many conversations each has.
    """

    days: list[TransformedDay]
    unchanged: list[Day]
    moved: int
    row_counts: dict[datetime.date, int]


def refresh_days(
    warehouse: Warehouse,
    ready: Iterator[Day],
    total: int,
    store: ExtractStore,
    run_id: str,
    report: Report,
    *,
    force: bool = False,
) -> Loaded:
    """Load those of the days that differ from their extracts, group by group.

    Args:
        analytics: the local database.
        ready: the days, in order of date, each as soon as its extracts are there.
        total: how many days will come.
        store: where the extracts are.
        run_id: of the run that the days are loaded by.
        report: told of every group.
        force: load also days that are equal to their extracts.

    Raises:
        AnalyticsError: the local database cannot be used; the groups before stay.
        ExtractError: an extract is missing, or cannot be read.
    """
    migrate(warehouse)
    with warehouse.connect() as connection:
        loaded = {} if force else stored_fingerprints(connection)
    unchanged: list[Day] = []

    def changed() -> Iterator[Day]:
        for day in ready:
            if store.fingerprints(day) == loaded.get(day.date):
                unchanged.append(day)
            else:
                yield day

    days: list[TransformedDay] = []
    rows = moved = 0
    for group, left_others in replace_groups(warehouse, transformed_batches(changed(), store), run_id):
        days += [dataclasses.replace(day, parts=()) for day in group]
        rows += sum(day.conversations for day in group)
        moved += left_others
        report(Progress("loading", len(days) + len(unchanged), total, "days", rows))
    with warehouse.connect() as connection:
        return Loaded(days, unchanged, moved, row_counts(connection))
