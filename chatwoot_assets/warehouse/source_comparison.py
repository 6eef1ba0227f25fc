"""The results of the scans of Chatwoot, kept in the warehouse: up to which instant its tables equal Chatwoot.

`change_detection/` scans and writes them. The freshness checks, the dashboard and `chatwoot-assets status` read them,
also while Chatwoot cannot be reached.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from chatwoot_assets.partitions import Day

# The kinds of scan: the frequent one of recent changes, and the full comparison.
RECENT = "recent"
FULL = "full"


@dataclass(frozen=True)
class ScanState:
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

    scans: dict[str, ScanState]
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
    """Return what the scans up to now have found."""
    scans = connection.execute("SELECT scan, attempted_at, compared_at, failure FROM source_comparison").fetchall()
    # A day that was loaded from a later snapshot than the one that differed is not known to differ.
    differing = connection.execute(
        "SELECT conversation_date, CASE WHEN since > coalesce(snapshot_at, '-infinity') THEN since ELSE seen_at END"
        " FROM differing_day LEFT JOIN partition_state USING (conversation_date)"
        " WHERE snapshot_at IS NULL OR seen_at > snapshot_at"
        " OR definition IS NULL OR conversations_fingerprint IS NULL"
    ).fetchall()
    return SyncStatus({scan: ScanState(*values) for scan, *values in scans}, dict(differing))


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


def record_equal(connection: psycopg.Connection, equal_at: Mapping[datetime.date, datetime.datetime]) -> None:
    """Record that days were equal to Chatwoot, each at an instant, although a scan had seen a difference before.

    A day is loaded while it is scanned, or a change is undone: without this, it would be requested again and again.
    """
    connection.execute(
        "DELETE FROM differing_day USING unnest(%s::date[], %s::timestamptz[]) AS equal (conversation_date, equal_at)"
        " WHERE differing_day.conversation_date = equal.conversation_date AND seen_at <= equal.equal_at",
        [list(equal_at), list(equal_at.values())],
    )


def record_failure(connection: psycopg.Connection, scan: str, failure: str) -> None:
    """Record a scan that failed; what was known before stays."""
    connection.execute(
        "INSERT INTO source_comparison (scan, attempted_at, failure) VALUES (%s, clock_timestamp(), %s)"
        " ON CONFLICT (scan) DO UPDATE SET attempted_at = excluded.attempted_at, failure = excluded.failure",
        [scan, failure],
    )


def read_position(connection: psycopg.Connection, scan: str) -> dict[str, Any]:
    """Return where the next scan of a kind continues; empty if there was none."""
    row = connection.execute("SELECT position FROM source_comparison WHERE scan = %s", [scan]).fetchone()
    return dict(row[0]) if row else {}


def record_position(connection: psycopg.Connection, scan: str, position: dict[str, Any]) -> None:
    """Record where the next scan of a kind continues."""
    connection.execute(
        "INSERT INTO source_comparison (scan, attempted_at, position) VALUES (%s, clock_timestamp(), %s)"
        " ON CONFLICT (scan) DO UPDATE SET attempted_at = excluded.attempted_at, position = excluded.position,"
        " failure = NULL",
        [scan, Jsonb(position)],
    )


def missing_messages(connection: psycopg.Connection, ids: list[int]) -> set[int]:
    """Return which of some messages of Chatwoot are not loaded."""
    rows = connection.execute(
        "SELECT seen.id FROM unnest(%s::bigint[]) AS seen (id)"
        " WHERE NOT EXISTS (SELECT FROM messages WHERE messages.id = seen.id)",
        [ids],
    ).fetchall()
    return {id_ for (id_,) in rows}
