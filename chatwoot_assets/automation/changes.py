"""Which days changed in Chatwoot since they were loaded: by comparing states, not by following a cursor.

A cursor on `updated_at` misses what does not move it, what is deleted, and what is committed late with an
older timestamp. Here the source's fingerprints are compared with those of the loaded days. What is asked of
the source is chosen by what it costs: everything of a recent window, of older days their conversations,
and their messages where something was written since the last pass. A full comparison asks everything.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from chatwoot_assets.extract.fingerprints import definition, read_fingerprints
from chatwoot_assets.extract.frames import CONVERSATIONS, SCHEMAS
from chatwoot_assets.extract.queries import latest_message_id, written_since
from chatwoot_assets.extract.snapshot import Snapshot
from chatwoot_assets.partitions import Day, adjacent

# Ids are given before a transaction commits: what is committed a little late has an older id.
IDS_LOOKED_BACK = 5_000

Loaded = Mapping[datetime.date, Mapping[str, "str | None"]]


@dataclass(frozen=True)
class Changes:
    """What a pass found.

    Attributes:
        days: the days whose rows differ from what is loaded, or that are not loaded, in order.
        latest_message: the largest message id there was, for the next pass.
        compared_at: the instant of the snapshot that was compared.
    """

    days: list[Day]
    latest_message: int
    compared_at: datetime.datetime


def find_changes(
    source: Snapshot,
    schema: str,
    timezone: str,
    days: list[Day],
    loaded: Loaded,
    *,
    recent: int | None = None,
    since_message: int | None = None,
) -> Changes:
    """Compare the source with what is loaded.

    Args:
        source: the snapshot to compare.
        schema: the views' schema.
        timezone: the reporting time zone.
        days: all partitions, in order, each adjacent to the next.
        loaded: of each loaded day the fingerprints, by kind of row.
        recent: so many of the last days are compared in full; all where it is None.
        since_message: what the last pass returned as `latest_message`; used for the days before.
    """
    defined = definition(timezone)
    rows = source.read(latest_message_id(schema))
    latest = int(rows["latest"][0]) if rows.height else 0
    older, window = ([], days) if recent is None else (days[:-recent], days[-recent:])
    changed = _differing(source, schema, defined, window, loaded, list(SCHEMAS))
    if older:
        changed |= _differing(source, schema, defined, older, loaded, [CONVERSATIONS])
        if since_message is not None:
            query = written_since(schema, older, since_message - IDS_LOOKED_BACK)
            touched = sorted((older[bucket - 1] for (bucket,) in source.read(query).iter_rows()), key=_date)
            for run in adjacent(touched):
                changed |= _differing(source, schema, defined, run, loaded, list(SCHEMAS))
    return Changes(sorted(changed, key=_date), latest, source.taken_at)


def _date(day: Day) -> datetime.date:
    return day.date


def _differing(
    source: Snapshot, schema: str, defined: str, days: list[Day], loaded: Loaded, kinds: list[str]
) -> set[Day]:
    now = [read_fingerprints(source, schema, defined, kind, days) for kind in kinds]
    return {
        day
        for day in days
        if [found[day.date] for found in now] != [loaded.get(day.date, {}).get(kind) for kind in kinds]
    }
