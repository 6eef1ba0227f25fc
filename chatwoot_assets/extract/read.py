"""Reading days: conversations, messages and ratings of one snapshot, into the store.

Days are read in blocks and groups, in order: a block's conversations by one search, each group's messages over
the index on their conversations. Both are as many days as hold a bounded number of conversations, so that
memory does not grow with the range.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from chatwoot_assets.concurrency import prefetch
from chatwoot_assets.extract.chunked_day import ChunkedDay, DayExtract, Frames
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import fingerprint_of
from chatwoot_assets.extract.normalize import add_conversation_date, normalize, with_labels
from chatwoot_assets.extract.queries import day_sizes, hash_column, hashed_conversations, hashed_rows_of
from chatwoot_assets.extract.schemas import SCHEMAS, TIMESTAMP, conform, count_unreadable
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.source.snapshot import Snapshot

# Whose messages are read, held and written together: a bound on our memory.
CONVERSATIONS_PER_BATCH = 2_500
# That are looked for together: there is no index on created_at, so that each search reads all that there are.
CONVERSATIONS_PER_BLOCK = 20_000


def extract_days(
    source: Snapshot, schema: str, definition: str, days: list[Day], store: ExtractStore, report: Report
) -> Iterator[DayExtract]:
    """Read the days from a snapshot and write their files, group by group.

    Args:
        source: the snapshot.
        schema: the views' schema.
        definition: what goes into the days' fingerprints besides their rows.
        days: the days to read; consecutive or not.
        store: where the files go.
        report: told of every group.

    Yields:
        What was written, for each day one per dataset.
    """
    rows = done = 0
    with ExitStack() as stack:
        large: ChunkedDay | None = None
        for part in prefetch(_read_groups(source, schema, days)):
            if part.is_whole:
                written = _write(source, definition, part, store)
            else:
                large = large or stack.enter_context(ChunkedDay(store, part.group[0]))
                large.add(part.frames)
                report(Progress("reading", done, len(days), "days", rows + large.rows_so_far))
                if not part.is_last:
                    continue
                written, large = large.finish(definition, source.taken_at), None
            for extract in written:
                rows += extract.rows
                yield extract
            done += len(part.group)
            report(Progress("reading", done, len(days), "days", rows))


@dataclass(frozen=True)
class _Part:
    """What was read at once: a group of days, or a part of a large one.

    Attributes:
        group: the days.
        frames: the rows of each dataset, and how many seconds it took to read them.
        is_whole: whether it is all that the days have.
        is_last: whether nothing more of them follows.
    """

    group: list[Day]
    frames: Frames
    is_whole: bool
    is_last: bool


def _read_groups(source: Snapshot, schema: str, days: list[Day]) -> Iterator[_Part]:
    """Yield each group of days, and a day that is too large to be held in parts of its conversations."""
    sizes = dict(source.read(day_sizes(schema, days)).iter_rows()) if len(days) > 1 else {}
    for block in _groups(days, sizes, CONVERSATIONS_PER_BLOCK):
        started = time.perf_counter()
        found = source.read(hashed_conversations(schema, block))
        searching = time.perf_counter() - started
        for group in _groups(block, sizes, CONVERSATIONS_PER_BATCH):
            of_group = found.filter(pl.col("created_at").is_between(group[0].start, group[-1].end, "left"))
            # By id, so that the parts of a large day are ranges of ids in its files.
            parts = list(of_group.sort("id").iter_slices(CONVERSATIONS_PER_BATCH)) or [of_group]
            if len(group) > 1:
                parts = [of_group]
            for part in parts:
                frames = _read_group(source, schema, group, part, searching * _share(part, found))
                yield _Part(group, frames, len(parts) == 1, part is parts[-1])


def _read_group(
    source: Snapshot, schema: str, group: list[Day], conversations: pl.DataFrame, searching: float
) -> Frames:
    """Return the rows of each dataset of some of the group's conversations, which took `searching` seconds to find."""
    if conversations.is_empty():
        return {dataset: (_no_rows(dataset), searching) for dataset in Dataset}

    def timed(fingerprint_group: FingerprintGroup) -> tuple[pl.DataFrame, float]:
        started = time.perf_counter()
        rows = source.read(hashed_rows_of(fingerprint_group, schema, group, conversations["id"].to_list()))
        return rows, time.perf_counter() - started

    labels, seconds = timed(FingerprintGroup.LABELS)
    frames = {Dataset.CONVERSATIONS: (with_labels(conversations, labels), searching + seconds)}
    for fingerprint_group in (FingerprintGroup.MESSAGES, FingerprintGroup.CSAT, FingerprintGroup.EVENTS):
        rows, seconds = timed(fingerprint_group)
        dataset = fingerprint_group.dataset
        frames[dataset] = normalize(dataset, add_conversation_date(rows, conversations)), seconds
    return frames


def _no_rows(dataset: Dataset) -> pl.DataFrame:
    hashes = {hash_column(group): pl.Int64 for group in groups_of(dataset)}
    return pl.DataFrame(schema={**SCHEMAS[dataset], **hashes})


def _write(source: Snapshot, definition: str, part: _Part, store: ExtractStore) -> Iterator[DayExtract]:
    """Write the group's rows, dataset by dataset and day by day."""
    group = part.group
    starts = pl.Series([day.start for day in group] + [group[-1].end], dtype=TIMESTAMP)
    for dataset, (raw, read_seconds) in part.frames.items():
        at = groups_of(dataset)[0].day_column
        ordered = raw.sort(at)
        conformed = conform(dataset, ordered)
        for day, (first, end) in zip(group, pairwise(ordered[at].search_sorted(starts)), strict=True):
            started = time.perf_counter()
            of_day, frame = (rows.slice(first, end - first) for rows in (ordered, conformed))
            size = store.write(dataset, day, frame, source.taken_at, fingerprint_of(definition, dataset, of_day))
            share = _share(frame, raw) if raw.height else 1 / len(group)
            seconds = read_seconds * share + time.perf_counter() - started
            yield DayExtract(dataset, day, frame.height, size, seconds, count_unreadable(dataset, of_day, frame))


def _share(part: pl.DataFrame, whole: pl.DataFrame) -> float:
    return part.height / max(whole.height, 1)


def _groups(days: list[Day], sizes: dict[datetime.date, int], most: int) -> Iterator[list[Day]]:
    """Yield runs of adjacent days of at most `most` conversations, or of one day."""
    group: list[Day] = []
    conversations = 0
    for day in days:
        size = sizes.get(day.date, 0)
        if group and (conversations + size > most or group[-1].end != day.start):
            yield group
            group, conversations = [], 0
        group.append(day)
        conversations += size
    if group:
        yield group
