"""Dagster's own storage: DAGSTER_POSTGRES_URL, or a database on the embedded server.

`dagster.yaml` names `InstanceStorage`, so that `dg dev`, `dagster dev` and the command line share one
instance, on PostgreSQL everywhere: SQLite locks under backfills.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import psycopg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.storage.event_log import SqlEventLogStorageTable
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage, PostgresEventLogStorage
from dagster_shared.record import replace

from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL, database_url
from chatwoot_assets.defs.dagster_home import ensure_dagster_home
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import CONNECT_TIMEOUT_SECONDS, embedded_url
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_errors import translated

_WRITTEN_AT_ONCE = {
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    # Dagster does so itself, in statements that are made anew for each batch: that takes a quarter longer.
    dg.DagsterEventType.ASSET_MATERIALIZATION,
}


# As texts: of five years there are 29,000, of 1.5 kB each.
_ROWS_HELD = 1_000


class EventStorage(PostgresEventLogStorage):
    """Dagster's events in PostgreSQL; what a run plans is written at once.

    Before a run begins Dagster plans a materialization for each of its assets and days. By itself it writes these
    one by one, also where they are handed over as a batch: of a year of five assets, that took 8 s.
    """

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events; those of assets all or none, and last: what fails, Dagster stores again, one by one."""
        of_assets: list[dg.EventLogEntry] = []
        others: list[dg.EventLogEntry] = []
        for event in events:
            (of_assets if event.get_dagster_event().event_type in _WRITTEN_AT_ONCE else others).append(event)
        super().store_event_batch(others)
        if of_assets:
            self._store_at_once(of_assets)

    def _store_at_once(self, events: Sequence[dg.EventLogEntry]) -> None:
        ids_of_rows = SqlEventLogStorageTable.insert().returning(
            SqlEventLogStorageTable.c.id, sort_by_parameter_order=True
        )
        with self.index_transaction() as connection:
            ids: list[int] = []
            for first in range(0, len(events), _ROWS_HELD):
                rows = [self._event_to_row(event) for event in events[first : first + _ROWS_HELD]]
                ids += connection.execute(ids_of_rows, rows).scalars()
            self._store_asset_event_tags(connection, events, ids)
            # Of an asset its last event is kept.
            last = {event.get_dagster_event().asset_key: (event, id_) for event, id_ in zip(events, ids, strict=True)}
            for event, id_ in last.values():
                self._store_asset_event(connection, event, id_)

    def store_asset_check_event(self, event: dg.EventLogEntry, event_id: int | None) -> None:
        """Store a check's event; an evaluation is planned once, as it comes.

        Dagster plans one for each of a run's days, of checks that have no partitions too. They never come: a
        check's history would show hundreds that did not happen for each that did.
        """
        super().store_asset_check_event(_of_no_partition(event), event_id)


def _of_no_partition(event: dg.EventLogEntry) -> dg.EventLogEntry:
    data = event.get_dagster_event().event_specific_data
    if not isinstance(data, AssetCheckEvaluationPlanned):
        return event
    planned = replace(data, partitions_subset=None)
    return event._replace(dagster_event=event.get_dagster_event()._replace(event_specific_data=planned))


class InstanceStorage(DagsterPostgresStorage):
    """Dagster's PostgreSQL storage, at an address that is known only when it is opened."""

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None) -> None:
        super().__init__(postgres_url, inst_data=inst_data)
        self._event_log_storage = EventStorage(postgres_url)
        # By itself Dagster connects anew for every event, and writes them one by one: of a run of 365 days,
        # which has 3,700 events, that was two thirds of the time. Its webserver's settings keep a
        # connection; a batch is buffered within a step only.
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "200")
        for storage in (self.run_storage, self.event_log_storage, self.schedule_storage):
            storage.optimize_for_webserver(statement_timeout=60_000, pool_recycle=3_600, max_overflow=20)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> InstanceStorage:
        assert not config_value  # dagster.yaml gives none
        return cls(postgres_url=_sqlalchemy_url(), inst_data=inst_data)


def _sqlalchemy_url() -> str:
    url = database_url(DAGSTER_POSTGRES_URL) or embedded_url(embedded.DAGSTER_DATABASE)
    # Bare postgresql:// is a driver's choice that SQLAlchemy 2.1 made differently; psycopg 3 breaks Dagster.
    return "postgresql+psycopg2://" + url.partition("://")[2]


def open_instance() -> dg.DagsterInstance:
    """Return the instance that the UI shows.

    Raises:
        UserError: its storage cannot be reached. Dagster itself would try for a while, and then show a trace.
    """
    ensure_dagster_home()
    url = database_url(DAGSTER_POSTGRES_URL)
    if url:
        with translated(UserError, DAGSTER_POSTGRES_URL):
            psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_SECONDS).close()
    return dg.DagsterInstance.get()
