"""Fingerprints of days: whether a reload would bring other rows, asked without bringing any.

A fingerprint of a day and a kind of row is a count and, for each reading that the rows are made of, the sum
of the hashes of exactly what an extract of that day reads (of what Chatwoot holds in it: the rest follows).
Equal means that nothing changed, whoever wrote what, with or without `updated_at`, committed when; it holds
across VACUUM, dump and restore, and on replicas. A definition goes with it, so that rows read by other
views, in another time zone or by other code count as different.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping

import polars as pl
from psycopg import sql

from chatwoot_assets.extract.frames import DAY_COLUMN, READINGS
from chatwoot_assets.extract.queries import day_rows, hash_column, row_hash
from chatwoot_assets.extract.snapshot import Snapshot
from chatwoot_assets.partitions import Day, adjacent
from chatwoot_assets.source.views import VIEWS

# To be raised when the same rows of Chatwoot's are to become other rows here.
CODE_VERSION = 2

# Of days the fingerprints, by kind of row.
KnownFingerprints = Mapping[datetime.date, Mapping[str, "str | None"]]

ALL_READINGS = tuple(reading for readings in READINGS.values() for reading in readings)

_DAY, _NONE = datetime.timedelta(days=1), datetime.timedelta(0)

# Of more days than these at once, reading whole tables may be cheaper than looking their rows up.
DAYS_LOOKED_UP = 31


def definition(timezone: str) -> str:
    """Return a short hash of what the rows of an extract are defined by, besides Chatwoot's own."""
    parts = [str(CODE_VERSION), *(view.version("views", timezone) for view in VIEWS)]
    queries = ((day_rows(reading, "views", []), row_hash(reading)) for reading in ALL_READINGS)
    parts += [query.as_string() for pair in queries for query in pair]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def fingerprint(definition: str, rows: int, *totals: int) -> str:
    """Return the fingerprint of `rows` rows whose hashes add up to `totals`, one a reading."""
    return ":".join(map(str, (definition, rows, *totals)))


def fingerprint_of(definition: str, kind: str, rows: pl.DataFrame) -> str:
    """Return the fingerprint of rows that were read with their hashes."""
    return fingerprint(definition, rows.height, *hash_totals(kind, rows))


def hash_totals(kind: str, rows: pl.DataFrame) -> list[int]:
    """Return what the hashes of rows add up to, one number a reading; numbers of parts add up, too."""
    return [rows[hash_column(reading)].cast(pl.Int128).sum() for reading in READINGS[kind]]


def of_reading(known: str | None, reading: str) -> str | None:
    """Return what a kind's fingerprint says of one of its readings, as `read_fingerprints` returns it."""
    readings = next(readings for readings in READINGS.values() if reading in readings)
    parts = known.split(":") if known else []
    if len(parts) != 2 + len(readings):
        return None
    return ":".join((*parts[:2], parts[2 + readings.index(reading)]))


def read_fingerprints(
    source: Snapshot, schema: str, definition: str, reading: str, days: list[Day]
) -> dict[datetime.date, str]:
    """Ask the source for the fingerprints of days in one reading.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        reading: one of ALL_READINGS.
        days: the days, in order; consecutive or not.
    """
    found = {day.date: fingerprint(definition, 0, 0) for day in days}
    if not days:
        return found
    at = sql.Identifier("r", DAY_COLUMN[reading])
    # One query for all: each would look through the conversations, which have no index on created_at.
    within = (
        sql.SQL("{} >= {} AND {} < {}").format(at, sql.Literal(run[0].start), at, sql.Literal(run[-1].end))
        for run in adjacent(days)
    )
    query = sql.SQL(
        "SELECT {starts} AS starts, count(*) AS n,"
        " sum({row_hash})::text AS total FROM ({rows}) AS r WHERE {within} GROUP BY 1"
    ).format(
        row_hash=row_hash(reading),
        starts=_start_of_day(at, days),
        rows=day_rows(reading, schema, days),
        within=sql.SQL(" OR ").join(within),
    )
    dates = {day.start: day.date for day in days}
    for starts, rows, total in source.read(query, whole_tables=len(days) > DAYS_LOOKED_UP).iter_rows():
        found[dates[starts]] = fingerprint(definition, rows, int(total))
    return found


def _start_of_day(at: sql.Identifier, days: list[Day]) -> sql.Composed:
    """Return the expression of the first instant of that of the days in which `at` is.

    Without a change of the clocks among them they are as long as each other, and need not be searched for:
    over all messages the search is a tenth of the whole.
    """
    first = days[0].start
    if all((day.end - day.start, (day.start - first) % _DAY) == (_DAY, _NONE) for day in days):
        return sql.SQL("date_bin('1 day', {}, {})").format(at, sql.Literal(first))
    bounds = sql.Literal([day.start for day in days])
    return sql.SQL("({bounds})[width_bucket({at}, {bounds})]").format(at=at, bounds=bounds)


def differing_days(
    source: Snapshot,
    schema: str,
    definition: str,
    days: list[Day],
    known: KnownFingerprints,
    *,
    readings: Iterable[str] = ALL_READINGS,
) -> set[Day]:
    """Return the days of which the source's rows are others than those that are known.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `definition`.
        days: the days, in order; consecutive or not.
        known: of each day the fingerprints, by kind of row; a day that is not there differs.
        readings: what is compared of them.
    """
    differing: set[Day] = set()
    for reading in readings:
        kind = next(kind for kind in READINGS if reading in READINGS[kind])
        now = read_fingerprints(source, schema, definition, reading, days)
        differing |= {day for day in days if now[day.date] != of_reading(known.get(day.date, {}).get(kind), reading)}
    return differing
