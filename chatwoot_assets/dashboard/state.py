"""What is known of the local tables as a whole: the loaded days, as of when, and whether they are Chatwoot's still.

Asked at most every half minute for all viewers together. While the database cannot be reached the last answer
stays, so that what was read before goes on being shown, with the reason beside it.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import logging
import threading
import time
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filters import ONE_DAY, Period
from chatwoot_assets.errors import UserError
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, SyncStatus, read_sync_status

SECONDS_BETWEEN_LOOKS = 30
SECONDS_AFTER_FAILURE = 5

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadedDay:
    """A row of partition_state: a loaded day, how many rows it has, and whether the metrics are of these rows."""

    conversation_date: datetime.date
    conversations: int
    messages: int
    rated: int
    snapshot_at: datetime.datetime
    loaded_at: datetime.datetime
    summarized_at: datetime.datetime | None
    measured_at: datetime.datetime | None
    is_measured: bool


@dataclass(frozen=True)
class Pass:
    """A row of source_comparison: a kind of pass over Chatwoot, and how many days it compared in full."""

    kind: str
    attempted_at: datetime.datetime
    compared_at: datetime.datetime | None
    days: int | None
    failure: str | None


@dataclass(frozen=True)
class State:
    """The local tables at one time.

    Attributes:
        days: the loaded days.
        trust: what the passes over Chatwoot found.
        passes: the kinds of pass.
    """

    days: dict[datetime.date, LoadedDay]
    trust: SyncStatus
    passes: tuple[Pass, ...]

    @functools.cached_property
    def version(self) -> str:
        """What changes whenever a day was loaded, measured or removed; what was read before it is then read again."""
        times = sorted(
            (day.conversation_date, day.loaded_at, day.summarized_at, day.measured_at, day.is_measured)
            for day in self.days.values()
        )
        return hashlib.sha256(repr(times).encode()).hexdigest()

    @property
    def as_of(self) -> datetime.datetime | None:
        """The instant of Chatwoot that the newest load shows."""
        return max((day.snapshot_at for day in self.days.values()), default=None)

    def holds(self, period: Period) -> bool:
        """Whether every day of a period is loaded."""
        return all(date in self.days for date in period.dates())

    def condition(self, date: datetime.date, today: datetime.date) -> str:
        """Return in one word whether a loaded day is Chatwoot's still.

        It is equal, differs, unmeasured, unsummarized, or uncompared.
        """
        if date in self.trust.differing:
            return "differs"
        if not self.days[date].is_measured:
            return "unmeasured"
        if self.days[date].summarized_at is None:
            return "unsummarized"
        compared = {one.kind: one.days or 0 for one in self.passes if one.compared_at}
        is_recent = date > today - compared.get(RECENT, 0) * ONE_DAY
        return "equal" if FULL in compared or is_recent else "uncompared"


NOTHING = State({}, SyncStatus({}, {}), ())


def read_state(connection: psycopg.Connection) -> State:
    """Return the state of the local tables now; of tables that are not there yet, that nothing is loaded."""
    if connection.execute("SELECT to_regclass('complete_day')").fetchone() == (None,):
        return NOTHING
    with connection.cursor(row_factory=class_row(LoadedDay)) as cursor:
        days = cursor.execute(compose(sql_path("dashboard", "loaded_days.sql"))).fetchall()
    passes = connection.execute(compose(sql_path("dashboard", "passes.sql"))).fetchall()
    return State(
        {day.conversation_date: day for day in days}, read_sync_status(connection), tuple(Pass(*one) for one in passes)
    )


class StatusCache:
    """Looks at the state now and then, and remembers it."""

    def __init__(self, sessions: ReadOnlyPool) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._look_again_at = 0.0
        self._state: State | None = None
        self._failed_since: datetime.datetime | None = None

    def look(self) -> tuple[State | None, datetime.datetime | None]:
        """Return the last known state, None where there is none, and since when the database does not answer."""
        with self._lock:
            if time.monotonic() >= self._look_again_at:
                self._look()
            return self._state, self._failed_since

    def failed(self) -> None:
        """Say that a query failed: look again before the next one."""
        with self._lock:
            self._look_again_at = 0.0

    def _look(self) -> None:
        try:
            self._state = self._sessions.read(read_state)
        except UserError as error:
            # The page says what a viewer can do; where the server is and why it refuses is the operator's business.
            _LOG.error("%s", error)
            self._failed_since = self._failed_since or datetime.datetime.now(datetime.timezone.utc)
            self._look_again_at = time.monotonic() + SECONDS_AFTER_FAILURE
        else:
            self._failed_since = None
            self._look_again_at = time.monotonic() + SECONDS_BETWEEN_LOOKS
