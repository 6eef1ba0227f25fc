"""Make the rows of days in the warehouse equal to their files, in the order in which the files become ready.

This module decides which days are loaded. Their rows are made in `batches.py` and replaced in `replace.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import psycopg

from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.refresh.batches import CONVERSATIONS_PER_BATCH, DayBatch, read_batches
from chatwoot_assets.refresh.changes import (
    ChangeBatch,
    ChangeDoesNotFitError,
    apply_changes,
    can_apply,
    make_change_batch,
)
from chatwoot_assets.refresh.replace import LoadedDay, replace_days, unwritten_day
from chatwoot_assets.warehouse.concurrent_batches import replace_concurrently
from chatwoot_assets.warehouse.locks import lock_days
from chatwoot_assets.warehouse.partition_state import read_states
from chatwoot_assets.warehouse.row_counts import find_damaged_days
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import record_equal

# How many days are checked for damage together.
_DAYS_PER_QUERY = 100
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

    Where only some conversations of a day changed, only their rows are replaced. Days that are up to date come with a
    batch of other days, or last.

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
    up_to_date: list[LoadedDay] = []
    done = rows = 0

    def write(connection: psycopg.Connection, batch: DayBatch | ChangeBatch) -> list[LoadedDay]:
        if isinstance(batch, ChangeBatch):
            return _change_days(connection, batch, store, rules, run_id)
        return replace_days(connection, batch, rules.definition, run_id)

    with warehouse.connect() as connection:
        whole = (replace(day, change=None) for day in extracted)
        changed = whole if force else _changed_days(connection, extracted, rules.definition, up_to_date)
        for loaded in replace_concurrently(warehouse, write, _make_batches(changed, store, rules)):
            batch = _take(up_to_date) + loaded
            done += len(batch)
            rows += sum(day.row_counts["conversas_analytics"] for day in loaded)
            report(Progress("loading", done, total, "days", rows))
            yield batch
    if up_to_date:
        report(Progress("loading", done + len(up_to_date), total, "days", rows))
        yield up_to_date


def read_files(day: Day, store: ExtractStore) -> ExtractedDay:
    """Return the state of a day's files; a missing file has an empty fingerprint."""
    stamps = store.complete_days([day]).get(day) or store.stamps(day)
    snapshots = [stamp.snapshot_at for stamp in stamps.values() if stamp]
    fingerprints = {dataset: stamp.fingerprint if stamp else "" for dataset, stamp in stamps.items()}
    return ExtractedDay(day, min(snapshots, default=_NEVER), fingerprints, was_written=False)


def _changed_days(
    connection: psycopg.Connection,
    extracted: Iterator[ExtractedDay],
    definition: str,
    up_to_date: list[LoadedDay],
) -> Iterator[ExtractedDay]:
    """Yield the days that must be loaded, with their changes where these can be applied; append the others to a list.

    A day from which rows were deleted by hand, or to which rows were added, must be loaded as a whole. The rows of a
    day to which a change can be applied are not counted here, because that takes longer than the change: a later scan
    counts them.
    """
    states = read_states(connection)

    def verify(days: list[ExtractedDay]) -> Iterator[ExtractedDay]:
        damaged = find_damaged_days(connection, [day.day.date for day in days])
        equal_at: dict[datetime.date, datetime.datetime] = {}
        for day in days:
            if day.day.date in damaged:
                yield replace(day, change=None)
            else:
                up_to_date.append(unwritten_day(day.day, states[day.day.date]))
                if day.equal_at:
                    equal_at[day.day.date] = day.equal_at
        if equal_at:
            record_equal(connection, equal_at)

    equal: list[ExtractedDay] = []
    for day in extracted:
        state = states.get(day.day.date)
        if state and state.definition == definition and state.fingerprints == day.fingerprints:
            equal.append(day)
            if len(equal) == _DAYS_PER_QUERY:
                yield from verify(equal)
                equal = []
        else:
            is_applicable = day.change and can_apply(day.change, state, definition)
            yield day if is_applicable else replace(day, change=None)
    yield from verify(equal)


def _make_batches(
    days: Iterator[ExtractedDay], store: ExtractStore, rules: MetricRules
) -> Iterator[DayBatch | ChangeBatch]:
    """Yield the days in batches that are committed together: whole days, then the changes of other days."""
    changed: list[ExtractedDay] = []

    def whole_days() -> Iterator[ExtractedDay]:
        for day in days:
            if day.change is None:
                yield day
            else:
                changed.append(day)

    yield from read_batches(whole_days(), store, rules)
    batch: list[ExtractedDay] = []
    for day in changed:
        is_from_other_date = batch and rules.date(batch[-1].snapshot_at) != rules.date(day.snapshot_at)
        conversations = sum(len(other.change.ids) for other in [*batch, day] if other.change)
        if batch and (is_from_other_date or conversations > CONVERSATIONS_PER_BATCH):
            yield make_change_batch(batch, rules)
            batch = []
        batch.append(day)
    if batch:
        yield make_change_batch(batch, rules)


def _change_days(
    connection: psycopg.Connection, batch: ChangeBatch, store: ExtractStore, rules: MetricRules, run_id: str
) -> list[LoadedDay]:
    """Apply the changes in one transaction, or load the whole days if another run has loaded one of them meanwhile."""
    dates = [day.day.date for day in batch.days]
    with connection.transaction():
        lock_days(connection, dates)
        states = read_states(connection, dates)
        if all(day.change and can_apply(day.change, states.get(day.day.date), rules.definition) for day in batch.days):
            try:
                with connection.transaction():
                    return apply_changes(connection, batch, states, run_id)
            except ChangeDoesNotFitError:
                pass  # what was written is rolled back
        whole = read_batches(batch.days, store, rules)
        return [day for days in whole for day in replace_days(connection, days, rules.definition, run_id)]


def _take(days: list[LoadedDay]) -> list[LoadedDay]:
    """Remove and return the days of a list to which another thread appends."""
    taken = days[: len(days)]
    del days[: len(taken)]
    return taken
