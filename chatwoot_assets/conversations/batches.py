"""Days compiled from their extracts, in the groups that are loaded together. How a row is made is in `compile.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from chatwoot_assets.conversations.load import TransformedDay
from chatwoot_assets.conversations.transform import transform_day
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore, mixed_snapshots_error
from chatwoot_assets.partitions import Day

# So many are compiled and held at once. A transaction replaces whole days, as many as have about so many
# together; a day that has more of them is one transaction by itself, in parts.
CONVERSATIONS_PER_BATCH = 1_000


def transformed_batches(wanted: Iterable[Day], store: ExtractStore) -> Iterator[list[TransformedDay]]:
    """Yield the days, compiled from their extracts, in groups that are loaded in one transaction each."""
    group: list[TransformedDay] = []
    conversations = 0
    for day in wanted:
        compiled = transform_extracts(day, store)
        if group and conversations + compiled.conversations > CONVERSATIONS_PER_BATCH:
            yield group
            group, conversations = [], 0
        group.append(compiled)
        conversations += compiled.conversations
    if group:
        yield group


def transform_extracts(day: Day, store: ExtractStore) -> TransformedDay:
    """Return a day compiled from its extracts; a large one part by part, when its rows are asked for.

    Raises:
        ExtractError: an extract of the day is missing, or they are of different snapshots.
    """
    conversations, stamp = store.read(Dataset.CONVERSATIONS, day)
    csat, csat_stamp = store.read(Dataset.CSAT, day)
    # What is not there, or cannot be read, is named by reading it.
    events_stamp = store.stamps(day)[Dataset.EVENTS] or store.read(Dataset.EVENTS, day)[1]
    slices = list(conversations.sort("id").iter_slices(CONVERSATIONS_PER_BATCH))
    first_ids = slices[0]["id"] if len(slices) > 1 else None
    messages, messages_stamp = store.read(Dataset.MESSAGES, day, ids=first_ids)
    stamps = {
        Dataset.CONVERSATIONS: stamp,
        Dataset.MESSAGES: messages_stamp,
        Dataset.CSAT: csat_stamp,
        Dataset.EVENTS: events_stamp,
    }
    if any(one.snapshot_at != stamp.snapshot_at for one in stamps.values()):
        raise mixed_snapshots_error(day)

    def parts() -> Iterator[pl.DataFrame]:
        yield transform_day(slices[0] if slices else conversations, messages, csat, day.date, stamp.snapshot_at)
        for rows in slices[1:]:
            of_rows, found = store.read(Dataset.MESSAGES, day, ids=rows["id"])
            if found != messages_stamp:
                raise ExtractError(f"the extracts of {day.key} were replaced while they were read", transient=True)
            yield transform_day(rows, of_rows, csat, day.date, stamp.snapshot_at)

    fingerprints = {dataset: one.fingerprint for dataset, one in stamps.items()}
    is_large = len(slices) > 1
    count = store.row_count(Dataset.MESSAGES, day) or 0 if is_large else messages.height
    made = parts() if is_large else list(parts())
    return TransformedDay(day, conversations.height, made, count, csat.height, stamp.snapshot_at, fingerprints)
