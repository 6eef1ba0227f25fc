"""A source, a target and a project between them, used for one history after another.

The target is a server of its own, since histories restart it. Its commits are not put off: what a crash of
the server may lose is not ours to repair.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import dagster as dg
import psycopg

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.partitions import today
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets_tests.dagster_private import InstanceRef
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import UNSAFE, stop_at_once
from chatwoot_assets_tests.soak.automation import Range, instance_in, night, tick
from chatwoot_assets_tests.soak.source import HistorySource
from chatwoot_assets_tests.soak.workers import Worker, workers

DAYS_AGO = 12
_SETTINGS = {**UNSAFE, "synchronous_commit": "on"}


@dataclass
class Bench:
    """What histories happen on."""

    project: Project
    source: HistorySource
    worker: Worker
    server: embedded.EmbeddedPostgres
    nights: InstanceRef
    _target: psycopg.Connection | None = field(default=None)

    @property
    def start(self) -> datetime.date:
        return self.project.settings.partitions_start_date

    @property
    def today(self) -> datetime.date:
        return today(self.project.settings.reporting_timezone)

    def begin(self) -> None:
        """Forget the last history: nothing is in the source, nothing is loaded.

        Not row_versions: what is there of another history's rows must mislead no comparison.
        """
        self.source.begin()
        target = self.target()
        for table in ("conversas_analytics", "daily_summary", "partition_state", "metric_state", *TABLES):
            target.execute(f"TRUNCATE {table}".encode())
        shutil.rmtree(self.project.settings.extracts_url, ignore_errors=True)

    @property
    def populated(self) -> list[datetime.date]:
        """The days on which there are conversations when a history begins."""
        return [self.start + datetime.timedelta(days=number) for number in range(0, DAYS_AGO + 1, 3)]

    def target(self) -> psycopg.Connection:
        """Return a connection to the target, which a restart may have taken."""
        if self._target is not None:
            try:
                self._target.execute("SELECT 1")
            except psycopg.OperationalError:
                self._target.close()
                self._target = None
        if self._target is None:
            self._target = psycopg.connect(self.project.target_url, autocommit=True)
        return self._target

    def restart_target(self) -> None:
        """Crash the target's server and start it again."""
        stop_at_once(self.server.directory)
        embedded.start(self.server.directory, _SETTINGS)

    def terminate_loads(self) -> None:
        """Drop every connection of ours to the target."""
        self.target().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'chatwoot_assets' AND datname = current_database()"
        )

    def tick(self, instance: dg.DagsterInstance, cursor: str | None) -> tuple[list[Range], str | None]:
        """Evaluate the sensor; see `automation.tick`."""
        return tick(self.project, instance, cursor)

    def night(self) -> list[Range]:
        """Evaluate the nightly schedule, which knows of no run here: a failed one does not hold it up."""
        return night(self.project, self.nights)


@contextmanager
def bench(source_url: str, directory: Path) -> Iterator[Bench]:
    """Build a bench in a directory, with an empty database as its source; all of it goes at the end."""
    server = embedded.start(directory / "target", _SETTINGS)
    try:
        project = Project.create(source_url, server.url("target"), directory)
        start = today(project.settings.reporting_timezone) - datetime.timedelta(days=DAYS_AGO)
        project = replace(project, settings=replace(project.settings, partitions_start_date=start))
        source = HistorySource(source_url)
        source.begin()
        project.load(start)  # makes the target's tables
        with workers(1) as (worker,):
            made = Bench(project, source, worker, server, instance_in(directory / "instance"))
            yield made
            made.target().close()
        source.close()
    finally:
        embedded.release(server)
        shutil.rmtree(server.directory, ignore_errors=True)
