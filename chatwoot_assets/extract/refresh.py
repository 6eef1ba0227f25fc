"""Making the files of days equal to the source, in one snapshot: which of them are read, and when each is ready."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.unchanged import unchanged_days
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import Report
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot


@dataclass(frozen=True)
class Refreshed:
    """What became of days.

    Attributes:
        written: of each day that was read what was written, one per dataset.
        unchanged: the days whose files were equal to the source already.
        snapshot_at: the instant at which the source was read.
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
    """Read those of the days whose files differ from the source, all in one snapshot.

    Args:
        chatwoot: the source.
        zone: the reporting time zone.
        days: the days, in order of date.
        store: where the files are.
        report: told how far reading is.
        ready: told of each day, in their order, as soon as its files are as they should be.
        force: read also days whose files are equal to the source.

    Raises:
        SourceError: the source cannot be read, or its views are not of this version and time zone.
        ExtractError: a file cannot be written.
    """
    store.remove_abandoned()
    schema, defined = chatwoot.views_schema, definition(zone.key)
    with snapshot(chatwoot) as source:
        check_views(source, schema, zone.key)
        equal = set() if force else unchanged_days(source, schema, defined, days, store)
        changed = [day for day in days if day not in equal]
        written: list[DayExtract] = []
        files: Counter[Day] = Counter()
        coming = deque(days)

        def tell_of_ready_days() -> None:
            while coming and (coming[0] in equal or files[coming[0]] == len(Dataset)):
                ready(coming.popleft())

        tell_of_ready_days()
        for extract in extract_days(source, schema, defined, changed, store, report):
            written.append(extract)
            files[extract.day] += 1
            tell_of_ready_days()
    return Refreshed(written, [day for day in days if day in equal], source.taken_at)
