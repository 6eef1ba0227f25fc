"""Bring the files of days up to date with the source: block by block, each block in a snapshot of its own."""

from __future__ import annotations

import datetime
import time
import zoneinfo
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.conversation_changes import read_totals
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.manifest import FileRecord
from chatwoot_assets.extract.merge import merge_days
from chatwoot_assets.extract.old_contents import first_kept_instant
from chatwoot_assets.extract.queries import day_sizes
from chatwoot_assets.extract.read import CONVERSATIONS_PER_BATCH, CONVERSATIONS_PER_BLOCK, extract_days
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import Snapshot

# How long comparing, reading and writing one block of days should take. Its snapshot stays open for as long, and a
# migration of Chatwoot that waits for the snapshot makes all of Chatwoot wait.
SECONDS_PER_SNAPSHOT = 3.0

# How many bytes of changed rows, about those of 5,000 conversations, are passed on to loading, and held until then. The
# days after that are loaded from their files.
BYTES_HANDED_ON = 64_000_000

Sizes = Mapping[datetime.date, int]


class RefreshedExtracts(NamedTuple):
    """A day whose files are up to date.

    Attributes:
        extracted: What the files contain.
        written: What was written, by dataset; empty if the files were equal to the source.
    """

    extracted: ExtractedDay
    written: Mapping[Dataset, DayExtract]


def refresh_extracts(
    source: Snapshot,
    chatwoot: ChatwootDatabase,
    zone: zoneinfo.ZoneInfo,
    days: list[Day],
    store: ExtractStore,
    report: Report,
    *,
    force: bool = False,
    keep_contents_days: int = 0,
) -> Generator[RefreshedExtracts, None, None]:
    """Read the days whose files differ from the source, and yield each day as soon as its files are up to date.

    The snapshot stays open while the consumer works: consume the days in another thread.

    Args:
        source: A snapshot of Chatwoot; it is renewed for each block of days.
        chatwoot: The database of the snapshot: its schema of views and what they mask.
        zone: The reporting time zone.
        days: The days, in order of date; they need not be consecutive.
        store: Where the files are.
        report: Called with the progress of reading.
        force: Also read days whose files are equal to the source.
        keep_contents_days: How many days contents are kept, see `old_contents.py`; 0 for ever.

    Yields:
        The days, in order.

    Raises:
        SourceError: The source cannot be read, or its views have another version or time zone.
        ExtractError: A file cannot be written.
    """
    store.remove_abandoned()
    schema = chatwoot.views_schema
    done = rows = 0
    handed_on = 0.0

    def report_block(progress: Progress) -> None:
        report(replace(progress, done=done + progress.done, total=len(days), rows=rows + progress.rows))

    defined = definition(zone.key, chatwoot.mask)
    sizes = dict(source.read(day_sizes(schema, days)).iter_rows()) if len(days) > 1 else {}
    limit = CONVERSATIONS_PER_BLOCK // 4
    while block := _next_block(days[done:], sizes, limit):
        if done:
            source.renew()
        started = time.monotonic()
        check_views(source, chatwoot.view_options(zone.key))
        contents_from = first_kept_instant(keep_contents_days, source.taken_at, zone)
        for refreshed in _refresh_block(
            source, schema, defined, block, sizes, store, report_block, contents_from, force=force
        ):
            rows += sum(extract.rows for extract in refreshed.written.values())
            change = refreshed.extracted.change
            handed_on += change.size if change else 0
            if handed_on > BYTES_HANDED_ON:
                refreshed = refreshed._replace(extracted=replace(refreshed.extracted, change=None))
            yield refreshed
        done += len(block)
        limit = _next_limit(limit, time.monotonic() - started)


def _next_block(days: list[Day], sizes: Sizes, limit: int) -> list[Day]:
    """Return the first days that have at most `limit` conversations together, but at least one day."""
    conversations = 0
    for position, day in enumerate(days):
        conversations += sizes.get(day.date, 0)
        if position and conversations > limit:
            return days[:position]
    return days


def _next_limit(limit: int, seconds: float) -> int:
    """Return how many conversations the next block may have, after one of at most `limit` took some seconds.

    There are never fewer than in a batch: each block has the fixed cost of a search that reads all conversations.
    """
    fitting = int(limit * min(2, SECONDS_PER_SNAPSHOT / max(seconds, 0.001)))
    return max(CONVERSATIONS_PER_BATCH, min(CONVERSATIONS_PER_BLOCK, fitting))


def _refresh_block(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    sizes: Sizes,
    store: ExtractStore,
    report: Report,
    contents_from: datetime.datetime | None,
    *,
    force: bool,
) -> Iterator[RefreshedExtracts]:
    """Bring the files of some days up to date with a snapshot, and yield the days in order."""
    refreshed = {} if force else dict(_refresh_by_conversation(source, schema, definition, days, store, contents_from))
    written: dict[Day, dict[Dataset, DayExtract]] = {day: {} for day in days if day not in refreshed}
    waiting = deque(days)

    def take_ready_days() -> Iterator[RefreshedExtracts]:
        while waiting and waiting[0] in refreshed:
            yield refreshed.pop(waiting.popleft())

    yield from take_ready_days()
    store.forget(written)
    for extract in extract_days(
        source, schema, definition, list(written), store, report, sizes=sizes, contents_from=contents_from
    ):
        extracts = written[extract.day]
        extracts[extract.dataset] = extract
        if len(extracts) == len(Dataset):
            records = {
                dataset: FileRecord(file.snapshot_at, file.fingerprint, file.rows) for dataset, file in extracts.items()
            }
            store.record(extract.day, records)
            refreshed[extract.day] = RefreshedExtracts(_extracted_day(extract.day, extracts), extracts)
            yield from take_ready_days()


def _extracted_day(day: Day, extracts: Mapping[Dataset, DayExtract]) -> ExtractedDay:
    fingerprints = {dataset: extract.fingerprint for dataset, extract in extracts.items()}
    return ExtractedDay(day, extracts[Dataset.CONVERSATIONS].snapshot_at, fingerprints, was_written=True)


def _refresh_by_conversation(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    store: ExtractStore,
    contents_from: datetime.datetime | None,
) -> Iterator[tuple[Day, RefreshedExtracts]]:
    """Yield the days whose files are equal to the source, or of which only some conversations had to be read.

    A killed backfill therefore resumes, and a repeated one reads nothing.
    """
    stored = {
        day: stamps
        for day, stamps in store.complete_days(days).items()
        if all(stamp.fingerprint.startswith(definition) for stamp in stamps.values())
    }
    if not stored:
        return
    totals = read_totals(source, schema, list(stored))
    differing = {}
    for day, stamps in stored.items():
        day_totals = totals.of_day(day)
        fingerprints = {dataset: stamp.fingerprint for dataset, stamp in stamps.items()}
        if fingerprints == day_totals.fingerprints(definition):
            snapshot_at = stamps[Dataset.CONVERSATIONS].snapshot_at
            extracted = ExtractedDay(day, snapshot_at, fingerprints, was_written=False, equal_at=source.taken_at)
            yield day, RefreshedExtracts(extracted, {})
        else:
            differing[day] = day_totals
    for merged in merge_days(source, schema, definition, differing, store, contents_from):
        yield merged.extracted.day, RefreshedExtracts(*merged)
