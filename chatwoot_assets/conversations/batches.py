"""Transforming days from their extracts, in batches that are loaded together.

How a row is made is in `transform.py`; how a batch is written to the warehouse is in `load.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatwoot_assets.conversations.load import TransformedDay
from chatwoot_assets.conversations.transform import LoadedRows, transform_day
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore, mixed_snapshots_error
from chatwoot_assets.partitions import Day

# How many conversations are transformed and held in memory at a time. A batch is as many whole days as have about that
# many; a day that has more is a batch of its own, in parts.
CONVERSATIONS_PER_BATCH = 1_000


def transform_in_batches(days: Iterable[Day], store: ExtractStore) -> Iterator[list[TransformedDay]]:
    """Yield the days, transformed from their extracts, in batches that are loaded in one transaction each."""
    batch: list[TransformedDay] = []
    conversations = 0
    for day in days:
        transformed = transform_extracts(day, store)
        if batch and conversations + transformed.conversations > CONVERSATIONS_PER_BATCH:
            yield batch
            batch, conversations = [], 0
        batch.append(transformed)
        conversations += transformed.conversations
    if batch:
        yield batch


def transform_extracts(day: Day, store: ExtractStore) -> TransformedDay:
    """Return a day transformed from its extracts; a large day is transformed in parts, while it is loaded.

    Raises:
        ExtractError: An extract of the day is missing, or its extracts are from different snapshots.
    """
    conversations, stamp = store.read(Dataset.CONVERSATIONS, day)
    csat, csat_stamp = store.read(Dataset.CSAT, day)
    # Reading a file that is missing or damaged raises the error that names it.
    events_stamp = store.stamps(day)[Dataset.EVENTS] or store.read(Dataset.EVENTS, day)[1]
    slices = list(conversations.sort("id").iter_slices(CONVERSATIONS_PER_BATCH))
    is_large = len(slices) > 1
    messages, messages_stamp = store.read(Dataset.MESSAGES, day, ids=slices[0]["id"] if is_large else None)
    stamps = {
        Dataset.CONVERSATIONS: stamp,
        Dataset.MESSAGES: messages_stamp,
        Dataset.CSAT: csat_stamp,
        Dataset.EVENTS: events_stamp,
    }
    if len({each.snapshot_at for each in stamps.values()}) > 1:
        raise mixed_snapshots_error(day)

    def transform_parts() -> Iterator[LoadedRows]:
        yield transform_day(slices[0] if slices else conversations, messages, csat, day.date, stamp.snapshot_at)
        for rows in slices[1:]:
            messages_of_rows, current_stamp = store.read(Dataset.MESSAGES, day, ids=rows["id"])
            if current_stamp != messages_stamp:
                raise ExtractError(f"the extracts of {day.key} were replaced while they were read", transient=True)
            yield transform_day(rows, messages_of_rows, csat, day.date, stamp.snapshot_at)

    return TransformedDay(
        day,
        conversations.height,
        transform_parts() if is_large else list(transform_parts()),
        store.row_count(Dataset.MESSAGES, day) or 0 if is_large else messages.height,
        csat.height,
        stamp.snapshot_at,
        {dataset: each.fingerprint for dataset, each in stamps.items()},
    )
