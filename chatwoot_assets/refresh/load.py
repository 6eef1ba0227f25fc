"""Make the rows of days in the warehouse equal to their files, in the order in which the files become ready.

This module decides which days are loaded. Their rows are made in `batches.py` and replaced in `replace.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.refresh.batches import read_batches
from chatwoot_assets.refresh.replace import LoadedDay, describe, replace_days
from chatwoot_assets.warehouse.partition_state import DayState, read_states
from chatwoot_assets.warehouse.replace import replace_concurrently
from chatwoot_assets.warehouse.row_counts import find_damaged_days
from chatwoot_assets.warehouse.schema import migrate

# So many days that equal their files are counted together.
_EQUAL_DAYS_PER_QUERY = 100
_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def load_days(
    warehouse: Warehouse,
    extracted: Iterator[ExtractedDay],
    total: int,
    store: ExtractStore,
    rules: MetricRules,
    run_id: str,
    report: Report,
    *,
    force: bool = False,
) -> Iterator[list[LoadedDay]]:
    """Replace the rows of the days that differ from their files or from the rules, and yield each committed batch.

    Days that are up to date come with a batch of other days, or last.

    Args:
        warehouse: The database to load into.
        extracted: The days, in order of date, each as soon as its files are up to date.
        total: The number of days that will come.
        store: Where their files are.
        rules: How the metrics are computed.
        run_id: The id of the run, which is recorded with each day.
        report: Called after every batch.
        force: Load also days that are up to date.

    Raises:
        WarehouseError: The database cannot be used. The batches before stay.
        ExtractError: A file is missing or unreadable, or a day's files come from different snapshots.
    """
    migrate(warehouse)
    with warehouse.connect() as connection:
        states = read_states(connection)
    up_to_date: list[LoadedDay] = []
    changed = extracted if force else _changed_days(warehouse, extracted, states, rules.definition, up_to_date)
    done = rows = 0
    for _, loaded in replace_concurrently(
        warehouse,
        lambda connection, batch: replace_days(connection, batch, rules.definition, run_id),
        read_batches(changed, store, rules),
    ):
        batch = _take(up_to_date) + loaded
        done += len(batch)
        rows += sum(day.row_counts["conversas_analytics"] for day in loaded)
        report(Progress("loading", done, total, "days", rows))
        yield batch
    if up_to_date:
        report(Progress("loading", done + len(up_to_date), total, "days", rows))
        yield up_to_date


def read_files(day: Day, store: ExtractStore) -> ExtractedDay:
    """Return a day as its files are; a missing file has no fingerprint."""
    stamps = store.stamps(day)
    snapshots = [stamp.snapshot_at for stamp in stamps.values() if stamp]
    fingerprints = {dataset: stamp.fingerprint if stamp else "" for dataset, stamp in stamps.items()}
    return ExtractedDay(day, min(snapshots, default=_NEVER), fingerprints, was_written=False)


def _changed_days(
    warehouse: Warehouse,
    extracted: Iterator[ExtractedDay],
    states: Mapping[datetime.date, DayState],
    definition: str,
    up_to_date: list[LoadedDay],
) -> Iterator[ExtractedDay]:
    """Yield the days that must be loaded; append the others to `up_to_date`.

    A day from which rows were deleted by hand, or to which rows were added, must be loaded as well.
    """

    def take_damaged(equal: list[ExtractedDay]) -> Iterator[ExtractedDay]:
        if not equal:
            return
        with warehouse.connect() as connection:
            damaged = find_damaged_days(connection, [day.day.date for day in equal])
        for day in equal:
            if day.day.date in damaged:
                yield day
            else:
                up_to_date.append(describe(day.day, states[day.day.date]))

    equal: list[ExtractedDay] = []
    for day in extracted:
        state = states.get(day.day.date)
        if state is None or state.definition != definition or state.fingerprints != day.fingerprints:
            yield day
            continue
        equal.append(day)
        if len(equal) == _EQUAL_DAYS_PER_QUERY:
            yield from take_damaged(equal)
            equal = []
    yield from take_damaged(equal)


def _take(days: list[LoadedDay]) -> list[LoadedDay]:
    """Remove and return the days of a list to which another thread appends."""
    taken = days[: len(days)]
    del days[: len(taken)]
    return taken
