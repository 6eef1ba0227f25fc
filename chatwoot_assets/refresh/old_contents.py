"""Drop the contents that have become older than KEEP_CONTENTS_DAYS from the files and the tables.

What is read from Chatwoot comes without old contents, see `extract/old_contents.py`. This module follows the limit as
time passes. Chatwoot is not read: a day's files are written again without their old contents and with the same
fingerprints, and the day is loaded from them. A run that was stopped at any point leaves the rest to the next one.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from chatwoot_assets.errors import UnusableExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.manifest import FileRecord
from chatwoot_assets.extract.object_store import list_objects
from chatwoot_assets.extract.old_contents import drop_old_contents, find_contents, first_kept_day
from chatwoot_assets.extract.parquet_file import OpenFile, count
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.refresh.load import load_days
from chatwoot_assets.times import local_date
from chatwoot_assets.warehouse.account_context import read_stored_context
from chatwoot_assets.warehouse.partition_state import (
    days_with_old_contents,
    read_states,
    record_differing,
    record_oldest_contents,
)
from chatwoot_assets.warehouse.schema import migrate

# How many days a run writes at most; the next one continues.
DAYS_PER_RUN = 500
# How many days' files are written before these days are loaded.
_DAYS_LOADED_TOGETHER = 50


@dataclass(frozen=True)
class DroppedContents:
    """What a run did.

    Attributes:
        before: The first day whose contents were kept.
        days: The days whose contents were dropped.
        remaining: How many days are left for the next run.
        unreadable: The days whose files cannot be read: they may still hold old contents. Those that are loaded count
            as different from Chatwoot, so that a sensor's run or a backfill reads them again.
    """

    before: datetime.date
    days: list[datetime.date]
    remaining: int
    unreadable: list[datetime.date]

    def __str__(self) -> str:
        """Return the result in one line."""
        parts = [f"contents before {self.before} are dropped from {len(self.days)} days"]
        if self.remaining:
            parts.append(f"{self.remaining} days are left for the next run")
        return "; ".join(parts)

    def raise_for_unreadable(self) -> None:
        """Raise an error if old contents may be left in files that cannot be read.

        Raises:
            UnusableExtractError: There are such files.
        """
        if self.unreadable:
            raise UnusableExtractError(
                f"files of {len(self.unreadable)} days cannot be read and may hold old contents: from"
                f" {self.unreadable[0]} to {self.unreadable[-1]}; `chatwoot-assets backfill --from"
                f" {self.unreadable[0]} --to {self.unreadable[-1]}` reads these days again from Chatwoot"
            )


def drop_contents(
    warehouse: Warehouse,
    store: ExtractStore,
    zone: zoneinfo.ZoneInfo,
    rules: MetricRules,
    keep_days: int,
    run_id: str,
    report: Report,
    *,
    now: datetime.datetime | None = None,
    most_days: int = DAYS_PER_RUN,
) -> DroppedContents:
    """Drop the contents that are older than KEEP_CONTENTS_DAYS.

    Args:
        warehouse: The local database.
        store: Where the files are.
        zone: The reporting time zone.
        rules: How the metrics are computed.
        keep_days: KEEP_CONTENTS_DAYS, at least 1.
        run_id: The run, which is recorded with each day.
        report: Called with the progress.
        now: The present, with a time zone; None for the clock's.
        most_days: How many days to write at most.

    Raises:
        ExtractError: A file cannot be written, or the object store cannot be used; what was done before stays.
        WarehouseError: The local database cannot be used; what was done before stays.
    """
    before = first_kept_day(keep_days, now or datetime.datetime.now(datetime.timezone.utc), zone)
    assert before is not None
    migrate(warehouse)
    dropped: list[datetime.date] = []
    unreadable: list[datetime.date] = []
    with warehouse.connect() as connection:
        rules = replace(rules, context=read_stored_context(connection))
        loaded = set(read_states(connection))
        due = days_with_old_contents(connection, before)
        due += [date for date in _days_with_files(store) if date < before and date not in loaded]
        done = 0
        while done < len(due) and len(dropped) < most_days:
            dates = due[done : done + min(_DAYS_LOADED_TOGETHER, most_days - len(dropped))]
            written: list[ExtractedDay] = []
            oldest: dict[datetime.date, datetime.date] = {}
            snapshots: dict[datetime.date, datetime.datetime] = {}
            for date in dates:
                try:
                    file = _drop_in_files(store, day(date, zone), day(before, zone).start)
                except UnusableExtractError:
                    unreadable.append(date)
                    if date in loaded:
                        record_differing(connection, date)
                    continue
                if date in loaded:
                    written.append(file.extracted)
                    snapshots[date] = file.extracted.snapshot_at
                    oldest[date] = file.oldest_contents(zone)
                if file.was_written or date in loaded:
                    dropped.append(date)
            # Also the days whose files had no old contents: a run may have been stopped before it loaded them.
            for _ in load_days(
                warehouse, iter(written), len(written), store, rules, run_id, lambda _: None, force=True
            ):
                pass
            record_oldest_contents(connection, oldest, snapshots)
            done += len(dates)
            report(Progress("dropping contents", done, len(due), "days"))
    return DroppedContents(before, dropped, len(due) - done, sorted(unreadable))


@dataclass(frozen=True)
class _DayFiles:
    """A day's files without old contents.

    Attributes:
        extracted: The day as its files are.
        was_written: Whether they had old contents.
        oldest: The time of the oldest contents that they have, naive UTC; None if they have none.
    """

    extracted: ExtractedDay
    was_written: bool
    oldest: datetime.datetime | None

    def oldest_contents(self, zone: zoneinfo.ZoneInfo) -> datetime.date:
        """Return the day of the oldest contents; the last date of all if there are none."""
        if self.oldest is None:
            return datetime.date.max
        return pl.select(local_date(pl.lit(self.oldest), zone.key)).item()  # type: ignore[no-any-return]  # a date


def _drop_in_files(store: ExtractStore, day_: Day, before: datetime.datetime) -> _DayFiles:
    """Write a day's files again without the contents before an instant, if they have any.

    Another run may write the day at the same time. The files are then of different snapshots, which the next run
    notices, or all of its rows are the same.

    Raises:
        UnusableExtractError: A file is missing or cannot be read.
        ExtractError: A file cannot be written.
    """
    files = store.open_day(day_)
    rows = {dataset: file.rows for dataset, file in files.items()}
    times = {dataset: found["time"] for dataset, found in find_contents(rows).items()}
    old = [dataset for dataset, time in times.items() if (time < before).any()]
    stamp = files[Dataset.CONVERSATIONS].stamp
    fingerprints = {dataset: file.stamp.fingerprint for dataset, file in files.items()}
    if old:
        kept = drop_old_contents(rows, before)
        store.forget([day_])
        for dataset in old:
            store.write(
                dataset,
                day_,
                kept[dataset],
                stamp.snapshot_at,
                fingerprints[dataset],
                _other_fingerprints(files) if dataset is Dataset.CONVERSATIONS else None,
            )
        store.record(
            day_,
            {
                dataset: FileRecord(stamp.snapshot_at, fingerprints[dataset], count(file.rows))
                for dataset, file in files.items()
            },
        )
    extracted = ExtractedDay(day_, stamp.snapshot_at, fingerprints, was_written=bool(old))
    recent = [time.filter(time >= before).min() for time in times.values()]
    return _DayFiles(extracted, bool(old), min((time for time in recent if time), default=None))


def _other_fingerprints(files: Mapping[Dataset, OpenFile]) -> dict[str, str]:
    """Return the fingerprints of the files that belong to a day's conversations, whenever they were written."""
    return {
        dataset.value: file.stamp.fingerprint for dataset, file in files.items() if dataset is not Dataset.CONVERSATIONS
    }


def _days_with_files(store: ExtractStore) -> Iterator[datetime.date]:
    """Yield the days that have a file of conversations, in order."""
    directory = f"{store.url}/{Dataset.CONVERSATIONS.value}"
    paths = sorted(map(str, Path(directory).glob("*.parquet"))) if store.is_local else list_objects(directory)
    for path in paths:
        name = path.rpartition("/")[2].removesuffix(".parquet")
        try:
            yield datetime.date.fromisoformat(name)
        except ValueError:
            continue  # not ours
