"""Reading days: conversations, messages and ratings of one snapshot, into the store.

Days are read in groups, in order, each group's messages over the index on their conversations. A group
is as many days as hold a bounded number of conversations, so that memory does not grow with the range.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from chatwoot_assets.ahead import one_ahead
from chatwoot_assets.extract.fingerprints import fingerprint_of
from chatwoot_assets.extract.frames import CONVERSATIONS, DAY_COLUMN, METRICS, SCHEMAS, conform, count_unreadable
from chatwoot_assets.extract.queries import day_sizes, hash_column, hashed_conversations, hashed_rows_of
from chatwoot_assets.extract.snapshot import Snapshot
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.progress import Progress, Report

CONVERSATIONS_PER_GROUP = 5_000


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
    for group in _groups(source, schema, days):
        frames: dict[str, tuple[pl.DataFrame, float]] = {}
        conversations: list[int] = []
        for kind in SCHEMAS:
            started = time.perf_counter()
            raw = _read(source, schema, kind, group, conversations)
            frames[kind] = raw, time.perf_counter() - started
            if kind == CONVERSATIONS:
                conversations = raw["id"].to_list()
        yield group, frames


def _read(source: Snapshot, schema: str, kind: str, group: list[Day], conversations: list[int]) -> pl.DataFrame:
    if kind == CONVERSATIONS:
        rows = source.read(hashed_conversations(schema, group))
        metrics = source.read(hashed_rows_of(METRICS, schema, group, rows["id"].to_list()))
        return rows.join(metrics, left_on="id", right_on="conversation_id", validate="1:1", maintain_order="left")
    if not conversations:
        return pl.DataFrame(schema={**SCHEMAS[kind], hash_column(kind): pl.Int64})
    return source.read(hashed_rows_of(kind, schema, group, conversations))


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
    for day in group:
        started = time.perf_counter()
        at = pl.col(DAY_COLUMN[kind])
        of_day = raw.filter((at >= day.start) & (at < day.end))
        frame = conform(kind, of_day)
        size = store.write(kind, day.key, frame, source.taken_at, fingerprint_of(definition, kind, of_day))
        share = reading * (frame.height / raw.height if raw.height else 1 / len(group))
        seconds = share + time.perf_counter() - started
        yield DayExtract(kind, day, frame.height, size, seconds, count_unreadable(kind, of_day, frame))


def _groups(source: Snapshot, schema: str, days: list[Day]) -> Iterator[list[Day]]:
    """Yield runs of adjacent days of at most CONVERSATIONS_PER_GROUP conversations, or of one day."""
    if len(days) <= 1:
        yield from [days] if days else []
        return
    sizes = dict(source.read(day_sizes(schema, days)).iter_rows())
    group: list[Day] = []
    conversations = 0
    for day in days:
        size = sizes.get(day.date, 0)
        if group and (conversations + size > CONVERSATIONS_PER_GROUP or group[-1].end != day.start):
            yield group
            group, conversations = [], 0
        group.append(day)
        conversations += size
    if group:
        yield group
