"""Fingerprints: whether reading a day again would bring other rows, without bringing any.

The fingerprint of a dataset on a day has, for each of its fingerprint groups, the sum of the hashes of the rows that an
extract of the day reads. It covers what Chatwoot holds; everything else follows from that. Equal fingerprints mean that
nothing changed, no matter who wrote what, when it was committed, and whether `updated_at` moved. They survive VACUUM,
dump and restore, and are the same on replicas. A definition is part of them, so that rows read through other views, in
another time zone or by other code count as different.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import group_by_query, groups_of
from chatwoot_assets.extract.queries import (
    conversation_starts,
    day_rows,
    day_totals,
    hash_column,
    loading_queries,
    row_hash,
)
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.source.views import VIEWS

# Raise this when the same rows of Chatwoot are to become other rows here.
CODE_VERSION = 6

# Each dataset's fingerprint, by date: they are read from the warehouse, which knows no `Day`.
KnownFingerprints = Mapping[datetime.date, Mapping[Dataset, "str | None"]]

# For more days than these, reading whole tables may be cheaper than looking up rows.
DAYS_LOOKED_UP = 31
# They make a query of one megabyte.
IDS_PER_QUERY = 100_000


def definition(timezone: str) -> str:
    """Return a short hash of what defines an extract's rows, apart from Chatwoot's data."""
    parts = [str(CODE_VERSION), *(view.version("views", timezone) for view in VIEWS)]
    queries = ((day_rows(group, "views", []), row_hash(group)) for group in FingerprintGroup)
    parts += [query.as_string() for pair in queries for query in pair]
    parts += [query.as_string() for query in loading_queries("views")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def fingerprint(definition: str, *totals: int) -> str:
    """Return the fingerprint of rows whose hashes add up to `totals`, one per group."""
    return ":".join(map(str, (definition, *totals)))


def fingerprint_of(definition: str, dataset: Dataset, rows: pl.DataFrame) -> str:
    """Return the fingerprint of rows that were read with their hashes."""
    return fingerprint(definition, *hash_totals(dataset, rows))


def hash_totals(dataset: Dataset, rows: pl.DataFrame) -> list[int]:
    """Return the sums of the rows' hashes, one per group; the sums of parts can be added up, too."""
    return [int(rows[hash_column(group)].cast(pl.Int128).sum()) for group in groups_of(dataset)]


def group_fingerprint(fingerprint: str | None, group: FingerprintGroup) -> str | None:
    """Return a group's part of its dataset's fingerprint, in the form of `read_fingerprints`.

    Returns:
        None if there is no fingerprint, or one with another number of groups.
    """
    groups = groups_of(group.dataset)
    parts = fingerprint.split(":") if fingerprint else []
    if len(parts) != 1 + len(groups):
        return None
    return ":".join((parts[0], parts[1 + groups.index(group)]))


def read_fingerprints(
    source: Snapshot, schema: str, definition: str, groups: Iterable[FingerprintGroup], days: list[Day]
) -> dict[FingerprintGroup, dict[Day, str]]:
    """Read the days' fingerprints in each group from the source.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        definition: See `definition`.
        groups: The groups.
        days: The days, in order; they need not be consecutive.
    """
    fingerprints = {group: {day: fingerprint(definition, 0) for day in days} for group in groups}
    by_start = {day.start: day for day in days}
    queries = group_by_query(fingerprints) if days else []
    whole_tables = len(days) > DAYS_LOOKED_UP
    conversations = _conversations(source, schema, days) if len(queries) > 1 and not whole_tables else None
    for query_groups in queries:
        rows = source.read(day_totals(query_groups, schema, days, conversations), whole_tables=whole_tables)
        for start, *totals in rows.iter_rows():
            for group, total in zip(query_groups, totals, strict=True):
                fingerprints[group][by_start[start]] = fingerprint(definition, int(total))
    return fingerprints


def _conversations(source: Snapshot, schema: str, days: list[Day]) -> list[int] | None:
    """Return the ids of the days' conversations, or None if they are too many.

    They are looked for once, because no index has created_at: each query by day would read all conversations.
    """
    ids = source.read(conversation_starts(schema, days))["id"]
    return ids.to_list() if len(ids) <= IDS_PER_QUERY else None


def differing_days(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    known: KnownFingerprints,
    *,
    groups: Iterable[FingerprintGroup] = FingerprintGroup,
) -> set[Day]:
    """Return the days whose source rows differ from the known fingerprints.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        definition: See `definition`.
        days: The days, in order; they need not be consecutive.
        known: The known fingerprints; a day without them differs.
        groups: The groups to compare.
    """
    return {
        day
        for group, fingerprints in read_fingerprints(source, schema, definition, groups, days).items()
        for day, fingerprint in fingerprints.items()
        if fingerprint != group_fingerprint(known.get(day.date, {}).get(group.dataset), group)
    }
