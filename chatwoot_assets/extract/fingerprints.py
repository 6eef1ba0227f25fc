"""Fingerprints of days: whether a reload would bring other rows, asked without bringing any.

A fingerprint of a day and a kind of row is, for each reading that the rows are made of, the sum of the hashes
of exactly what an extract of that day reads (of what Chatwoot holds in it: the rest follows).
Equal means that nothing changed, whoever wrote what, with or without `updated_at`, committed when; it holds
across VACUUM, dump and restore, and on replicas. A definition goes with it, so that rows read by other
views, in another time zone or by other code count as different.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import group_by_query, groups_of
from chatwoot_assets.extract.queries import conversations_of, day_rows, day_totals, hash_column, row_hash
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.source.views import VIEWS

# To be raised when the same rows of Chatwoot's are to become other rows here.
CODE_VERSION = 5

# The fingerprint of each dataset, per date. By date and not by `Day`: they are read from the warehouse.
KnownFingerprints = Mapping[datetime.date, Mapping[Dataset, "str | None"]]

# Of more days than these at once, reading whole tables may be cheaper than looking their rows up.
DAYS_LOOKED_UP = 31
# A megabyte of the query's text.
_IDS_PER_QUERY = 100_000


def definition(timezone: str) -> str:
    """Return a short hash of what the rows of an extract are defined by, besides Chatwoot's own."""
    parts = [str(CODE_VERSION), *(view.version("views", timezone) for view in VIEWS)]
    queries = ((day_rows(group, "views", []), row_hash(group)) for group in FingerprintGroup)
    parts += [query.as_string() for pair in queries for query in pair]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def fingerprint(definition: str, *totals: int) -> str:
    """Return the fingerprint of rows whose hashes add up to `totals`, one per group."""
    return ":".join(map(str, (definition, *totals)))


def fingerprint_of(definition: str, dataset: Dataset, rows: pl.DataFrame) -> str:
    """Return the fingerprint of rows that were read with their hashes."""
    return fingerprint(definition, *hash_totals(dataset, rows))


def hash_totals(dataset: Dataset, rows: pl.DataFrame) -> list[int]:
    """Return what the hashes of rows add up to, one number per group; numbers of parts add up, too."""
    return [int(rows[hash_column(group)].cast(pl.Int128).sum()) for group in groups_of(dataset)]


def group_fingerprint(fingerprint: str | None, group: FingerprintGroup) -> str | None:
    """Return a group's part of its dataset's fingerprint, as `read_fingerprints` returns it."""
    groups = groups_of(group.dataset)
    parts = fingerprint.split(":") if fingerprint else []
    if len(parts) != 1 + len(groups):
        return None
    return ":".join((parts[0], parts[1 + groups.index(group)]))


def read_fingerprints(
    source: Snapshot, schema: str, definition: str, groups: Iterable[FingerprintGroup], days: list[Day]
) -> dict[FingerprintGroup, dict[Day, str]]:
    """Compute the days' fingerprints of each group on the source.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        groups: the groups.
        days: the days, in order; consecutive or not.
    """
    fingerprints = {group: {day: fingerprint(definition, 0) for day in days} for group in groups}
    by_start = {day.start: day for day in days}
    queries = group_by_query(fingerprints) if days else []
    whole_tables = len(days) > DAYS_LOOKED_UP
    conversations = _conversations(source, schema, days) if len(queries) > 1 and not whole_tables else None
    for of_query in queries:
        totals_of_days = source.read(day_totals(of_query, schema, days, conversations), whole_tables=whole_tables)
        for starts, *totals in totals_of_days.iter_rows():
            for group, total in zip(of_query, totals, strict=True):
                fingerprints[group][by_start[starts]] = fingerprint(definition, int(total))
    return fingerprints


def _conversations(source: Snapshot, schema: str, days: list[Day]) -> list[int] | None:
    """Return the ids of the days' conversations, so that they are looked for once; None where they are too many.

    There is no index on created_at: each query for days would look through all conversations.
    """
    found = source.read(conversations_of(schema, days))["id"]
    return found.to_list() if len(found) <= _IDS_PER_QUERY else None


def differing_days(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    known: KnownFingerprints,
    *,
    groups: Iterable[FingerprintGroup] = FingerprintGroup,
) -> set[Day]:
    """Return the days of which the source's rows are others than those that are known.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        days: the days, in order; consecutive or not.
        known: the known fingerprints; a day without them differs.
        groups: the groups to compare.
    """
    return {
        day
        for group, fingerprints in read_fingerprints(source, schema, definition, groups, days).items()
        for day, now in fingerprints.items()
        if now != group_fingerprint(known.get(day.date, {}).get(group.dataset), group)
    }
