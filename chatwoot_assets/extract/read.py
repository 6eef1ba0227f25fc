"""Read days from one snapshot into the store.

Days are read in order, in blocks and batches: the conversations of a block by one search, the messages of each batch
through the index on their conversations. A block and a batch are as many days as have a bounded number of
conversations, and a batch has a bounded length of texts: memory does not grow with the range.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from chatwoot_assets.columns import TIMESTAMP
from chatwoot_assets.concurrency import map_ordered, prefetch
from chatwoot_assets.extract.chunked_day import ChunkedDay, DayExtract, Frames
from chatwoot_assets.extract.conversation_changes import add_conversation_fingerprints
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import fingerprint_of
from chatwoot_assets.extract.old_contents import drop_old_contents
from chatwoot_assets.extract.queries import day_sizes
from chatwoot_assets.extract.rows import find_conversations, read_datasets
from chatwoot_assets.extract.schemas import conform, conversation_key, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.text_sizes import has_long_texts, read_text_sizes, slice_by_weight, weigh
from chatwoot_assets.partitions import Day
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.source.snapshot import Snapshot

# The messages of a batch are read, held and written together: this bounds our memory.
CONVERSATIONS_PER_BATCH = 2_500
# The conversations of a block are searched together: no index has created_at, so each search reads all conversations.
CONVERSATIONS_PER_BLOCK = 20_000


def extract_days(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    store: ExtractStore,
    report: Report,
    *,
    sizes: Mapping[datetime.date, int] | None = None,
    contents_from: datetime.datetime | None = None,
) -> Iterator[DayExtract]:
    """Read the days from a snapshot and write their files, batch by batch.

    Args:
        source: The snapshot.
        schema: The views' schema.
        definition: What the days' fingerprints contain besides their rows; see `fingerprints.definition`.
        days: The days to read, in order; they need not be consecutive.
        store: Where the files go.
        report: Called after each batch.
        sizes: About how many conversations each day has, if that is known.
        contents_from: The instant (naive UTC) before which contents are dropped, see `old_contents.py`; None to keep
            all.

    Yields:
        What was written: for each day, one extract per dataset.

    Raises:
        SourceError: The source cannot be read.
        ExtractError: A file cannot be written.
    """
    rows = done = 0
    with ExitStack() as stack:
        chunked: ChunkedDay | None = None
        for part in prefetch(_read_parts(source, schema, days, sizes, contents_from)):
            if part.is_whole:
                written = _write(source, definition, part, store)
            else:
                chunked = chunked or stack.enter_context(ChunkedDay(store, part.days[0]))
                chunked.add(part.frames)
                report(Progress("reading", done, len(days), "days", rows + chunked.rows_so_far))
                if not part.is_last:
                    continue
                written, chunked = chunked.finish(definition, source.taken_at), None
            for extract in written:
                rows += extract.rows
                yield extract
            done += len(part.days)
            report(Progress("reading", done, len(days), "days", rows))


@dataclass(frozen=True)
class _Part:
    """The rows that are read at once: all rows of a batch of days, or some of one large day.

    Attributes:
        days: The days.
        frames: Each dataset's rows, and how many seconds it took to read them.
        is_whole: Whether the days have no other rows.
        is_last: Whether no other part of the days follows.
    """

    days: list[Day]
    frames: Frames
    is_whole: bool
    is_last: bool


def _read_parts(
    source: Snapshot,
    schema: str,
    days: list[Day],
    sizes: Mapping[datetime.date, int] | None,
    contents_from: datetime.datetime | None,
) -> Iterator[_Part]:
    """Yield the rows of each batch of days; a day that is too large to be held at once comes in parts."""
    if sizes is None:
        sizes = dict(source.read(day_sizes(schema, days)).iter_rows()) if len(days) > 1 else {}
    texts_are_long = has_long_texts(source)
    for block in _batches(days, sizes, CONVERSATIONS_PER_BLOCK, adjacent=False):
        started = time.perf_counter()
        block_rows = find_conversations(source, schema, block)
        search_seconds = time.perf_counter() - started
        for batch in _batches(block, sizes, CONVERSATIONS_PER_BATCH, adjacent=True):
            conversations = _rows_within(block_rows, batch)
            are_looked_at = texts_are_long and conversations.height > 1
            text_sizes = read_text_sizes(source, schema, conversations) if are_looked_at else None
            weights = weigh(conversations, text_sizes, CONVERSATIONS_PER_BATCH)
            for part_days, parts in _divide(batch, conversations, weights):
                for part in parts:
                    frames = read_datasets(source, schema, part, search_seconds * _share(part, block_rows))
                    frames = _drop_contents(add_conversation_fingerprints(frames), contents_from)
                    yield _Part(part_days, frames, len(parts) == 1, part is parts[-1])


def _divide(
    batch: list[Day], conversations: pl.DataFrame, weights: pl.Series
) -> Iterator[tuple[list[Day], list[pl.DataFrame]]]:
    """Yield the days of a batch with their conversations, in parts that can be held at once.

    Args:
        batch: The days; several days have at most CONVERSATIONS_PER_BATCH conversations.
        conversations: Their conversations.
        weights: The weight of each of them.
    """
    if len(batch) > 1 and weights.sum() <= CONVERSATIONS_PER_BATCH:
        yield batch, [conversations]
        return
    for day in batch:
        # By id, so that the parts of a large day are ranges of ids in its files.
        rows = _rows_within(conversations.with_columns(weight=weights), [day]).sort("id")
        parts = slice_by_weight(rows.drop("weight"), rows["weight"], CONVERSATIONS_PER_BATCH)
        yield [day], list(parts) or [conversations.clear()]


def _rows_within(rows: pl.DataFrame, days: list[Day]) -> pl.DataFrame:
    """Return the rows of adjacent days."""
    return rows.filter(pl.col("created_at").is_between(days[0].start, days[-1].end, "left"))


def read_conversations(
    source: Snapshot, schema: str, days: list[Day], ids: list[int], contents_from: datetime.datetime | None = None
) -> Frames:
    """Read the rows of some conversations of some days, with their hashes and the conversations' fingerprints.

    Args:
        source: The snapshot.
        schema: The views' schema.
        days: The days, in order; they need not be consecutive.
        ids: The conversations.
        contents_from: The instant before which contents are dropped; None to keep all.
    """
    started = time.perf_counter()
    conversations = find_conversations(source, schema, days, ids)
    frames = read_datasets(source, schema, conversations, time.perf_counter() - started)
    return _drop_contents(add_conversation_fingerprints(frames), contents_from)


def rows_of_day(frames: Frames, day: Day) -> Frames:
    """Return the rows that belong to one of the days that were read, with its share of the seconds."""
    of_day = {}
    for dataset, (rows, seconds) in frames.items():
        instant = pl.col(groups_of(dataset)[0].day_column)
        part = rows.filter(instant.is_between(day.start, day.end, "left"))
        of_day[dataset] = part, seconds * _share(part, rows)
    return of_day


def _drop_contents(frames: Frames, contents_from: datetime.datetime | None) -> Frames:
    """Drop the contents before an instant from rows whose hashes are known."""
    if contents_from is None:
        return frames
    kept = drop_old_contents({dataset: rows.lazy() for dataset, (rows, _) in frames.items()}, contents_from)
    return {dataset: (kept[dataset].collect(), seconds) for dataset, (_, seconds) in frames.items()}


def _write(source: Snapshot, definition: str, part: _Part, store: ExtractStore) -> Iterator[DayExtract]:
    """Write the rows of a batch of days, one file per dataset and day."""
    for dataset, (raw, seconds) in part.frames.items():
        yield from _write_dataset(source, definition, part.days, dataset, raw, seconds, store)


def _write_dataset(
    source: Snapshot,
    definition: str,
    days: list[Day],
    dataset: Dataset,
    raw: pl.DataFrame,
    read_seconds: float,
    store: ExtractStore,
) -> Iterator[DayExtract]:
    """Write a dataset's rows of a batch of days, one file per day."""
    starts = pl.Series([day.start for day in days] + [days[-1].end], dtype=TIMESTAMP)
    day_column = groups_of(dataset)[0].day_column
    ordered = raw.sort(day_column)
    conformed = conform(dataset, ordered)
    positions = ordered[day_column].search_sorted(starts)

    def write(day_and_rows: tuple[Day, tuple[int, int]]) -> DayExtract:
        started = time.perf_counter()
        day, (first, end) = day_and_rows
        day_rows, frame = (rows.slice(first, end - first) for rows in (ordered, conformed))
        fingerprint = fingerprint_of(definition, dataset, day_rows)
        size = store.write(dataset, day, frame.sort(conversation_key(dataset)), source.taken_at, fingerprint)
        share = _share(frame, raw) if raw.height else 1 / len(days)
        seconds = read_seconds * share + time.perf_counter() - started
        unreadable = count_unreadable(dataset, day_rows, frame)
        return DayExtract(dataset, day, source.taken_at, fingerprint, frame.height, size, seconds, unreadable)

    jobs = iter(zip(days, pairwise(positions), strict=True))
    yield from map_ordered(write, jobs, store.workers)


def _share(part: pl.DataFrame, whole: pl.DataFrame) -> float:
    return part.height / max(whole.height, 1)


def _batches(days: list[Day], sizes: Mapping[datetime.date, int], limit: int, *, adjacent: bool) -> Iterator[list[Day]]:
    """Yield runs of days that have at most `limit` conversations together, or single days.

    Args:
        days: The days, in order.
        sizes: About how many conversations each day has.
        limit: How many conversations the days of a run may have.
        adjacent: Whether the days of a run follow each other without a gap.
    """
    batch: list[Day] = []
    conversations = 0
    for day in days:
        size = sizes.get(day.date, 0)
        if batch and (conversations + size > limit or (adjacent and batch[-1].end != day.start)):
            yield batch
            batch, conversations = [], 0
        batch.append(day)
        conversations += size
    if batch:
        yield batch
