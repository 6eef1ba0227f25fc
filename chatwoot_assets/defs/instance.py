"""Dagster's instance and its storage: DAGSTER_POSTGRES_URL, or a database on the embedded server.

`dagster.yaml` names `InstanceStorage`, so `dg dev`, `dagster dev` and the command line share one instance. It is on
PostgreSQL everywhere, because SQLite locks during backfills.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
import dagster as dg
from dagster_postgres import DagsterPostgresStorage

from chatwoot_assets.dagster_internals import BatchedEventStorage, CurrentScheduleStorage, quiet_run_queue
from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL, database_url, explicit_url
from chatwoot_assets.defs.dagster_home import ensure_dagster_home
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import connect, embedded_url
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_errors import translate_errors

if TYPE_CHECKING:
    from chatwoot_assets.dagster_internals import ConfigurableClassData


class InstanceStorage(DagsterPostgresStorage):
    """Dagster's PostgreSQL storage, at a URL that is looked up when the storage is opened."""

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None) -> None:
        """Open the storage and keep a connection to it.

        By default Dagster connects anew for every event and writes events one by one. A run of 365 days has 3,700
        events, which took two thirds of its time. The settings of its webserver keep a connection; the batch size
        applies to the events of a step.
        """
        super().__init__(postgres_url, inst_data=inst_data)
        self._batched_events = BatchedEventStorage(postgres_url)
        self._current_schedules = CurrentScheduleStorage(postgres_url)
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "200")
        quiet_run_queue()
        for storage in (self.run_storage, self.event_log_storage, self.schedule_storage):
            storage.optimize_for_webserver(statement_timeout=60_000, pool_recycle=3_600, max_overflow=20)

    @property
    def event_log_storage(self) -> BatchedEventStorage:
        """The storage of events."""
        return self._batched_events

    @property
    def schedule_storage(self) -> CurrentScheduleStorage:
        """The storage of sensors and schedules."""
        return self._current_schedules

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return the configuration schema, which is empty."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> InstanceStorage:
        """Open the storage as dagster.yaml requests."""
        assert not config_value  # config_type allows no keys
        return cls(postgres_url=_sqlalchemy_url(), inst_data=inst_data)


def _sqlalchemy_url() -> str:
    """Return the storage's URL with its driver.

    SQLAlchemy 2.1 takes psycopg 3 as the driver of `postgresql://`, with which Dagster does not work.
    """
    url = explicit_url(database_url(DAGSTER_POSTGRES_URL) or embedded_url(embedded.DAGSTER_DATABASE))
    return "postgresql+psycopg2://" + url.partition("://")[2]


def open_instance() -> dg.DagsterInstance:
    """Return the instance that the UI shows.

    Raises:
        UserError: The storage cannot be reached. Dagster would retry for a while and end in a traceback.
    """
    ensure_dagster_home()
    url = database_url(DAGSTER_POSTGRES_URL)
    if url:
        with translate_errors(UserError, DAGSTER_POSTGRES_URL):
            connect(url).close()
    instance = dg.DagsterInstance.get()
    if warning := storage_warning(instance):
        click.echo(f"warning: {warning}", err=True)
    return instance


def storage_warning(instance: dg.DagsterInstance) -> str | None:
    """Return a warning about a storage that a user's own `dagster.yaml` names, which is slower; None for ours."""
    storage = instance.event_log_storage
    if isinstance(storage, BatchedEventStorage):
        return None
    return (
        f"Dagster's instance keeps its events in {type(storage).__name__}, which plans the partitions of a backfill in"
        " the UI one by one; docs/operating.md has the lines for dagster.yaml"
    )
