"""Versions of rows: which days nothing was written to since they were compared last, whatever their rows hold.

PostgreSQL gives each version of a row the number of the transaction that wrote it. To add up a day's ids and numbers
costs half of a hash of all that its messages hold, and reads nothing that is stored apart from its row. Where the sum
is what it was when the day's fingerprint was F, the fingerprint is F. Where it is another, nothing is known: a message
that was read has a new version, too, and so has every row of a restored dump. Then the day is compared in full.
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
        total: what they add up to, on one server.
        fingerprint: the day's in one group; see `group_fingerprint`.
    """

    total: str
    fingerprint: str


# By date and not by `Day`: they are stored in the warehouse.
KnownVersions = Mapping[tuple[datetime.date, FingerprintGroup], Versions]

_MAY_BE_ASKED = sql.SQL(
    "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"
    " AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE') AS may"
)


def differing_by_versions(
    source: Snapshot, schema: str, definition: str, days: list[Day], known: KnownFingerprints, versions: KnownVersions
) -> tuple[set[Day], dict[tuple[datetime.date, FingerprintGroup], Versions]]:
    """Return the days that differ in what has versions, and the versions of those that do not, where they are new.

    Args:
        source: the snapshot to ask.
        schema: the views' schema.
        definition: see `fingerprints.definition`.
        days: the days, in order; consecutive or not.
        known: the known fingerprints; a day without them differs.
        versions: those of which the fingerprints are known.
    """
    server = _identity(source)
    if server is None:
        return differing_days(source, schema, definition, days, known, groups=VERSION_QUERIES), {}
    differing: set[Day] = set()
    found: dict[tuple[datetime.date, FingerprintGroup], Versions] = {}
    for group in VERSION_QUERIES:
        now = _read_versions(source, schema, server, group, days)
        loaded = {day: group_fingerprint(known.get(day.date, {}).get(group.dataset), group) for day in days}
        states = {day: Versions(now.get(day, ""), fingerprint) for day, fingerprint in loaded.items() if fingerprint}
        written = [day for day, state in states.items() if versions.get((day.date, group)) != state]
        changed = differing_days(source, schema, definition, written, known, groups=[group])
        differing |= changed | {day for day in days if day not in states}
        found |= {(day.date, group): states[day] for day in written if day not in changed}
    return differing, found


def _read_versions(
    source: Snapshot, schema: str, server: str, group: FingerprintGroup, days: list[Day]
) -> dict[Day, str]:
    """Return what the versions of each day's rows add up to; nothing of a day without rows."""
    of_starts = {day.start: day for day in days}
    totals = source.read(day_versions(group, schema, days), whole_tables=len(days) > DAYS_LOOKED_UP)
    return {of_starts[starts]: f"{server}:{total}" for starts, total in totals.iter_rows()}


def _identity(source: Snapshot) -> str | None:
    """Return which server it is; None where it does not tell this role, so that its versions mean nothing."""
    if not source.read(_MAY_BE_ASKED)["may"][0]:
        return None
    return str(source.read(compose(sql_path("source", "server_identity.sql")))["identity"][0])
