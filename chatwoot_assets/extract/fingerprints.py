"""Fingerprints: they show whether a day's rows have changed, without reading the rows.

The fingerprint of a dataset on a day has, for each of its fingerprint groups, the sum of the hashes of the rows that an
extract of the day reads. It covers what Chatwoot holds; everything else follows from that. Equal fingerprints mean that
nothing changed, no matter who wrote, when it was committed, and whether `updated_at` moved. They survive VACUUM, dump
and restore, and are the same on replicas. The definition is a part of them, so that rows that were read through other
views, in another time zone or by other code count as different.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import group_by_query, groups_of
from chatwoot_assets.extract.queries import (
    IdRange,
    conversation_starts,
    day_rows,
    day_totals,
    hash_column,
    loading_queries,
    row_hash,
)
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.view_options import ViewOptions

# Raise this when the same rows of Chatwoot must become other rows here.
CODE_VERSION = 7

# Each dataset's fingerprint, by date: the warehouse, where they are read, knows dates and not the bounds of a `Day`.
KnownFingerprints = Mapping[datetime.date, Mapping[Dataset, "str | None"]]

# For more days than these, reading whole tables may be cheaper than looking up rows.
DAYS_LOOKED_UP = 31
# As text, these ids take one megabyte of a query.
IDS_PER_QUERY = 100_000


def definition(timezone: str, mask: Mask = NO_MASK) -> str:
    """Return a short hash of what defines an extract's rows, apart from Chatwoot's data.

    Args:
        timezone: The IANA name of the reporting time zone.
        mask: What is masked before it leaves Chatwoot.
    """
    options = ViewOptions("views", timezone)
    parts = [str(CODE_VERSION), *(view.version(options) for view in VIEWS)]
    queries = ((day_rows(group, "views", []), row_hash(group)) for group in FingerprintGroup)
    parts += [query.as_string() for pair in queries for query in pair]
    parts += [query.as_string() for query in loading_queries("views")]
    if mask.groups:
        parts.append(mask.definition)
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
    source: Snapshot,
    schema: str,
    definition: str,
    groups: Iterable[FingerprintGroup],
    days: list[Day],
    ranges: list[IdRange] | None = None,
) -> dict[FingerprintGroup, dict[Day, str]]:
    """Read the days' fingerprints in each group from the source.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        definition: See `definition`.
        groups: The groups.
        days: The days, in order; they need not be consecutive.
        ranges: The ids among which the days' conversations are, if that is known; they are then found by the primary
            key. Otherwise all conversations are read, because no index has created_at.
    """
    totals = {group: dict.fromkeys((day.start for day in days), 0) for group in groups}
    queries = group_by_query(totals) if days else []
    whole_tables = ranges is None and len(days) > DAYS_LOOKED_UP
    parts: list[list[int]] | list[None] = [None]
    if len(queries) > 1 and not whole_tables:
        # The conversations are searched only once, and not by each query.
        ids = source.read(conversation_starts(schema, days, ranges))["id"].to_list()
        parts = [ids[start : start + IDS_PER_QUERY] for start in range(0, len(ids), IDS_PER_QUERY)]
    for query_groups in queries:
        for conversations in parts:
            query = day_totals(query_groups, schema, days, conversations, ranges)
            for start, *sums in source.read(query, whole_tables=whole_tables).iter_rows():
                for group, total in zip(query_groups, sums, strict=True):
                    totals[group][start] += int(total)
    return {
        group: {day: fingerprint(definition, by_start[day.start]) for day in days} for group, by_start in totals.items()
    }


def differing_days(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    known: KnownFingerprints,
    *,
    groups: Iterable[FingerprintGroup] = FingerprintGroup,
    ranges: list[IdRange] | None = None,
) -> set[Day]:
    """Return the days whose source rows differ from the known fingerprints.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        definition: See `definition`.
        days: The days, in order; they need not be consecutive.
        known: The known fingerprints; a day without them differs.
        groups: The groups to compare.
        ranges: See `read_fingerprints`.
    """
    return {
        day
        for group, fingerprints in read_fingerprints(source, schema, definition, groups, days, ranges).items()
        for day, fingerprint in fingerprints.items()
        if fingerprint != group_fingerprint(known.get(day.date, {}).get(group.dataset), group)
    }
