"""The status of the warehouse: which days are loaded, as of when, and whether they still match Chatwoot.

It is read at most once every 30 seconds for all viewers together. While the database cannot be reached, the last
status stays valid: viewers still see what was read before, with a notice above it.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg.rows import class_row

from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filters import ONE_DAY, Period
from chatwoot_assets.errors import UserError
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, SyncStatus, read_sync_status

REFRESH_SECONDS = 30
RETRY_SECONDS = 5
Freshness = Literal["as_of", "equal", "recent_equal"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadedDay:
    """A loaded day: a row of `sql/dashboard/loaded_days.sql`.

    Attributes:
        conversation_date: The day.
        conversations, messages, rated: The numbers of its rows.
        snapshot_at: The instant of Chatwoot that the rows show.
        loaded_at: When they were loaded.
        is_current: Whether the sums were computed from these rows; otherwise the day has to be loaded again.
    """

    conversation_date: datetime.date
    conversations: int
    messages: int
    rated: int
    snapshot_at: datetime.datetime
    loaded_at: datetime.datetime
    is_current: bool


@dataclass(frozen=True)
class Scan:
    """The last scan of one kind: a row of `sql/dashboard/scans.sql`.

    Attributes:
        scan: The kind of scan, FULL or RECENT.
        attempted_at: When it was last attempted.
        compared_at: The instant of Chatwoot that it last compared, or None if it never succeeded.
        days: How many days it compared in full.
        failure: Why the last attempt failed, or None if it succeeded.
    """

    scan: str
    attempted_at: datetime.datetime
    compared_at: datetime.datetime | None
    days: int | None
    failure: str | None


@dataclass(frozen=True)
class WarehouseStatus:
    """The status of the warehouse at one time.

    Attributes:
        days: The loaded days.
        sync: What the scans found out about them.
        scans: The last scan of each kind.
    """

    days: dict[datetime.date, LoadedDay]
    sync: SyncStatus
    scans: tuple[Scan, ...]

    @functools.cached_property
    def version(self) -> str:
        """A hash that changes whenever a day is loaded, loses conversations or is removed."""
        times = sorted(
            (day.conversation_date, day.loaded_at, day.conversations, day.is_current) for day in self.days.values()
        )
        return hashlib.sha256(repr(times).encode()).hexdigest()

    @property
    def as_of(self) -> datetime.datetime | None:
        """The instant of Chatwoot that the newest load shows."""
        return max((day.snapshot_at for day in self.days.values()), default=None)

    @property
    def freshness(self) -> tuple[Freshness, datetime.datetime | None]:
        """What is known about how fresh the data are, and the instant of Chatwoot.

        Returns:
            equal if a full comparison after the newest load found nothing that differs; recent_equal if a scan did,
            which compares the newest days in full but only some of the older ones; otherwise as_of, the newest load.
        """
        compared_at = self.sync.compared_at
        is_current = not self.sync.differing and all(day.is_current for day in self.days.values())
        if self.as_of is None or compared_at is None or compared_at <= self.as_of or not is_current:
            return "as_of", self.as_of
        full = self.sync.scans.get(FULL)
        return "equal" if full and full.compared_at == compared_at else "recent_equal", compared_at

    @property
    def known_until(self) -> datetime.datetime | None:
        """The instant of Chatwoot up to which today's numbers reach.

        That is the newest load, or a later scan that found everything equal. Scans are rounded down to five minutes,
        so that what depends on it is not computed again every minute.
        """
        compared_at = self.sync.compared_at
        if self.as_of is None or compared_at is None or self.sync.differing:
            return self.as_of
        rounded = compared_at.replace(minute=compared_at.minute - compared_at.minute % 5, second=0, microsecond=0)
        return max(self.as_of, rounded)

    def has_loaded(self, period: Period) -> bool:
        """Return whether every day of a period is loaded."""
        return all(date in self.days for date in period.dates())

    def day_condition(self, date: datetime.date, today: datetime.date) -> str:
        """Return the condition of a day.

        Returns:
            matches, differs, outdated, not_compared or not_loaded.
        """
        if date not in self.days:
            return "not_loaded"
        if date in self.sync.differing:
            return "differs"
        if not self.days[date].is_current:
            return "outdated"
        compared_days = {scan.scan: scan.days or 0 for scan in self.scans if scan.compared_at}
        is_recent = date > today - compared_days.get(RECENT, 0) * ONE_DAY
        return "matches" if FULL in compared_days or is_recent else "not_compared"


EMPTY = WarehouseStatus({}, SyncStatus({}, {}), ())


def read_status(connection: psycopg.Connection) -> WarehouseStatus:
    """Return the current status; EMPTY if the tables do not exist yet."""
    if connection.execute("SELECT to_regclass('partition_state')").fetchone() == (None,):
        return EMPTY
    with connection.cursor(row_factory=class_row(LoadedDay)) as cursor:
        days = cursor.execute(compose(sql_path("dashboard", "loaded_days.sql"))).fetchall()
    with connection.cursor(row_factory=class_row(Scan)) as cursor:
        scans = cursor.execute(compose(sql_path("dashboard", "scans.sql"))).fetchall()
    return WarehouseStatus({day.conversation_date: day for day in days}, read_sync_status(connection), tuple(scans))


class StatusCache:
    """Reads the status of the warehouse from time to time, and remembers the last one."""

    def __init__(self, pool: ReadOnlyPool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._next_read = 0.0
        self._status: WarehouseStatus | None = None
        self._failing_since: datetime.datetime | None = None

    def get(self) -> tuple[WarehouseStatus | None, datetime.datetime | None]:
        """Return the last known status, or None, and since when the database does not answer."""
        with self._lock:
            if time.monotonic() >= self._next_read:
                self._read()
            return self._status, self._failing_since

    def expire(self) -> None:
        """Read the status again on the next call: a query failed."""
        with self._lock:
            self._next_read = 0.0

    def _read(self) -> None:
        try:
            self._status = self._pool.read(read_status)
        except UserError as error:
            # The page tells viewers what they can do. Which server it is and why it refuses is for the operator only.
            _LOG.error("%s", error)
            self._failing_since = self._failing_since or datetime.datetime.now(datetime.timezone.utc)
            self._next_read = time.monotonic() + RETRY_SECONDS
        else:
            self._failing_since = None
            self._next_read = time.monotonic() + REFRESH_SECONDS
