"""Bring the files of days up to date with the source, in one snapshot."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprints import definition, unchanged_days
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import Report
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot


@dataclass(frozen=True)
class Refreshed:
    """The result of refreshing the files of some days.

    Attributes:
        written: What was written: for each day that was read, one extract per dataset.
        unchanged: The days whose files were already equal to the source.
        snapshot_at: The instant at which the source was read.
    """

    written: list[DayExtract]
    unchanged: list[Day]
    snapshot_at: datetime.datetime


def refresh_extracts(
    chatwoot: ChatwootDatabase,
    zone: zoneinfo.ZoneInfo,
    days: list[Day],
    store: ExtractStore,
    report: Report,
    ready: Callable[[Day], None],
    *,
    force: bool = False,
) -> Refreshed:
    """Read the days whose files differ from the source, all in one snapshot.

    Args:
        chatwoot: The source.
        zone: The reporting time zone.
        days: The days, in order of date.
        store: Where the files are.
        report: Called with the progress of reading.
        ready: Called for each day, in order, as soon as its files are up to date.
        force: Also read days whose files are equal to the source.

    Raises:
        SourceError: The source cannot be read, or its views have another version or time zone.
        ExtractError: A file cannot be written.
    """
    store.remove_abandoned()
    schema, current_definition = chatwoot.views_schema, definition(zone.key)
    with snapshot(chatwoot) as source:
        check_views(source, schema, zone.key)
        unchanged = set() if force else unchanged_days(source, schema, current_definition, days, store)
        changed = [day for day in days if day not in unchanged]
        written: list[DayExtract] = []
        files: Counter[Day] = Counter()
        waiting = deque(days)

        def announce_ready_days() -> None:
            while waiting and (waiting[0] in unchanged or files[waiting[0]] == len(Dataset)):
                ready(waiting.popleft())

        announce_ready_days()
        for extract in extract_days(source, schema, current_definition, changed, store, report):
            written.append(extract)
            files[extract.day] += 1
            announce_ready_days()
    return Refreshed(written, [day for day in days if day in unchanged], source.taken_at)
