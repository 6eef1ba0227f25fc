"""What the scans of Chatwoot found, kept in the warehouse: up to which instant its tables equal Chatwoot.

Written by whatever scans; read by the freshness checks, the dashboard and `chatwoot-assets status`, also while
Chatwoot cannot be reached. Scanning itself is in `change_detection/`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import psycopg

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.row_versions import KnownVersions, Versions
from chatwoot_assets.partitions import Day

# The kinds of scan: of the last days, and of every day.
RECENT = "recent"
FULL = "full"


@dataclass(frozen=True)
class Comparison:
    """The state of one kind of scan.

    Attributes:
        attempted_at: When it was last tried.
        compared_at: The instant of Chatwoot that was last compared; None if it never was.
        failure: Why the last attempt failed; None if it did not.
    """

    attempted_at: datetime.datetime
    compared_at: datetime.datetime | None
    failure: str | None


@dataclass(frozen=True)
class SyncStatus:
    """What is known about the warehouse compared with Chatwoot.

    Attributes:
        scans: The state of each kind of scan that was ever tried.
        differing: The days that were seen to differ and not loaded since, each with the instant of Chatwoot at which
            the difference was first seen.
    """

    scans: dict[str, Comparison]
    differing: dict[datetime.date, datetime.datetime]

    @property
    def compared_at(self) -> datetime.datetime | None:
        """The last instant of Chatwoot that any scan compared."""
        return max((scan.compared_at for scan in self.scans.values() if scan.compared_at), default=None)

    @property
    def failure(self) -> str | None:
        """Why the latest attempt of any scan failed; None if it did not, or there was none."""
        latest = max(self.scans.values(), key=lambda scan: scan.attempted_at, default=None)
        return latest.failure if latest else None

    @property
    def watermark(self) -> datetime.datetime | None:
        """The instant up to which the warehouse is known to equal Chatwoot; None if none is known."""
        return min(self.differing.values(), default=self.compared_at)


def read_sync_status(connection: psycopg.Connection) -> SyncStatus:
    """Return what is known now."""
    scans = connection.execute("SELECT scan, attempted_at, compared_at, failure FROM source_comparison").fetchall()
    # A day that was loaded from a later snapshot than the one that differed is not known to differ.
    differing = connection.execute(
        "SELECT conversation_date, CASE WHEN since > coalesce(snapshot_at, '-infinity') THEN since ELSE seen_at END"
        " FROM differing_day LEFT JOIN partition_state USING (conversation_date)"
        " WHERE snapshot_at IS NULL OR seen_at > snapshot_at"
        " OR definition IS NULL OR conversations_fingerprint IS NULL"
    ).fetchall()
    return SyncStatus({scan: Comparison(*values) for scan, *values in scans}, dict(differing))


_RECORD_COMPARISON = """
INSERT INTO source_comparison (scan, attempted_at, compared_at, days)
VALUES (%s, clock_timestamp(), %s, %s)
ON CONFLICT (scan) DO UPDATE SET
    attempted_at = excluded.attempted_at, compared_at = excluded.compared_at, days = excluded.days, failure = NULL
"""
# A difference that comes back after the day was loaded is a new one.
_RECORD_DIFFERING = """
INSERT INTO differing_day (conversation_date, since, seen_at)
SELECT unnest(%(dates)s::date[]), %(compared_at)s, %(compared_at)s
ON CONFLICT (conversation_date) DO UPDATE SET
    seen_at = excluded.seen_at,
    since = CASE
        WHEN differing_day.since > coalesce(
            (SELECT snapshot_at FROM partition_state WHERE conversation_date = excluded.conversation_date),
            '-infinity'
        ) THEN differing_day.since
        ELSE excluded.since
    END
"""


def record_comparison(
    connection: psycopg.Connection,
    scan: str,
    compared_at: datetime.datetime,
    compared: list[Day],
    differing: list[Day],
) -> None:
    """Record a scan.

    Args:
        connection: A session on the warehouse.
        scan: The kind of scan.
        compared_at: The instant of Chatwoot that was compared.
        compared: The days that were compared in full.
        differing: The days that differ, among these or others.
    """
    with connection.transaction():
        connection.execute(_RECORD_COMPARISON, [scan, compared_at, len(compared)])
        connection.execute(
            "DELETE FROM differing_day WHERE conversation_date = ANY(%s) AND seen_at <= %s",
            [sorted(day.date for day in set(compared) - set(differing)), compared_at],
        )
        dates = [day.date for day in differing]
        connection.execute(_RECORD_DIFFERING, {"dates": dates, "compared_at": compared_at})


def record_failure(connection: psycopg.Connection, scan: str, failure: str) -> None:
    """Record a scan that failed; what was known before stays."""
    connection.execute(
        "INSERT INTO source_comparison (scan, attempted_at, failure) VALUES (%s, clock_timestamp(), %s)"
        " ON CONFLICT (scan) DO UPDATE SET attempted_at = excluded.attempted_at, failure = excluded.failure",
        [scan, failure],
    )


def known_versions(connection: psycopg.Connection) -> KnownVersions:
    """Return the row versions that were last recorded, by day and fingerprint group."""
    rows = connection.execute(
        "SELECT conversation_date, fingerprint_group, versions, fingerprint FROM row_versions"
    ).fetchall()
    groups = {group.key: group for group in FingerprintGroup}
    return {(date, groups[key]): Versions(*values) for date, key, *values in rows if key in groups}


def record_versions(connection: psycopg.Connection, versions: KnownVersions) -> None:
    """Record which versions of a day's rows have which fingerprint."""
    rows = [(date, group.key, value.total, value.fingerprint) for (date, group), value in versions.items()]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO row_versions (conversation_date, fingerprint_group, versions, fingerprint)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (conversation_date, fingerprint_group) DO UPDATE SET"
            " versions = excluded.versions, fingerprint = excluded.fingerprint",
            rows,
        )
