"""The environment of random histories: a source, a target and a project.

It is reused for one history after another. The target has a separate server because histories restart it. It commits
synchronously: the product cannot repair what a crash of a server with asynchronous commits loses.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.partitions import today
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import UNSAFE, stop_at_once
from chatwoot_assets_tests.soak.automation import Range, compare_everything, evaluate_sensor
from chatwoot_assets_tests.soak.dagster_database import DagsterDatabase, open_dagster_database
from chatwoot_assets_tests.soak.source import HistorySource
from chatwoot_assets_tests.soak.worker_client import Worker, start_workers

DAYS_AGO = 12
_SETTINGS = {**UNSAFE, "synchronous_commit": "on"}


@dataclass
class SoakEnvironment:
    """The parts of an environment, and the operations that histories need.

    Attributes:
        project: The project between source and target.
        source: The source, and what happens in it.
        worker: A process for runs that are killed.
        server: The target's server.
        dagster: Dagster's database, on the source's server.
    """

    project: Project
    source: HistorySource
    worker: Worker
    server: embedded.EmbeddedPostgres
    dagster: DagsterDatabase
    _target: psycopg.Connection | None = field(default=None)

    @property
    def start(self) -> datetime.date:
        """The date of the first partition."""
        return self.project.settings.partitions_start_date

    @property
    def today(self) -> datetime.date:
        """The date of the last partition."""
        return today(self.project.settings.reporting_timezone)

    def reset(self) -> None:
        """Empty the source, the target and Dagster's database for the next history.

        The table conversation_block is kept: rows of an earlier history in it must not mislead any comparison.
        """
        self.source.reset()
        self.dagster.instance.wipe()
        target = self.target()
        state = ("partition_state", "source_comparison", "differing_day", "unchecked_day")
        for table in ("conversas_analytics", "messages", "daily_summary", *state, *TABLES):
            target.execute(f"TRUNCATE {table}".encode())
        shutil.rmtree(self.project.settings.extracts_url, ignore_errors=True)

    @property
    def populated_dates(self) -> list[datetime.date]:
        """The dates that have conversations when a history begins."""
        return [self.start + datetime.timedelta(days=number) for number in range(0, DAYS_AGO + 1, 3)]

    def target(self) -> psycopg.Connection:
        """Return a connection to the target; a restart may have closed the previous one."""
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
        """Close every connection of the product to the target."""
        self.target().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'chatwoot_assets' AND datname = current_database()"
        )

    def evaluate_sensor(self) -> list[Range]:
        """Evaluate the sensor; see `automation.evaluate_sensor`."""
        return evaluate_sensor(self.project, self.dagster.instance)

    def compare_everything(self) -> list[Range]:
        """Run a full comparison; see `automation.compare_everything`."""
        return compare_everything(self.project)


@contextmanager
def soak_environment(source_url: str, dagster_url: str, directory: Path) -> Iterator[SoakEnvironment]:
    """Build an environment in a directory, on two empty databases; remove it at the end."""
    server = embedded.start(directory / "target", _SETTINGS)
    try:
        project = Project.create(source_url, server.url("target"), directory)
        start = today(project.settings.reporting_timezone) - datetime.timedelta(days=DAYS_AGO)
        project = replace(project, settings=replace(project.settings, partitions_start_date=start))
        source = HistorySource(source_url)
        source.reset()
        project.load(start)  # creates the target's tables
        with (
            open_dagster_database(dagster_url, directory / "dagster") as dagster,
            start_workers(1) as (worker,),
        ):
            environment = SoakEnvironment(project, source, worker, server, dagster)
            yield environment
            environment.target().close()
        source.close()
    finally:
        embedded.release(server)
        shutil.rmtree(server.directory, ignore_errors=True)
