"""Refresh days: read what changed, write the files, and replace the rows of all tables, batch by batch."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto

from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.conversations.daily_summary import refresh_daily_summary
from chatwoot_assets.conversations.refresh import refresh_conversations
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.refresh import refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.metrics.refresh import refresh_metrics
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Report
from chatwoot_assets.warehouse.partition_state import row_counts as count_rows


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
        loaded: set[Day] = set()

        def extract(on_ready: Callable[[Day], None]) -> None:
            for extracted, extracts in refresh_extracts(
                self.chatwoot, self.zone, days, self.store, report, force=force
            ):
                written[extracted.day] = dict(extracts)
                on_ready(extracted.day)

        def load(ready: Iterator[Day]) -> None:
            result = refresh_conversations(self.warehouse, ready, len(days), self.store, run_id, report, force=force)
            loaded.update(transformed.day for transformed in result.days)

        if stages is Stages.EXTRACT:
            extract(lambda _: None)
        elif stages is Stages.LOAD:
            load(iter(days))
        else:
            with consume_in_background(load) as (hand_on, loading):
                extract(hand_on)
            loading.result()
        row_counts: dict[Day, dict[str, int]] = {}
        if Stages.LOAD in stages:
            row_counts = self._finish(days, run_id, report, force=force)
        yield [RefreshedDay(day, written[day], row_counts.get(day, {}) if day in loaded else {}) for day in days]

    def _finish(self, days: list[Day], run_id: str, report: Report, *, force: bool) -> dict[Day, dict[str, int]]:
        """Bring what follows from the rows up to date, and return the number of each day's rows by table."""
        with self.warehouse.connect() as connection:
            summaries = refresh_daily_summary(connection, days)
            conversations = count_rows(connection)
        metrics = refresh_metrics(self.warehouse, days, self.store, self.rules, run_id, report, force=force)
        return {
            day: {
                "conversas_analytics": conversations[day.date][0],
                "messages": conversations[day.date][1],
                "daily_summary": summaries[day],
                **{table: counts[day.date] for table, counts in metrics.row_counts.items()},
            }
            for day in days
        }
