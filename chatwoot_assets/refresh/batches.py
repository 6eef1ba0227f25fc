"""Make the rows of all tables from the files of days, in batches that are replaced in one transaction each.

Each file is read once. How rows are made is in `conversations/transform.py` and `metrics/compute.py`; replacing the
rows in the warehouse is in `replace.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from chatwoot_assets.conversations.transform import transform_conversations, with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ExtractedDay
from chatwoot_assets.extract.parquet_file import OpenFile
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.text_sizes import slice_by_weight, weigh
from chatwoot_assets.metrics.activity import NAMES
from chatwoot_assets.metrics.compute import (
    MetricRules,
    Tables,
    compute_by_conversation,
    compute_sums,
    find_days_with_future_times,
)
from chatwoot_assets.metrics.conversation_batch import ConversationBatch

# A batch has up to this many conversations; a day with more is made in parts of this size. Some hundreds of expressions
# have a fixed cost per batch each: with 5,000, a year takes 2 s less of its 41 s of processor time, and 40 MB more
# memory.
CONVERSATIONS_PER_BATCH = 2_500
# A day's file of messages that is no larger than this has few long texts. Decoded, it is a few times larger.
_BYTES_OF_SMALL_FILE = 4_000_000


@dataclass(frozen=True)
class Rows:
    """Rows for the warehouse.

    Attributes:
        tables: The rows of each table, except daily_summary, which is computed in the warehouse.
        days_with_future_times: See `find_days_with_future_times`.
    """

    tables: Tables
    days_with_future_times: set[datetime.date]


@dataclass(frozen=True)
class DayBatch:
    """Days whose rows are replaced in one transaction.

    Attributes:
        days: The days, as the files had them that were read.
        parts: Their rows. A large day has several parts, each made when it is iterated over.
    """

    days: list[ExtractedDay]
    parts: Iterable[Rows]


def read_batches(days: Iterable[ExtractedDay], store: ExtractStore, rules: MetricRules) -> Iterator[DayBatch]:
    """Yield the rows of days, in batches that are replaced in one transaction each.

    Args:
        days: The days, in order of date.
        store: Where their files are.
        rules: How the metrics are computed.

    Raises:
        ExtractError: A file is missing or unreadable, or a day's files come from different snapshots.
    """
    batch: list[_OpenDay] = []
    weight = 0.0
    for extracted in days:
        opened = _open_day(extracted, store)
        # `compute_by_conversation` takes a single date on which all rows were read: nothing in them can be later.
        is_from_other_date = batch and rules.date(batch[-1].read.snapshot_at) != rules.date(opened.read.snapshot_at)
        if batch and (weight + opened.weight > CONVERSATIONS_PER_BATCH or is_from_other_date):
            yield _make_batch(batch, rules)
            batch, weight = [], 0.0
        batch.append(opened)
        weight += opened.weight
    if batch:
        yield _make_batch(batch, rules)


def make_batch(
    conversations: pl.DataFrame, messages: pl.DataFrame, csat: pl.DataFrame, events: pl.DataFrame, rules: MetricRules
) -> ConversationBatch:
    """Return what the metrics of some conversations are computed from.

    Args:
        conversations: Extracted conversations, as `with_day` returns them.
        messages: Their messages.
        csat: Their ratings.
        events: Chatwoot's reporting events about them.
        rules: How the metrics are computed.
    """
    return ConversationBatch(
        conversations,
        messages,
        events,
        csat,
        rules.zone,
        rules.bots,
        rules.context.bot_inboxes,
        pl.DataFrame(sorted(rules.context.names), schema=NAMES, orient="row"),
        rules.episode_gap,
        rules.holidays,
        rules.targets,
        rules.imported_before,
        rules.mask,
        rules.runaway_messages,
    )


def make_rows(
    conversations: pl.DataFrame,
    messages: pl.DataFrame,
    csat: pl.DataFrame,
    events: pl.DataFrame,
    read_on: datetime.date,
    rules: MetricRules,
) -> Rows:
    """Return the rows of all tables, except daily_summary; see `make_batch` and `add_sums`."""
    batch = make_batch(conversations, messages, csat, events, rules)
    return add_sums(batch, make_rows_by_conversation(batch, read_on), read_on)


def make_rows_by_conversation(batch: ConversationBatch, read_on: datetime.date) -> Tables:
    """Return the rows of the tables whose rows belong to one conversation each."""
    loaded = transform_conversations(batch.conversations, batch.messages, batch.csat)
    tables = {"conversas_analytics": loaded.conversations, "messages": loaded.messages}
    return tables | compute_by_conversation(batch, read_on=read_on)


def add_sums(batch: ConversationBatch, by_conversation: Tables, read_on: datetime.date) -> Rows:
    """Return the rows of all tables, except daily_summary.

    Args:
        batch: The conversations.
        by_conversation: What `make_rows_by_conversation` returned for them.
        read_on: The day on which they were read.
    """
    sums = compute_sums(batch, by_conversation)
    return Rows(by_conversation | sums, find_days_with_future_times(batch, read_on))


@dataclass(frozen=True)
class _OpenDay:
    """A day whose files are open.

    Attributes:
        read: The day as its files are.
        conversations: Its conversations.
        weights: How many conversations without long texts take as much memory as each of them, at least 1.
        files: The files of all datasets.
    """

    read: ExtractedDay
    conversations: pl.DataFrame
    weights: pl.Series
    files: Mapping[Dataset, OpenFile]

    @property
    def weight(self) -> float:
        """How many conversations without long texts take as much memory as all of them."""
        return float(self.weights.sum())


def _open_day(extracted: ExtractedDay, store: ExtractStore) -> _OpenDay:
    """Open a day's files as they are now: another run may have written them meanwhile.

    Raises:
        ExtractError: A file is missing or unreadable, or the files come from different snapshots.
    """
    files = store.open_day(extracted.day)
    rows, stamp, _ = files[Dataset.CONVERSATIONS]
    if stamp.snapshot_at != extracted.snapshot_at:
        fingerprints = {dataset: file.stamp.fingerprint for dataset, file in files.items()}
        extracted = replace(extracted, snapshot_at=stamp.snapshot_at, fingerprints=fingerprints)
    # By id, so that the parts of a large day are ranges of ids.
    conversations = with_day(rows.collect(), extracted.day.date, extracted.snapshot_at).sort("id")
    return _OpenDay(extracted, conversations, _weigh(conversations, files[Dataset.MESSAGES]), files)


def _weigh(conversations: pl.DataFrame, messages: OpenFile) -> pl.Series:
    """Return the weight of each conversation; the texts of a small file are not looked at."""
    sizes = None
    if messages.size > _BYTES_OF_SMALL_FILE:
        text_bytes = pl.col("content").str.len_bytes().sum().cast(pl.Int64).alias("text_bytes")
        sizes = messages.rows.group_by(id="conversation_id").agg(text_bytes).collect(engine="streaming")
    return weigh(conversations, sizes, CONVERSATIONS_PER_BATCH)


def _make_batch(batch: list[_OpenDay], rules: MetricRules) -> DayBatch:
    """Make the rows of a batch of days at once, or those of a single large day lazily in parts."""
    days = [day.read for day in batch]
    if sum(day.weight for day in batch) <= CONVERSATIONS_PER_BATCH:
        conversations = pl.concat(day.conversations for day in batch).sort("id")
        return DayBatch(days, [_make_part(conversations, batch, rules)])
    (large,) = batch
    slices = slice_by_weight(large.conversations, large.weights, CONVERSATIONS_PER_BATCH)
    return DayBatch(days, (_make_part(part, batch, rules, is_whole=False) for part in slices))


def _make_part(
    conversations: pl.DataFrame, batch: list[_OpenDay], rules: MetricRules, *, is_whole: bool = True
) -> Rows:
    """Make the rows of conversations, which are all of the batch's, or those within their range of ids."""

    def read(dataset: Dataset) -> pl.DataFrame:
        rows = pl.concat([day.files[dataset].rows for day in batch])
        if not is_whole:
            ids = conversations["id"]
            rows = rows.filter(pl.col("conversation_id").is_between(ids.min(), ids.max()))
        return rows.collect()

    messages, csat, events = read(Dataset.MESSAGES), read(Dataset.CSAT), read(Dataset.EVENTS)
    return make_rows(conversations, messages, csat, events, rules.date(batch[0].read.snapshot_at), rules)
