"""The data and the servers of a benchmark: a sample Chatwoot on one PostgreSQL, an empty database on another.

Both are embedded servers below `.bench/`, with their default settings; the sample is made once for each size.
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

from chatwoot_assets.sample import embedded
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.source.views import create_views

HOME = Path(__file__).parent.parent / ".bench"
ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
LAST_DAY = datetime.date(2025, 12, 31)
DAYS = 365
SCHEMA = "chatwoot_analytics"


@dataclass(frozen=True)
class Bench:
    """A source that holds a sample with its views, and a target."""

    source: embedded.EmbeddedPostgres
    target: embedded.EmbeddedPostgres
    source_url: str
    conversations: int
    messages: int

    @property
    def first_day(self) -> datetime.date:
        return LAST_DAY - datetime.timedelta(days=DAYS - 1)

    def new_target(self, name: str) -> str:
        """Return the URL of an empty database on the target."""
        with psycopg.connect(self.target.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        return self.target.url(name)

    def describe(self) -> dict[str, object]:
        """Return machine, servers and data, for the results' head."""
        with psycopg.connect(self.source_url) as connection:
            settings = dict(
                connection.execute(
                    "SELECT name, current_setting(name) FROM pg_settings"
                    " WHERE name IN ('shared_buffers', 'work_mem', 'fsync', 'synchronous_commit', 'max_wal_size')"
                ).fetchall()
            )
            version = connection.info.server_version
        return {
            "machine": f"{platform.machine()}, {_cores()} cores, {_memory_gb():.0f} GB",
            "python": sys.version.split()[0],
            "postgresql": f"{version // 10000}.{version % 10000}, source and target on this machine",
            "settings": settings,
            "data": f"{self.conversations:,} conversations, {self.messages:,} messages, {DAYS} days",
        }


@contextmanager
def bench(conversations: int) -> Iterator[Bench]:
    """Open a bench with a sample of about so many conversations, made where it is not there yet."""
    source, target = embedded.start(HOME / "source"), embedded.start(HOME / "target")
    try:
        url = source.url(f"chatwoot_{conversations}")
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.execute("SELECT to_regclass('public.conversations')").fetchone() == (None,):
                print(f"making a sample of {conversations:,} conversations", file=sys.stderr)
                create_sample(url, SampleSize(conversations, DAYS, LAST_DAY), _show)
                connection.execute("VACUUM ANALYZE")
            with connection.transaction():
                create_views(connection, SCHEMA, ZONE.key)
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM messages)"
            ).fetchone()
        assert counts is not None
        yield Bench(source, target, url, *counts)
    finally:
        embedded.release(source)
        embedded.release(target)


def _show(what: str, done: int, total: int) -> None:
    print(f"\r{what}: {done:,} of {total:,}   ", end="", file=sys.stderr, flush=True)


def _cores() -> int:
    return len(Path("/proc/cpuinfo").read_text().split("\nprocessor"))


def _memory_gb() -> float:
    line = Path("/proc/meminfo").read_text().splitlines()[0]
    return int(line.split()[1]) / 1e6
