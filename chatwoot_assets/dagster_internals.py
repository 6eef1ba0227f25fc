"""Private names of Dagster, each with a public fallback.

Dagster's public interface handles a run of many days, but slowly: it stores planned events one by one and copies all
metadata with each call. The functions here use private names instead, and no other module imports any. When a release
lacks such a name, they log one warning and do the same work through the public interface.
"""

from __future__ import annotations

import functools
import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_postgres import PostgresEventLogStorage, PostgresScheduleStorage

if TYPE_CHECKING:
    # For annotations only: these names are not needed when the program runs.
    from dagster._serdes import ConfigurableClassData as ConfigurableClassData
    from dagster_shared.error import SerializableErrorInfo as SerializableErrorInfo

_log = logging.getLogger(__name__)

_BATCHED_EVENTS = {
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    # Dagster has a batch statement for these, but compiles it anew for each batch, which takes a quarter longer.
    dg.DagsterEventType.ASSET_MATERIALIZATION,
}

# Rows are held as text of 1.5 kB each; five years have 29,000 of them.
_ROWS_PER_STATEMENT = 1_000

PartitionMetadata = Mapping[tuple[dg.AssetKey, str], Mapping[str, Any]]


def add_partition_metadata(context: dg.AssetExecutionContext, metadata: PartitionMetadata) -> None:
    """Attach metadata to the materializations of a step's partitions, all at once.

    `context.add_asset_metadata` copies and checks all earlier metadata with each call: for three assets that takes
    1 s per year of days and 20 s for five years.

    Args:
        context: The step's context.
        metadata: For each asset key and partition key, what the UI shows.
    """
    try:
        from dagster._core.execution.context.metadata_logging import AssetMetadataHandle, OutputMetadataAccumulator

        step = context.get_step_execution_context()
        earlier = step._metadata_accumulator.per_output_metadata
    except (ImportError, AttributeError) as error:
        _warn_once("attaches the metadata of each partition separately", str(error))
        for (asset_key, partition_key), values in metadata.items():
            context.add_asset_metadata(values, asset_key=asset_key, partition_key=partition_key)
        return
    added: dict[Any, Mapping[str, Any]] = {
        AssetMetadataHandle(asset_key=asset_key, partition_key=partition_key): values
        for (asset_key, partition_key), values in metadata.items()
    }
    step._metadata_accumulator = OutputMetadataAccumulator(per_output_metadata={**earlier, **added})


def log_materializations(context: dg.OpExecutionContext, materializations: Sequence[dg.AssetMaterialization]) -> None:
    """Store materializations in the event log now, all at once.

    `context.log_event` stores them one by one, in 2 ms each: a year of all daily assets has 6,570.

    Args:
        context: The step's context.
        materializations: What the step has written.
    """
    try:
        from dagster._core.events import DagsterEventBatchMetadata

        step, pending = context.get_step_execution_context(), context._events
    except (ImportError, AttributeError) as error:
        _warn_once("stores the materializations of a step one by one", str(error))
        for materialization in materializations:
            context.log_event(materialization)
        return
    batch = uuid.uuid4().hex
    for number, materialization in enumerate(materializations, start=1):
        metadata = DagsterEventBatchMetadata(batch, number == len(materializations))
        pending.append(dg.DagsterEvent.asset_materialization(step, materialization, metadata))


def result_of_reported_days(asset_key: dg.AssetKey) -> dg.MaterializeResult[None] | None:
    """Return an asset's result for a step that has logged the materializations of all its partitions.

    For a usual result Dagster adds a materialization of each of the run's partitions, and it has no way to leave out
    those that were reported while the step worked. Without any result it would skip the checks of the asset.

    Args:
        asset_key: The asset.

    Returns:
        None if this release cannot do that. Then the step has to report the asset's partitions by its result only.
    """
    try:
        from dagster._core.execution.plan.execute_step import (  # type: ignore[attr-defined]  # it is not exported
            SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION as marker,
        )
    except ImportError as error:
        _warn_once("reports the days of selected assets when a run of assets ends", str(error))
        return None
    return dg.MaterializeResult(asset_key=asset_key, metadata={marker: True})


class BatchedEventStorage(PostgresEventLogStorage):
    """Dagster's events in PostgreSQL, with the events of a run's assets written in batches.

    Before a run starts, Dagster plans a materialization of each of its assets and days. It writes these events one
    by one even when it is handed a batch: a year of five assets took 8 s.
    """

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events, those of assets in one transaction.

        Events of assets come last and are stored all or none, because Dagster stores a batch that fails again,
        event by event.
        """
        try:
            from dagster._core.storage.event_log import SqlEventLogStorageTable as table

            transaction, event_to_row = self.index_transaction, self._event_to_row
            store_tags, store_last_event = self._store_asset_event_tags, self._store_asset_event
        except (ImportError, AttributeError) as error:
            _warn_once("stores the events of a run one by one", str(error))
            super().store_event_batch(events)
            return
        of_assets = [event for event in events if event.dagster_event_type in _BATCHED_EVENTS]
        super().store_event_batch([event for event in events if event.dagster_event_type not in _BATCHED_EVENTS])
        if not of_assets:
            return
        insert = table.insert().returning(table.c.id, sort_by_parameter_order=True)
        with transaction() as connection:
            ids: list[int] = []
            for start in range(0, len(of_assets), _ROWS_PER_STATEMENT):
                rows = [event_to_row(event) for event in of_assets[start : start + _ROWS_PER_STATEMENT]]
                ids += connection.execute(insert, rows).scalars()
            store_tags(connection, of_assets, ids)
            # Dagster keeps only the last event of each asset.
            last: dict[dg.AssetKey | None, tuple[dg.EventLogEntry, int]] = {}
            for event, id_ in zip(of_assets, ids, strict=True):
                last[event.get_dagster_event().asset_key] = event, id_
            for event, id_ in last.values():
                store_last_event(connection, event, id_)

    def store_asset_check_event(self, event: dg.EventLogEntry, event_id: int | None) -> None:
        """Store an event of a check, with one planned evaluation per run.

        Dagster plans an evaluation for each day of a run, even for checks without partitions. These evaluations
        never happen: a check's history would show hundreds of planned ones for each real one.
        """
        if event.dagster_event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
            event = _without_partitions(event)
        super().store_asset_check_event(event, event_id)


class CurrentScheduleStorage(PostgresScheduleStorage):
    """Dagster's sensors and schedules in PostgreSQL, without ticks that are dated in the future.

    A clock that was ahead leaves such ticks. Once it is corrected, Dagster would start no other tick until their time.
    """

    def all_instigator_state(
        self,
        repository_origin_id: str | None = None,
        repository_selector_id: str | None = None,
        instigator_type: Any = None,  # noqa: ANN401 - its class is private
        instigator_statuses: Any = None,  # noqa: ANN401 - its class is private
    ) -> Sequence[Any]:
        """Return the states of sensors and schedules."""
        states = super().all_instigator_state(
            repository_origin_id, repository_selector_id, instigator_type, instigator_statuses
        )
        return [_without_future_ticks(state) for state in states]

    def get_instigator_state(self, origin_id: str, selector_id: str) -> Any:  # noqa: ANN401 - its class is private
        """Return the state of a sensor or schedule."""
        state = super().get_instigator_state(origin_id, selector_id)
        return _without_future_ticks(state) if state else None

    def get_ticks(
        self,
        origin_id: str,
        selector_id: str,
        before: float | None = None,
        after: float | None = None,
        limit: int | None = None,
        statuses: Any = None,  # noqa: ANN401 - its class is private
    ) -> Sequence[Any]:
        """Return ticks of a sensor or schedule, the newest first."""
        latest = time.time() + _SECONDS_AHEAD
        return super().get_ticks(origin_id, selector_id, min(before or latest, latest), after, limit, statuses)


# Clocks of several machines may differ by so much.
_SECONDS_AHEAD = 60
_TICK_TIMES = ("last_tick_timestamp", "last_tick_start_timestamp", "last_iteration_timestamp")


def _without_future_ticks(state: Any) -> Any:  # noqa: ANN401 - its class is private
    """Return the state of a sensor or schedule without the times that are dated in the future."""
    data, latest = state.instigator_data, time.time() + _SECONDS_AHEAD
    future = {name: None for name in _TICK_TIMES if (getattr(data, name, None) or 0) > latest}
    return state.with_data(data._replace(**future)) if future else state


def run_worker_health(*, is_alive: bool) -> Any:  # noqa: ANN401 - its class is private
    """Return what a launcher answers when the daemon asks whether a run's process lives; None if it cannot answer."""
    try:
        from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
    except ImportError as error:
        _warn_once("leaves a run whose process and code server died to max_runtime_seconds", str(error))
        return None
    return CheckRunHealthResult(WorkerStatus.RUNNING if is_alive else WorkerStatus.FAILED)


def quiet_run_queue() -> None:
    """Drop what the daemon logs each second while a run is queued, apart from warnings.

    The queue is polled every second: 46 minutes brought 959 such lines. A filter survives when Dagster configures its
    loggers afterwards; a level would not.
    """
    logger = logging.getLogger("dagster.daemon.QueuedRunCoordinatorDaemon")
    if _is_warning not in logger.filters:
        logger.addFilter(_is_warning)


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _without_partitions(event: dg.EventLogEntry) -> dg.EventLogEntry:
    """Return the event of a planned check evaluation without its partitions."""
    try:
        from dagster_shared.record import replace

        dagster_event = event.get_dagster_event()
        planned = replace(dagster_event.event_specific_data, partitions_subset=None)
        return event._replace(dagster_event=dagster_event._replace(event_specific_data=planned))
    except (ImportError, AttributeError) as error:
        _warn_once("records a planned evaluation of each check for each day of a run", str(error))
        return event


@functools.cache
def _warn_once(consequence: str, reason: str) -> None:
    _log.warning("This release of Dagster lacks a private name (%s), so chatwoot_assets %s.", reason, consequence)
