"""Find the days that changed in Chatwoot since they were loaded, by comparing states instead of following a cursor.

A cursor on `updated_at` misses changes that do not move it, deletions, and late commits with older timestamps. Here
the source's fingerprints are compared with those of the loaded days. What is compared depends on what it costs:

- everything in a recent window, on days with messages written since the last scan, and on a few older days in
  rotation;
- on all other days, the conversations' own columns, and on those of the last month, the ratings too.

A full scan compares everything. It first compares the versions of messages and events, and what they contain only on
days where one was written since the last comparison.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import VERSION_QUERIES, groups_of
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, differing_days, fingerprint
from chatwoot_assets.extract.queries import latest_message, written_since
from chatwoot_assets.extract.row_versions import KnownVersions, differing_by_versions
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

# Ids are given before a transaction commits: a message that is committed a little late has an older id.
IDS_LOOKED_BACK = 100
# A contact may rate for 14 days after a conversation is resolved; the ratings of so many days are always compared.
DAYS_RATED = 30
# So many scans compare each older day in full once: with one scan per minute, that takes four hours.
SCANS_PER_CYCLE = 240
# But no more days than these per scan, so that their rows are looked up by index. A longer history takes longer.
DAYS_PER_SCAN = 8


@dataclass(frozen=True)
class Changes:
    """The result of a scan.

    Attributes:
        days: The days whose rows differ from what is loaded, or that are not loaded, in order. Days before Chatwoot's
            first conversation that are not loaded do not count.
        compared: The days that were compared in full.
        latest_message: The largest message id, for the next scan.
        rotation_cursor: The last of the older days in rotation, for the next scan; None if there are none.
        compared_at: The instant of the compared snapshot.
        versions: The row versions of days that do not differ, if they are new.
    """

    days: list[Day]
    compared: list[Day]
    latest_message: int
    rotation_cursor: datetime.date | None
    compared_at: datetime.datetime
    versions: KnownVersions = field(default_factory=dict)


def find_changes(
    source: Snapshot,
    schema: str,
    timezone: str,
    days: list[Day],
    loaded: KnownFingerprints,
    *,
    recent: int | None = None,
    since_message: int | None = None,
    rotation_after: datetime.date | None = None,
    versions: KnownVersions | None = None,
) -> Changes:
    """Compare the source with what is loaded.

    Args:
        source: The snapshot to compare.
        schema: The views' schema.
        timezone: The reporting time zone.
        days: All partitions, in order, each adjacent to the next.
        loaded: The fingerprints of the loaded days.
        recent: How many of the last days are compared in full; None for all days.
        since_message: The `latest_message` of the last scan; used for the days before the last ones.
        rotation_after: The `rotation_cursor` of the last scan.
        versions: The row versions of loaded days, as full scans returned them.
    """
    current_definition = definition(timezone)
    known = assume_empty_before_first(loaded, timezone, days)

    def compare(among: list[Day], *groups: FingerprintGroup) -> set[Day]:
        return differing_days(source, schema, current_definition, among, known, groups=groups)

    latest = source.read(latest_message(schema))["latest"][0] or 0
    if recent is None:
        changed = compare(days, *(group for group in FingerprintGroup if group not in VERSION_QUERIES))
        written, new_versions = differing_by_versions(source, schema, current_definition, days, known, versions or {})
        changed = _add_later_days(changed | written, days, loaded)
        return Changes(_in_order(changed), days, latest, None, source.taken_at, new_versions)
    older = days[:-recent]
    rotation = next_in_rotation(older, rotation_after)
    in_full = {*days[-recent:], *rotation}
    if older and since_message is not None:
        query = written_since(schema, older, since_message - IDS_LOOKED_BACK)
        in_full.update(older[bucket - 1] for (bucket,) in source.read(query).iter_rows())
    compared = _in_order(in_full)
    on_more_days = {
        FingerprintGroup.CONVERSATIONS: days,
        FingerprintGroup.CSAT: _in_order(in_full.union(older[-DAYS_RATED:])),
    }
    changed = compare(compared, *(group for group in FingerprintGroup if group not in on_more_days))
    for group, among in on_more_days.items():
        changed |= compare(among, group)
    cursor = rotation[-1].date if rotation else None
    changed = _add_later_days(changed, days, loaded)
    return Changes(_in_order(changed), compared, latest, cursor, source.taken_at)


def assume_empty_before_first(loaded: KnownFingerprints, timezone: str, days: list[Day]) -> KnownFingerprints:
    """Return the known fingerprints, with those of an empty day for each day before the first loaded one.

    Days before Chatwoot's first conversation therefore equal Chatwoot without being loaded. The last day is always
    loaded, even if it is empty.

    Args:
        loaded: The fingerprints of the loaded days.
        timezone: The reporting time zone.
        days: All partitions, in order.
    """
    first = min(loaded, default=days[-1].date)
    defined = definition(timezone)
    empty = {dataset: fingerprint(defined, *(0 for _ in groups_of(dataset))) for dataset in Dataset}
    return {**{day.date: empty for day in days if day.date < first}, **loaded}


def _add_later_days(changed: set[Day], days: list[Day], loaded: KnownFingerprints) -> set[Day]:
    """Add the days without rows that were never loaded and follow the first day that changed."""
    first = min((day.date for day in changed), default=datetime.date.max)
    return changed | {day for day in days if day.date > first and day.date not in loaded}


def next_in_rotation(older: list[Day], after: datetime.date | None) -> list[Day]:
    """Return the next days in rotation: the ones that follow `after`, or the first if none does.

    Args:
        older: The days in rotation, in order.
        after: The last of them that was compared.
    """
    following = [day for day in older if after is None or day.date > after] or older
    return following[: min(math.ceil(len(older) / SCANS_PER_CYCLE), DAYS_PER_SCAN)]


def _in_order(days: Iterable[Day]) -> list[Day]:
    return sorted(days, key=lambda day: day.date)
