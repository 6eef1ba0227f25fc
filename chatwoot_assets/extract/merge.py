"""Bring a day's files up to date by reading only the conversations that changed.

The files whose rows differ are written again as a whole: nothing of a deleted row remains, and the rows are those that
reading the whole day would give, of one snapshot. The conversations' file always differs: it has their fingerprints.
"""

from __future__ import annotations

import datetime
import time

import polars as pl

from chatwoot_assets.concurrency import map_ordered
from chatwoot_assets.errors import UnusableExtractError
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.columns import CONVERSATION_FINGERPRINTS
from chatwoot_assets.extract.conversation_changes import ConversationTotals
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ConversationChange, ExtractedDay
from chatwoot_assets.extract.manifest import FileRecord
from chatwoot_assets.extract.parquet_file import count
from chatwoot_assets.extract.read import CONVERSATIONS_PER_BATCH, read_conversations
from chatwoot_assets.extract.schemas import conform, conversation_key, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.text_sizes import are_too_long
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot


def merge_day(
    source: Snapshot,
    schema: str,
    definition: str,
    day: Day,
    totals: ConversationTotals,
    store: ExtractStore,
    contents_from: datetime.datetime | None = None,
) -> tuple[ExtractedDay, dict[Dataset, DayExtract]] | None:
    """Read the conversations of a day that changed, and merge them into its files.

    Args:
        source: The snapshot.
        schema: The views' schema.
        definition: See `fingerprints.definition`.
        day: The day.
        totals: The sums of the hashes of the day's conversations in this snapshot.
        store: Where the files are; they have the same definition.
        contents_from: The instant before which contents are dropped from what is read; None to keep all.

    Returns:
        The day, and what was written, by dataset; None if the whole day must be read instead.

    Raises:
        SourceError: The source cannot be read.
        ExtractError: A file cannot be written.
    """
    try:
        files = store.open_day(day)
    except UnusableExtractError:
        # It is written again.
        return None
    stamps = {dataset: file.stamp for dataset, file in files.items()}
    stored = files[Dataset.CONVERSATIONS].rows.select("id", *_FINGERPRINT_COLUMNS).collect()
    ids = totals.find_changed(stored)
    if not ids or len(ids) > min(CONVERSATIONS_PER_BATCH, stored.height / 2):
        return None
    if are_too_long(source, schema, ids):
        return None
    frames = read_conversations(source, schema, day, ids, contents_from)
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
            source.taken_at,
            fingerprints[dataset],
            of_other_files if dataset is Dataset.CONVERSATIONS else None,
        )
        return DayExtract(
            dataset,
            day,
            source.taken_at,
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
        {dataset: FileRecord(source.taken_at, fingerprints[dataset], row_counts[dataset]) for dataset in Dataset},
    )
    change = ConversationChange(
        ids,
        {dataset: stamp.fingerprint for dataset, stamp in stamps.items()},
        stamps[Dataset.CONVERSATIONS].snapshot_at,
        rows_before,
        rows,
    )
    return ExtractedDay(day, source.taken_at, fingerprints, was_written=True, change=change), extracts


_FINGERPRINT_COLUMNS = [column.name for column in CONVERSATION_FINGERPRINTS.values()]
