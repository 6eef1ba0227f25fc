"""Fingerprints of days: whether a reload would bring other rows, asked without bringing any.

A fingerprint of a day and a kind of row is a count and the sum of the hashes of exactly the rows that an
extract of that day reads (of what Chatwoot holds in them: the rest follows from it). Equal means that
nothing changed, whoever wrote what, with or without `updated_at`, committed when; it holds across VACUUM,
dump and restore, and on replicas. A definition goes with it, so that rows read by other views, in another
time zone or by other code count as different.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping

import polars as pl
from psycopg import sql

from chatwoot_assets.extract.frames import DAY_COLUMN, SCHEMAS
from chatwoot_assets.extract.queries import day_rows, row_hash
from chatwoot_assets.extract.snapshot import Snapshot
from chatwoot_assets.partitions import Day, adjacent
from chatwoot_assets.source.views import VIEWS

# To be raised when the same rows of Chatwoot's are to become other rows here.
CODE_VERSION = 1

ROW_HASH = "row_hash"

# Of days the fingerprints, by kind of row.
KnownFingerprints = Mapping[datetime.date, Mapping[str, "str | None"]]

# Of more days than these at once, reading whole tables may be cheaper than looking their rows up.
DAYS_LOOKED_UP = 31


def definition(timezone: str) -> str:
    """Return a short hash of what the rows of an extract are defined by, besides Chatwoot's own."""
    parts = [str(CODE_VERSION), *(view.version("views", timezone) for view in VIEWS)]
    parts += [query.as_string() for kind in SCHEMAS for query in (day_rows(kind, "views", []), row_hash(kind))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def fingerprint(definition: str, rows: int, total: int) -> str:
    """Return the fingerprint of `rows` rows whose hashes add up to `total`."""
    return f"{definition}:{rows}:{total}"


def fingerprint_of(definition: str, rows: pl.DataFrame) -> str:
    """Return the fingerprint of rows that were read with their hashes."""
    total = rows[ROW_HASH].cast(pl.Int128).sum()
    return fingerprint(definition, rows.height, total)


def read_fingerprints(
    source: Snapshot, schema: str, definition: str, kind: str, days: list[Day]
) -> dict[datetime.date, str]:
    """Ask the source for the fingerprints of days of one kind of row.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        kind: one of `frames.SCHEMAS`.
        days: the days, in order, each adjacent to the next.
    """
    found = {day.date: fingerprint(definition, 0, 0) for day in days}
    if not days:
        return found
    query = sql.SQL(
        "SELECT width_bucket(r.{at}, {bounds}) AS bucket, count(*) AS n,"
        " sum({row_hash})::text AS total FROM ({rows}) AS r GROUP BY 1"
    ).format(
        row_hash=row_hash(kind),
        at=sql.Identifier(DAY_COLUMN[kind]),
        bounds=sql.Literal([day.start for day in days]),
        rows=day_rows(kind, schema, days),
    )
    for bucket, rows, total in source.read(query, whole_tables=len(days) > DAYS_LOOKED_UP).iter_rows():
        found[days[bucket - 1].date] = fingerprint(definition, rows, int(total))
    return found


def differing_days(
    source: Snapshot, schema: str, definition: str, kind: str, days: list[Day], known: KnownFingerprints
) -> set[Day]:
    """Return the days of which the source's rows of a kind are others than those that are known.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        kind: one of `frames.SCHEMAS`.
        days: the days, in order; consecutive or not.
        known: of each day the fingerprints, by kind of row; a day that is not there differs.
    """
    differing: set[Day] = set()
    for run in adjacent(days):
        now = read_fingerprints(source, schema, definition, kind, run)
        differing |= {day for day in run if now[day.date] != known.get(day.date, {}).get(kind)}
    return differing
