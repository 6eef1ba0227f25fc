"""The data and servers of a benchmark: a sample Chatwoot, and a target on another server.

All servers are below `.bench/`, with their default settings. A sample is made once for each size. The source is an
embedded server, or Debian's, which has statistics of statements.
"""

from __future__ import annotations

import datetime
import platform
import sys
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.servers import Statistics, server_with_statistics
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import Warehouse, current_warehouses
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.create import create_views
from chatwoot_assets.view_options import ViewOptions

HOME = Path(__file__).parent.parent / ".bench"
ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
LAST_DAY = datetime.date(2025, 12, 31)
DAYS = 365
SCHEMA = "chatwoot_analytics"
GROWTH = 5


@dataclass(frozen=True)
class Bench:
    """A source with a sample and its views, and a target.

    Attributes:
        source: The source server.
        target: The target server.
        database: The sample's database on the source.
        requested: How many conversations were requested of the generator, which makes about that number.
        conversations: How many conversations the sample has.
        messages: How many messages the sample has.
        days: How many days the sample has.
        has_statistics: Whether the source has statistics of statements.
    """

    source: embedded.EmbeddedPostgres
    target: embedded.EmbeddedPostgres
    database: str
    requested: int
    conversations: int
    messages: int
    days: int = DAYS
    has_statistics: bool = False

    @property
    def source_url(self) -> str:
        """The URL of the sample Chatwoot."""
        return self.source.url(self.database)

    @property
    def first_day(self) -> datetime.date:
        """The date of the sample's first day."""
        return LAST_DAY - datetime.timedelta(days=self.days - 1)

    @property
    def all_days(self) -> list[Day]:
        """The sample's days, in order."""
        return [day(self.first_day + datetime.timedelta(days=number), ZONE) for number in range(self.days)]

    @property
    def data(self) -> str:
        """The size of the sample, in words."""
        return f"{self.conversations:,} conversations, {self.messages:,} messages, {self.days:,} days"

    def new_target(self, name: str) -> str:
        """Return the URL of an empty database on the target."""
        with psycopg.connect(self.target.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        url = self.target.url(name)
        current_warehouses.discard(Warehouse(url=url).key)
        return url

    def grown(self) -> Bench:
        """Return a bench on the same servers with five times the history, equally many per day."""
        return self.with_sample(self.requested * GROWTH, self.days * GROWTH)

    def with_sample(self, conversations: int, days: int = DAYS) -> Bench:
        """Return a bench on the same servers with another sample, which is made if missing."""
        return _open_sample(self.source, self.target, conversations, days, has_statistics=self.has_statistics)

    def statistics(self) -> Statistics:
        """Return the statistics of the sample's database."""
        return Statistics(self.source, self.database)

    def describe(self) -> dict[str, object]:
        """Return machine, servers and data, for the header of the results."""
        names = "('shared_buffers', 'work_mem', 'fsync', 'synchronous_commit', 'max_wal_size', 'jit')"
        settings, versions = {}, {}
        for name, url in (("source", self.source_url), ("target", self.target.url("postgres"))):
            with psycopg.connect(url) as connection:
                query = f"SELECT name, current_setting(name) FROM pg_settings WHERE name IN {names} ORDER BY 1"
                values = connection.execute(query.encode()).fetchall()
                version = connection.info.server_version
            settings[name] = ", ".join(f"{setting} {value}" for setting, value in values)
            versions[name] = f"{version // 10000}.{version % 10000}"
        return {
            "machine": f"{platform.machine()}, {_cores()} cores, {_memory_gb():.0f} GB",
            "python": sys.version.split()[0],
            "postgresql": ", ".join(f"{name} {version}" for name, version in versions.items()) + ", on this machine",
            "settings of the source": settings["source"],
            "settings of the target": settings["target"],
            "data": self.data,
        }


@contextmanager
def open_bench(conversations: int, *, has_statistics: bool = False) -> Iterator[Bench]:
    """Open a bench with a sample of a year.

    Args:
        conversations: About how many conversations the sample has.
        has_statistics: Whether the source must have statistics of statements.
    """
    target = embedded.start(HOME / "target")
    try:
        with server_with_statistics(HOME / "pg") if has_statistics else _embedded_source() as source:
            yield _open_sample(source, target, conversations, DAYS, has_statistics=has_statistics)
    finally:
        embedded.release(target)


@contextmanager
def _embedded_source() -> Iterator[embedded.EmbeddedPostgres]:
    source = embedded.start(HOME / "source")
    try:
        yield source
    finally:
        embedded.release(source)


def _open_sample(
    source: embedded.EmbeddedPostgres,
    target: embedded.EmbeddedPostgres,
    conversations: int,
    days: int,
    *,
    has_statistics: bool,
) -> Bench:
    name = f"chatwoot_{conversations}" if days == DAYS else f"chatwoot_{conversations}_{days}"
    url = source.url(name)
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('public.conversations')").fetchone() == (None,):
            print(f"making a sample of {conversations:,} conversations in {days:,} days", file=sys.stderr)
            create_sample(url, SampleSize(conversations, days, LAST_DAY), _show)
            connection.execute("VACUUM ANALYZE")
            print(file=sys.stderr)
        with connection.transaction():
            create_views(connection, ViewOptions(SCHEMA, ZONE.key))
        row_counts = connection.execute(
            "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM messages)"
        ).fetchone()
    assert row_counts is not None
    loaded, messages = row_counts
    return Bench(source, target, name, conversations, loaded, messages, days, has_statistics)


def _show(task: str, done: int, total: int) -> None:
    print(f"\r{task}: {done:,} of {total:,}   ", end="", file=sys.stderr, flush=True)


def _cores() -> int:
    return len(Path("/proc/cpuinfo").read_text().split("\nprocessor"))


def _memory_gb() -> float:
    line = Path("/proc/meminfo").read_text().splitlines()[0]
    return int(line.split()[1]) / 1e6
