"""Refresh days: read what changed, write the files, and replace the rows of all tables, batch by batch."""

from __future__ import annotations

import zoneinfo
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Flag, auto

from chatwoot_assets.concurrency import produce_in_background
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.extract.account_context import AccountContext, read_account_context
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.refresh import RefreshedExtracts, refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.vanished import RowCounts, refuse_vanished
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Report
from chatwoot_assets.refresh.load import load_days, read_files
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.account_context import read_stored_context, store_context
from chatwoot_assets.warehouse.partition_state import loaded_counts
from chatwoot_assets.warehouse.schema import migrate


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
        keep_contents_days: How many days contents are kept, see `extract/old_contents.py`; 0 for ever.
    """

    chatwoot: ChatwootDatabase
    warehouse: Warehouse
    store: ExtractStore
    zone: zoneinfo.ZoneInfo
    rules: MetricRules
    keep_contents_days: int = 0

    def refresh(
        self,
        days: list[Day],
        stages: Stages,
        run_id: str,
        report: Report,
        *,
        force: bool = False,
        allow_empty: bool = False,
    ) -> Iterator[list[RefreshedDay]]:
        """Refresh the days, and yield each batch of them as soon as it is committed.

        Args:
            days: The days, in order of date; they need not be consecutive.
            stages: What to do.
            run_id: The run, which is recorded with each day.
            report: Called with the progress.
            force: Also write days that are up to date.
            allow_empty: Continue even if nearly all conversations of the days are gone, see `extract/vanished.py`.

        Raises:
            SourceError: Chatwoot cannot be read, or nearly all conversations are gone; the batches before stay.
            ExtractError: A file cannot be read or written; the batches before stay.
            WarehouseError: The local database cannot be used; the batches before stay.
        """
        if Stages.EXTRACT not in stages:
            extracted = (read_files(day, self.store) for day in days)
            yield from self._load(extracted, len(days), {}, None, run_id, report, force=force)
            return
        loaded = {} if allow_empty else self._read_row_counts()
        written: dict[Day, Mapping[Dataset, DayExtract]] = {}
        # In the background, so that no snapshot of Chatwoot stays open while a day is loaded.
        with produce_in_background(self._read(days, loaded, report, force=force)) as read:
            context = next(read)
            assert isinstance(context, AccountContext)

            def take_extracted() -> Iterator[ExtractedDay]:
                for each in read:
                    assert isinstance(each, RefreshedExtracts)
                    written[each.extracted.day] = each.written
                    yield each.extracted

            if Stages.LOAD not in stages:
                yield from ([RefreshedDay(each.day, written[each.day])] for each in take_extracted())
                return
            try:
                yield from self._load(take_extracted(), len(days), written, context, run_id, report, force=force)
            except WarehouseError:
                # Complete the files nevertheless, so that the next run need not read these days again.
                for _ in read:
                    pass
                raise

    def _read_row_counts(self) -> RowCounts:
        """Return what is loaded; nothing if the warehouse cannot be used, which loading will report."""
        try:
            migrate(self.warehouse)
            with self.warehouse.connect() as connection:
                return loaded_counts(connection)
        except WarehouseError:
            return {}

    def _read(
        self, days: list[Day], loaded: RowCounts, report: Report, *, force: bool
    ) -> Generator[AccountContext | RefreshedExtracts, None, None]:
        """Yield what is known about the accounts, then the days; one session for both is cheaper than two.

        Raises:
            SourceError: Chatwoot cannot be read, or nearly all that is loaded is gone.
        """
        schema = self.chatwoot.views_schema
        with snapshot(self.chatwoot) as source:
            refuse_vanished(source, schema, days, loaded)
            yield read_account_context(source, schema)
            yield from refresh_extracts(
                source,
                self.chatwoot,
                self.zone,
                days,
                self.store,
                report,
                force=force,
                keep_contents_days=self.keep_contents_days,
            )

    def _load(
        self,
        extracted: Iterator[ExtractedDay],
        total: int,
        written: Mapping[Day, Mapping[Dataset, DayExtract]],
        context: AccountContext | None,
        run_id: str,
        report: Report,
        *,
        force: bool,
    ) -> Iterator[list[RefreshedDay]]:
        """Load the days, and yield each batch as soon as it is committed, with what was written to its files.

        What was read about the accounts is stored first; without it, what was stored last is used.
        """
        migrate(self.warehouse)
        with self.warehouse.connect() as connection:
            stored = store_context(connection, context, self.rules.mask) if context else read_stored_context(connection)
        rules = replace(self.rules, context=stored)
        for batch in load_days(self.warehouse, extracted, total, self.store, rules, run_id, report, force=force):
            yield [
                RefreshedDay(loaded.day, written.get(loaded.day, {}), loaded.row_counts if loaded.was_written else {})
                for loaded in batch
            ]
