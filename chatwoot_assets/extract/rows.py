"""Read the rows of some conversations from a snapshot, with the hashes that their fingerprints consist of.

The source only looks up rows: each name is read once and joined here, and the hashes are computed here.
"""

from __future__ import annotations

import time

import polars as pl

from chatwoot_assets.extract.chunked_day import Frames
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import HASHED_COLUMNS, groups_of
from chatwoot_assets.extract.normalize import add_conversation_date, normalize, with_values
from chatwoot_assets.extract.queries import contacts, found_conversations, hash_column, names, rows_of
from chatwoot_assets.extract.row_hashes import hash_rows
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

# The columns whose ids have names in names.sql, and what the names are called here.
_NAMES = {
    "inbox_id": {
        "name": "inbox_name",
        "channel_type": "inbox_type",
        "timezone": "inbox_timezone",
        "working_hours": "working_hours",
        "auto_assigns": "inbox_auto_assigns",
    },
    "assignee_id": {"name": "assignee_name"},
    "account_id": {"name": "account_name"},
    "team_id": {"name": "team_name"},
}
# The groups of which a conversation may have several values, and the column with one value.
_LISTS = {
    FingerprintGroup.LABELS: "label",
    FingerprintGroup.SLAS: "sla",
    FingerprintGroup.CALLS: "call_values",
}


def find_conversations(source: Snapshot, schema: str, days: list[Day], ids: list[int] | None = None) -> pl.DataFrame:
    """Return the own columns of the conversations of the days, which need not be consecutive.

    Args:
        source: The snapshot.
        schema: The views' schema.
        days: The days.
        ids: The conversations to return if they belong to the days; all of them if it is None.
    """
    return source.read(found_conversations(schema, days, ids))


def read_datasets(source: Snapshot, schema: str, conversations: pl.DataFrame, search_seconds: float) -> Frames:
    """Read the rows of each dataset that belong to some conversations.

    Args:
        source: The snapshot.
        schema: The views' schema.
        conversations: The conversations, from `find_conversations`.
        search_seconds: How long finding them took.

    Returns:
        Each dataset's rows, with a column of hashes per fingerprint group, and how many seconds reading them took.
    """
    if conversations.is_empty():
        return {dataset: (_no_rows(dataset), search_seconds) for dataset in Dataset}
    ids = conversations["id"].to_list()

    def read(group: FingerprintGroup) -> tuple[pl.DataFrame, float]:
        started = time.perf_counter()
        rows = _with_hashes(source.read(rows_of(group, schema, ids)), group)
        return rows, time.perf_counter() - started

    started = time.perf_counter()
    named = _with_names(source, schema, _with_hashes(conversations, FingerprintGroup.CONVERSATIONS))
    named = _with_hashes(named, FingerprintGroup.NAMES)
    for group, column in _LISTS.items():
        rows, _ = read(group)
        named = with_values(named, rows, group, column)
    seconds = search_seconds + time.perf_counter() - started
    frames = {Dataset.CONVERSATIONS: (named, seconds)}
    for group in (FingerprintGroup.MESSAGES, FingerprintGroup.CSAT, FingerprintGroup.EVENTS):
        rows, seconds = read(group)
        frames[group.dataset] = normalize(group.dataset, add_conversation_date(rows, conversations)), seconds
    return frames


def _with_hashes(rows: pl.DataFrame, group: FingerprintGroup) -> pl.DataFrame:
    """Add the hash of each row's columns in a group."""
    return rows.with_columns(hash_rows(rows, HASHED_COLUMNS[group]).alias(hash_column(group)))


def _with_names(source: Snapshot, schema: str, conversations: pl.DataFrame) -> pl.DataFrame:
    """Add to each conversation the names that belong to its ids; each name is read once."""

    def distinct(column: str) -> list[int]:
        return conversations[column].unique().drop_nulls().to_list()

    named = _join(conversations, "contact_id", source.read(contacts(schema, distinct("contact_id"))))
    named = named.with_columns(pl.col("contact_attributes").fill_null("{}"))
    all_names = source.read(names(schema, {column: distinct(column) for column in _NAMES}))
    for column, renamed in _NAMES.items():
        names_of = all_names.filter(pl.col("of_column") == column).select("id", *renamed).rename(renamed)
        named = _join(named, column, names_of)
    return named


def _join(conversations: pl.DataFrame, column: str, names_of: pl.DataFrame) -> pl.DataFrame:
    """Join what belongs to the ids in a column, whose type may be narrower than that of the table it refers to."""
    keyed = names_of.with_columns(pl.col("id").cast(pl.Int64).alias("key")).drop("id")
    keys = conversations.with_columns(pl.col(column).cast(pl.Int64).alias("key"))
    return keys.join(keyed, on="key", how="left", maintain_order="left").drop("key")


def _no_rows(dataset: Dataset) -> pl.DataFrame:
    hashes = {hash_column(group): pl.Int64 for group in groups_of(dataset)}
    return pl.DataFrame(schema={**SCHEMAS[dataset], **hashes})
