"""Reading days: conversations, messages and ratings of one snapshot, into the store.

Days are read in blocks and groups, in order: a block's conversations by one search, each group's messages over
the index on their conversations. Both are as many days as hold a bounded number of conversations, so that
memory does not grow with the range.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from chatwoot_assets.ahead import one_ahead
from chatwoot_assets.extract.fingerprints import fingerprint_of
from chatwoot_assets.extract.frames import (
    CONVERSATIONS,
    CSAT,
    DAY_COLUMN,
    MESSAGES,
    METRICS,
    READINGS,
    SCHEMAS,
    TIMESTAMP,
    conform,
    count_unreadable,
)
from chatwoot_assets.extract.queries import day_sizes, hash_column, hashed_conversations, hashed_rows_of
from chatwoot_assets.extract.snapshot import Snapshot
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.progress import Progress, Report

# Whose messages are read, held and written together: a bound on our memory.
CONVERSATIONS_PER_GROUP = 5_000
# That are looked for together: there is no index on created_at, so that each search reads all that there are.
CONVERSATIONS_PER_BLOCK = 50_000


@dataclass(frozen=True)
class DayExtract:
    """What was written of one day and kind.

    Attributes:
        rows: how many rows.
        size: bytes of the file.
        seconds: reading and writing; of a group's reading, the share that its rows are.
        unreadable: values that could not be read and are NULL.
    """

    kind: str
    day: Day
    rows: int
    size: int
    seconds: float
    unreadable: int


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
        What was written, for each day one of each kind.
    """
    rows = done = 0
    for group, frames in one_ahead(_read_groups(source, schema, days)):
        for kind, (raw, reading) in frames.items():
            for extract in _write(source, definition, kind, group, raw, reading, store):
                rows += extract.rows
                yield extract
        done += len(group)
        report(Progress("reading", done, len(days), "days", rows))


def _read_groups(
    source: Snapshot, schema: str, days: list[Day]
) -> Iterator[tuple[list[Day], dict[str, tuple[pl.DataFrame, float]]]]:
    """Yield each group of days with the rows of each kind, and how many seconds it took to read them."""
    sizes = dict(source.read(day_sizes(schema, days)).iter_rows()) if len(days) > 1 else {}
    for block in _groups(days, sizes, CONVERSATIONS_PER_BLOCK):
        started = time.perf_counter()
        found = source.read(hashed_conversations(schema, block))
        searching = time.perf_counter() - started
        for group in _groups(block, sizes, CONVERSATIONS_PER_GROUP):
            of_group = found.filter(pl.col("created_at").is_between(group[0].start, group[-1].end, "left"))
            share = searching * _share(of_group, found)
            yield group, _read_group(source, schema, group, of_group, share)


def _read_group(
    source: Snapshot, schema: str, group: list[Day], conversations: pl.DataFrame, searching: float
) -> dict[str, tuple[pl.DataFrame, float]]:
    """Return the rows of each kind of the group's conversations, which took `searching` seconds to find."""
    if conversations.is_empty():
        return {kind: (_no_rows(kind), searching) for kind in SCHEMAS}

    def timed(reading: str) -> tuple[pl.DataFrame, float]:
        started = time.perf_counter()
        rows = source.read(hashed_rows_of(reading, schema, group, conversations["id"].to_list()))
        return rows, time.perf_counter() - started

    metrics, seconds = timed(METRICS)
    joined = conversations.join(metrics, left_on="id", right_on="conversation_id", validate="1:1")
    return {CONVERSATIONS: (joined, searching + seconds), MESSAGES: timed(MESSAGES), CSAT: timed(CSAT)}


def _no_rows(kind: str) -> pl.DataFrame:
    hashes = {hash_column(reading): pl.Int64 for reading in READINGS[kind]}
    return pl.DataFrame(schema={**SCHEMAS[kind], **hashes})


def _write(
    source: Snapshot,
    definition: str,
    kind: str,
    group: list[Day],
    raw: pl.DataFrame,
    reading: float,
    store: ExtractStore,
) -> Iterator[DayExtract]:
    """Write the group's rows, day by day; `reading` is how many seconds it took to read them."""
    ordered = raw.sort(DAY_COLUMN[kind])
    conformed = conform(kind, ordered)
    starts = pl.Series([day.start for day in group] + [group[-1].end], dtype=TIMESTAMP)
    for day, (first, end) in zip(group, pairwise(ordered[DAY_COLUMN[kind]].search_sorted(starts)), strict=True):
        started = time.perf_counter()
        of_day, frame = (rows.slice(first, end - first) for rows in (ordered, conformed))
        size = store.write(kind, day.key, frame, source.taken_at, fingerprint_of(definition, kind, of_day))
        seconds = reading * (_share(frame, raw) if raw.height else 1 / len(group)) + time.perf_counter() - started
        yield DayExtract(kind, day, frame.height, size, seconds, count_unreadable(kind, of_day, frame))


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
