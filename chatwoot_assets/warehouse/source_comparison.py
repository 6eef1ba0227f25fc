"""What the passes over Chatwoot found, kept locally: how far the local tables can be trusted, and since when.

Written by whoever compares; read by the freshness checks and `chatwoot-assets status`, also while Chatwoot
cannot be reached. Comparing itself is `automation/changes.py`'s business.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import psycopg

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.row_versions import KnownVersions, Versions
from chatwoot_assets.partitions import Day

RECENT = "recent"
FULL = "full"


@dataclass(frozen=True)
class Comparison:
    """The state of one kind of pass.

    Attributes:
        attempted_at: when it was tried last.
        compared_at: the instant of Chatwoot that was compared last; None where it never was.
        failure: why the last attempt could not be made; None where it was.
    """

    attempted_at: datetime.datetime
    compared_at: datetime.datetime | None
    failure: str | None


@dataclass(frozen=True)
class SyncStatus:
    """What is known of the local tables against Chatwoot.

    Attributes:
        passes: the state of each kind of pass that was ever tried.
        differing: the days seen to differ and not loaded again since, each with the instant of Chatwoot at
            which that was seen first.
    """

    passes: dict[str, Comparison]
    differing: dict[datetime.date, datetime.datetime]

    @property
    def compared_at(self) -> datetime.datetime | None:
        """The last instant of Chatwoot that was compared, by any kind of pass."""
        return max((one.compared_at for one in self.passes.values() if one.compared_at), default=None)

    @property
    def failure(self) -> str | None:
        """Why the latest attempt of all could not be made; None where it was, or there was none."""
        latest = max(self.passes.values(), key=lambda one: one.attempted_at, default=None)
        return latest.failure if latest else None

    @property
    def watermark(self) -> datetime.datetime | None:
        """The instant up to which the local tables hold what Chatwoot held; None where that is not known."""
        return min(self.differing.values(), default=self.compared_at)


def read_sync_status(connection: psycopg.Connection) -> SyncStatus:
    """Return what is known now."""
    passes = connection.execute("SELECT pass, attempted_at, compared_at, failure FROM source_comparison").fetchall()
    # What was loaded from a later snapshot than the one that differed is not known to differ.
    differing = connection.execute(
        "SELECT conversation_date, CASE WHEN since > coalesce(snapshot_at, '-infinity') THEN since ELSE seen_at END"
        " FROM differing_day LEFT JOIN partition_state USING (conversation_date)"
        " WHERE snapshot_at IS NULL OR seen_at > snapshot_at"
        " OR conversation_date NOT IN (SELECT conversation_date FROM complete_day)"
    ).fetchall()
    return SyncStatus({name: Comparison(*values) for name, *values in passes}, dict(differing))


_RECORD_COMPARISON = """
INSERT INTO source_comparison (pass, attempted_at, compared_at, days)
VALUES (%s, clock_timestamp(), %s, %s)
ON CONFLICT (pass) DO UPDATE SET
    attempted_at = excluded.attempted_at, compared_at = excluded.compared_at, days = excluded.days, failure = NULL
"""
# A difference that was repaired since it was seen first, and came back, is a new one.
_RECORD_DIFFERING = """
INSERT INTO differing_day (conversation_date, since, seen_at)
SELECT unnest(%(dates)s::date[]), %(at)s, %(at)s
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
    name: str,
    compared_at: datetime.datetime,
    compared: list[Day],
    differing: list[Day],
) -> None:
    """Record a pass that was made.

    Args:
        connection: a session on the local database.
        name: the kind of pass.
        compared_at: the instant of Chatwoot that was compared.
        compared: the days that were compared in full.
        differing: the days that differ, among these or others.
    """
    with connection.transaction():
        connection.execute(_RECORD_COMPARISON, [name, compared_at, len(compared)])
        connection.execute(
            "DELETE FROM differing_day WHERE conversation_date = ANY(%s) AND seen_at <= %s",
            [sorted(day.date for day in set(compared) - set(differing)), compared_at],
        )
        dates = [day.date for day in differing]
        connection.execute(_RECORD_DIFFERING, {"dates": dates, "at": compared_at})


def record_failure(connection: psycopg.Connection, name: str, failure: str) -> None:
    """Record a pass that could not be made; what was known before stays."""
    connection.execute(
        "INSERT INTO source_comparison (pass, attempted_at, failure) VALUES (%s, clock_timestamp(), %s)"
        " ON CONFLICT (pass) DO UPDATE SET attempted_at = excluded.attempted_at, failure = excluded.failure",
        [name, failure],
    )


def known_versions(connection: psycopg.Connection) -> KnownVersions:
    """Return of days the versions of their rows, as they were recorded last."""
    groups = {group.key: group for group in FingerprintGroup}
    rows = connection.execute("SELECT conversation_date, reading, versions, fingerprint FROM row_versions").fetchall()
    return {(date, groups[key]): Versions(*values) for date, key, *values in rows if key in groups}


def record_versions(connection: psycopg.Connection, versions: KnownVersions) -> None:
    """Record of days which versions of their rows have which fingerprint."""
    rows = [(date, group.key, value.total, value.fingerprint) for (date, group), value in versions.items()]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO row_versions (conversation_date, reading, versions, fingerprint) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (conversation_date, reading) DO UPDATE SET"
            " versions = excluded.versions, fingerprint = excluded.fingerprint",
            rows,
        )
