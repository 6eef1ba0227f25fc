"""Bring days' files up to date by reading only the conversations that changed.

The files whose rows differ are written again as a whole: nothing of a deleted row remains, and the rows are the same as
if the whole day had been read in this snapshot. The file of conversations always differs: it has their fingerprints.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from chatwoot_assets.concurrency import map_ordered
from chatwoot_assets.errors import UnusableExtractError
from chatwoot_assets.extract.chunked_day import DayExtract, Frames
from chatwoot_assets.extract.columns import CONVERSATION_FINGERPRINTS
from chatwoot_assets.extract.conversation_changes import ConversationTotals
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ConversationChange, ExtractedDay
from chatwoot_assets.extract.manifest import FileRecord
from chatwoot_assets.extract.parquet_file import OpenFile, count
from chatwoot_assets.extract.read import CONVERSATIONS_PER_BATCH, read_conversations, rows_of_day
from chatwoot_assets.extract.schemas import conform, conversation_key, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.text_sizes import are_too_long
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

# How many bytes of files are held in memory at once; a single day may have more.
_BYTES_PER_BATCH = 16_000_000
_FINGERPRINT_COLUMNS = [column.name for column in CONVERSATION_FINGERPRINTS.values()]


class MergedDay(NamedTuple):
    """A day whose files were brought up to date by merging.

    Attributes:
        extracted: The day.
        written: What was written, by dataset.
    """

    extracted: ExtractedDay
    written: dict[Dataset, DayExtract]


def merge_days(
    source: Snapshot,
    schema: str,
    definition: str,
    totals: Mapping[Day, ConversationTotals],
    store: ExtractStore,
    contents_from: datetime.datetime | None = None,
) -> Iterator[MergedDay]:
    """Read the conversations of some days that changed, and merge them into the days' files.

    The conversations of several days are read together: reading has fixed costs, and conversations that never end
    change many days at once.

    Args:
        source: The snapshot.
        schema: The views' schema.
        definition: See `fingerprints.definition`.
        totals: The days, and the sums of the hashes of each day's conversations in this snapshot.
        store: Where the files are; they have the same definition.
        contents_from: The instant before which contents are dropped from what is read; None to keep all.

    Yields:
        The days that were merged, in order. The others must be read whole instead.

    Raises:
        SourceError: The source cannot be read.
        ExtractError: A file cannot be written.
    """
    for batch in _batches(store, totals):
        for changed, frames in _read(source, schema, batch, contents_from):
            if merged := _merge_day(source.taken_at, definition, changed, frames, store):
                yield merged


@dataclass(frozen=True)
class _ChangedDay:
    """A day of which some conversations changed.

    Attributes:
        day: The day.
        totals: The sums of the hashes of its conversations, as they are now.
        files: Its files, as they were.
        fingerprints: The conversations' ids and fingerprints in these files.
        ids: The conversations that changed.
    """

    day: Day
    totals: ConversationTotals
    files: Mapping[Dataset, OpenFile]
    fingerprints: pl.DataFrame
    ids: list[int]

    @property
    def size(self) -> int:
        """The bytes of its files, which are held."""
        return sum(file.size for file in self.files.values())


def _batches(store: ExtractStore, totals: Mapping[Day, ConversationTotals]) -> Iterator[list[_ChangedDay]]:
    """Yield the days that can be merged, in batches whose files and changed conversations fit into memory."""
    batch: list[_ChangedDay] = []
    conversations = size = 0
    for day, day_totals in totals.items():
        if changed := _find_changed(store, day, day_totals):
            conversations += len(changed.ids)
            size += changed.size
            if batch and (conversations > CONVERSATIONS_PER_BATCH or size > _BYTES_PER_BATCH):
                yield batch
                batch, conversations, size = [], len(changed.ids), changed.size
            batch.append(changed)
    if batch:
        yield batch


def _find_changed(store: ExtractStore, day: Day, totals: ConversationTotals) -> _ChangedDay | None:
    """Return the conversations of a day that changed; None if the whole day must be read."""
    try:
        # The other files are opened only if they are needed: each may cost a request.
        conversations = store.open(Dataset.CONVERSATIONS, day)
        stored = conversations.rows.select("id", *_FINGERPRINT_COLUMNS).collect()
        ids = totals.find_changed(stored)
        if not ids or len(ids) > min(CONVERSATIONS_PER_BATCH, stored.height / 2):
            return None
        files = store.open_day(day, {Dataset.CONVERSATIONS: conversations})
    except UnusableExtractError:
        return None
    return _ChangedDay(day, totals, files, stored, ids)


def _read(
    source: Snapshot, schema: str, days: list[_ChangedDay], contents_from: datetime.datetime | None
) -> Iterator[tuple[_ChangedDay, Frames]]:
    """Yield the rows of the conversations that changed, by day; leave out a day whose texts are too long."""
    ids = [id_ for changed in days for id_ in changed.ids]
    if are_too_long(source, schema, ids):
        for changed in days if len(days) > 1 else []:
            yield from _read(source, schema, [changed], contents_from)
        return
    frames = read_conversations(source, schema, [changed.day for changed in days], ids, contents_from)
    for changed in days:
        yield changed, rows_of_day(frames, changed.day)


def _merge_day(
    snapshot_at: datetime.datetime, definition: str, changed: _ChangedDay, frames: Frames, store: ExtractStore
) -> MergedDay | None:
    """Merge the rows that were read into a day's files; return None if they do not add up to its fingerprint."""
    day, totals, files, stored, ids = changed.day, changed.totals, changed.files, changed.fingerprints, changed.ids
    stamps = {dataset: file.stamp for dataset, file in files.items()}
    read_now, _ = frames[Dataset.CONVERSATIONS]
    merged = pl.concat(
        [stored.filter(~pl.col("id").is_in(ids)), conform(Dataset.CONVERSATIONS, read_now).select(stored.columns)]
    )
    if not merged.sort("id").equals(totals.conversation_fingerprints().sort("id")):
        return None
    fingerprints = totals.fingerprints(definition)
    kept = {
        dataset: stamp.fingerprint
        for dataset, stamp in stamps.items()
        if dataset is not Dataset.CONVERSATIONS and stamp.fingerprint == fingerprints[dataset]
    }
    rows_before, rows, row_counts = {}, {}, {}
    for dataset, file in files.items():
        key = conversation_key(dataset)
        rows[dataset] = conform(dataset, frames[dataset][0]).sort(key)
        rows_before[dataset] = file.rows.filter(pl.col(key).is_in(ids)).collect()
        old_count = count(file.rows)
        row_counts[dataset] = old_count - rows_before[dataset].height + rows[dataset].height

    def write(dataset: Dataset) -> DayExtract:
        started = time.perf_counter()
        key = conversation_key(dataset)
        raw, seconds = frames[dataset]
        merged_rows = files[dataset].rows.filter(~pl.col(key).is_in(ids)).merge_sorted(rows[dataset].lazy(), key)
        of_other_files = {other.value: fingerprint for other, fingerprint in kept.items()}
        size = store.write(
            dataset,
            day,
            merged_rows,
            snapshot_at,
            fingerprints[dataset],
            of_other_files if dataset is Dataset.CONVERSATIONS else None,
        )
        return DayExtract(
            dataset,
            day,
            snapshot_at,
            fingerprints[dataset],
            row_counts[dataset],
            size,
            seconds + time.perf_counter() - started,
            count_unreadable(dataset, raw, rows[dataset]),
        )

    store.forget([day])
    differing = (dataset for dataset in Dataset if dataset not in kept)
    extracts = {file.dataset: file for file in map_ordered(write, differing, store.workers)}
    store.record(
        day,
        {dataset: FileRecord(snapshot_at, fingerprints[dataset], row_counts[dataset]) for dataset in Dataset},
    )
    change = ConversationChange(
        ids,
        {dataset: stamp.fingerprint for dataset, stamp in stamps.items()},
        stamps[Dataset.CONVERSATIONS].snapshot_at,
        rows_before,
        rows,
    )
    return MergedDay(ExtractedDay(day, snapshot_at, fingerprints, was_written=True, change=change), extracts)
