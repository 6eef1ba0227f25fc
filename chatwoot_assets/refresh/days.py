"""Refresh days: read what changed, write the files, and replace the rows of all tables, batch by batch."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto

from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.refresh import refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Report
from chatwoot_assets.refresh.load import load_days, read_files
from chatwoot_assets.refresh.replace import LoadedDay


class Stages(Flag):
    """What a refresh does.

    Attributes:
        EXTRACT: Bring the days' files up to date with Chatwoot.
        LOAD: Bring the days' rows in all tables of the warehouse up to date with the files.
    """

    EXTRACT = auto()
    LOAD = auto()


@dataclass(frozen=True)
class RefreshedDay:
    """A day that is up to date, and what had to be written for that.

    Attributes:
        day: The partition.
        extracts: What was written to its files, by dataset; empty if they were equal to Chatwoot.
        row_counts: The number of the day's rows in each table of the warehouse; empty if no table was written.
    """

    day: Day
    extracts: Mapping[Dataset, DayExtract] = field(default_factory=dict)
    row_counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Refresher:
    """What every refresh needs.

    Attributes:
        chatwoot: The source.
        warehouse: The local database.
        store: Where the files are.
        zone: The reporting time zone.
        rules: How the metrics are computed.
    """

    chatwoot: ChatwootDatabase
    warehouse: Warehouse
    store: ExtractStore
    zone: zoneinfo.ZoneInfo
    rules: MetricRules

    def refresh(
        self, days: list[Day], stages: Stages, run_id: str, report: Report, *, force: bool = False
    ) -> Iterator[list[RefreshedDay]]:
        """Refresh the days, and yield each batch of them as soon as it is committed.

        Args:
            days: The days, in order of date; they need not be consecutive.
            stages: What to do.
            run_id: The run, which is recorded with each day.
            report: Called with the progress.
            force: Also write days that are up to date.

        Raises:
            SourceError: Chatwoot cannot be read; the batches before stay.
            ExtractError: A file cannot be read or written; the batches before stay.
            WarehouseError: The local database cannot be used; the batches before stay.
        """
        written: dict[Day, dict[Dataset, DayExtract]] = {day: {} for day in days}
        loaded: dict[Day, LoadedDay] = {}

        def extract(on_ready: Callable[[ExtractedDay], None]) -> None:
            for extracted, extracts in refresh_extracts(
                self.chatwoot, self.zone, days, self.store, report, force=force
            ):
                written[extracted.day] = dict(extracts)
                on_ready(extracted)

        def load(extracted: Iterator[ExtractedDay]) -> None:
            for batch in load_days(
                self.warehouse, extracted, len(days), self.store, self.rules, run_id, report, force=force
            ):
                loaded.update((day.day, day) for day in batch)

        if stages is Stages.EXTRACT:
            extract(lambda _: None)
        elif stages is Stages.LOAD:
            load(read_files(day, self.store) for day in days)
        else:
            with consume_in_background(load) as (hand_on, loading):
                extract(hand_on)
            loading.result()
        yield [
            RefreshedDay(day, written[day], loaded[day].row_counts)
            if day in loaded and loaded[day].was_written
            else RefreshedDay(day, written[day])
            for day in days
        ]
