"""Row versions: which days nothing was written to since their last comparison, whatever their rows hold.

PostgreSQL marks each version of a row with the number of the transaction that wrote it. Adding up a day's ids and
transaction numbers costs half of hashing all that its messages hold, and reads nothing that is stored apart from its
row. If the sum is the same as when the day had the fingerprint F, the fingerprint is still F. If the sum differs,
nothing is known: a message that was marked as read has a new version, too, and so has every row of a restored dump.
Then the day is compared in full.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import VERSION_QUERIES
from chatwoot_assets.extract.fingerprints import DAYS_LOOKED_UP, KnownFingerprints, differing_days, group_fingerprint
from chatwoot_assets.extract.queries import day_versions
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path


@dataclass(frozen=True)
class Versions:
    """The versions that a day's rows had when it had a fingerprint.

    Attributes:
        total: The sum of the versions, with the server's identity.
        fingerprint: The day's fingerprint in one group; see `group_fingerprint`.
    """

    total: str
    fingerprint: str


# By date, because they are stored in the warehouse, which knows no `Day`.
KnownVersions = Mapping[tuple[datetime.date, FingerprintGroup], Versions]

_HAS_PRIVILEGE = sql.SQL(
    "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"
    " AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE') AS may"
)


def differing_by_versions(
    source: Snapshot, schema: str, definition: str, days: list[Day], known: KnownFingerprints, versions: KnownVersions
) -> tuple[set[Day], dict[tuple[datetime.date, FingerprintGroup], Versions]]:
    """Compare the groups that have versions.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        definition: See `fingerprints.definition`.
        days: The days, in order; they need not be consecutive.
        known: The known fingerprints; a day without them differs.
        versions: The versions of days whose fingerprints are known.

    Returns:
        The days that differ, and the new versions of the days that do not.
    """
    server = _identity(source)
    if server is None:
        return differing_days(source, schema, definition, days, known, groups=VERSION_QUERIES), {}
    differing: set[Day] = set()
    new_versions: dict[tuple[datetime.date, FingerprintGroup], Versions] = {}
    for group in VERSION_QUERIES:
        totals = _read_versions(source, schema, server, group, days)
        loaded = {day: group_fingerprint(known.get(day.date, {}).get(group.dataset), group) for day in days}
        states = {day: Versions(totals.get(day, ""), fingerprint) for day, fingerprint in loaded.items() if fingerprint}
        written = [day for day, state in states.items() if versions.get((day.date, group)) != state]
        changed = differing_days(source, schema, definition, written, known, groups=[group])
        differing |= changed | {day for day in days if day not in states}
        new_versions |= {(day.date, group): states[day] for day in written if day not in changed}
    return differing, new_versions


def _read_versions(
    source: Snapshot, schema: str, server: str, group: FingerprintGroup, days: list[Day]
) -> dict[Day, str]:
    """Return the sums of the versions of each day's rows, without the days that have no rows."""
    by_start = {day.start: day for day in days}
    totals = source.read(day_versions(group, schema, days), whole_tables=len(days) > DAYS_LOOKED_UP)
    return {by_start[start]: f"{server}:{total}" for start, total in totals.iter_rows()}


def _identity(source: Snapshot) -> str | None:
    """Return the server's identity, or None if this role may not know it and its versions mean nothing."""
    if not source.read(_HAS_PRIVILEGE)["may"][0]:
        return None
    return str(source.read(compose(sql_path("source", "server_identity.sql")))["identity"][0])
