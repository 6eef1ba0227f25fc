"""Dagster's storage as this project opens it: the events of a run, and those of its checks."""

from __future__ import annotations

import logging
import logging.config
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import psycopg
import pytest
import sqlalchemy
from dagster_postgres import PostgresEventLogStorage

from chatwoot_assets.dagster_internals import BatchedEventStorage
from chatwoot_assets.definitions import defs
from chatwoot_assets.defs.instance import storage_warning
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dagster_private import AssetMaterializationPlannedData, StepMaterializationData
from chatwoot_assets_tests.project import QUIET, range_tags

ASSETS = ("letters", "replies")
DAYS = ("2025-03-01", "2025-03-02", "2025-03-03")
PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
CHECK = dg.AssetCheckKey(dg.AssetKey("letters"), "is_legible")


@pytest.fixture
def instance(dagster_url: str, tmp_path: Path) -> Iterator[dg.DagsterInstance]:  # noqa: ARG001 - it stores there
    """An instance with the project's dagster.yaml."""
    with dg.DagsterInstance.from_config(str(tmp_path)) as opened:
        yield opened


def _entry(event: dg.DagsterEvent, day: str) -> dg.EventLogEntry:
    return dg.EventLogEntry(  # type: ignore[no-untyped-call]  # Dagster's
        error_info=None,
        level="debug",
        user_message="",
        run_id="run",
        timestamp=1_740_830_400.0 + int(day[-2:]),
        step_key="step",
        job_name="job",
        dagster_event=event,
    )


def _planned(asset: str, day: str) -> dg.EventLogEntry:
    data = AssetMaterializationPlannedData(dg.AssetKey(asset), partition=day, partitions_subset=None)
    return _entry(dg.DagsterEvent.build_asset_materialization_planned_event("job", "step", data), day)


def _materialized(asset: str, day: str) -> dg.EventLogEntry:
    tags = {"dagster/data_version": f"of {day}"}
    materialization = dg.AssetMaterialization(asset, partition=day, metadata={"rows": 7}, tags=tags)
    event = dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name="job",
        step_key="step",
        event_specific_data=StepMaterializationData(materialization, []),
    )
    return _entry(event, day)


def _rows(url: str) -> list[list[tuple[object, ...]]]:
    queries = (
        "SELECT run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition FROM event_logs"
        " ORDER BY id",
        "SELECT asset_key, last_materialization, last_run_id, last_materialization_timestamp, cached_status_data"
        " FROM asset_keys ORDER BY asset_key",
        "SELECT event_id, asset_key, key, value, event_timestamp FROM asset_event_tags ORDER BY event_id, key",
    )
    with psycopg.connect(url) as connection:
        return [connection.execute(query.encode()).fetchall() for query in queries]


def _sqlalchemy_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://")


@pytest.mark.parametrize(("make", "tags"), [(_planned, 0), (_materialized, len(ASSETS) * len(DAYS))])
def test_a_batch_of_events_leaves_the_same_rows_as_single_events(
    make: Callable[[str, str], dg.EventLogEntry], tags: int, postgres: Postgres
) -> None:
    batched, single = postgres.new_database(), postgres.new_database()
    events = [make(asset, day) for asset in ASSETS for day in DAYS]
    BatchedEventStorage(_sqlalchemy_url(batched)).store_event_batch(events)
    storage = PostgresEventLogStorage(_sqlalchemy_url(single))
    for event in events:
        storage.store_event(event)
    assert _rows(batched) == _rows(single)
    assert [len(rows) for rows in _rows(batched)] == [len(events), len(ASSETS), tags]


def test_a_batch_that_cannot_be_written_whole_leaves_no_row(postgres: Postgres) -> None:
    url = postgres.new_database()
    storage = BatchedEventStorage(_sqlalchemy_url(url))
    # More than SQLAlchemy sends in one statement.
    events = [_planned("letters", f"{number}-03-01") for number in range(1_000, 2_500)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE event_logs ADD CHECK (partition <> '2499-03-01')")
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        storage.store_event_batch(events)
    assert _rows(url) == [[], [], []]
    storage.store_event_batch(events[:-1])
    assert len(_rows(url)[0]) == len(events) - 1


def _job(*, evaluates: bool = True) -> dg.JobDefinition:
    days = dg.DailyPartitionsDefinition(DAYS[0])

    @dg.multi_asset(
        specs=[dg.AssetSpec(asset) for asset in ASSETS],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def mail() -> Iterator[dg.MaterializeResult[None]]:
        yield from (dg.MaterializeResult(asset_key=asset) for asset in ASSETS)

    @dg.asset_check(asset="letters", name=CHECK.name)
    def is_legible() -> dg.AssetCheckResult:
        if not evaluates:
            raise ValueError
        return dg.AssetCheckResult(passed=True)

    job = dg.define_asset_job("post", selection="*")
    return dg.Definitions(assets=[mail], asset_checks=[is_legible], jobs=[job]).resolve_job_def("post")


def _run(instance: dg.DagsterInstance, job: dg.JobDefinition) -> dg.ExecuteInProcessResult:
    tags = range_tags(DAYS[0], DAYS[-1])
    return job.execute_in_process(instance=instance, tags=tags, run_config=QUIET, raise_on_error=False)


def test_a_run_plans_and_materializes_every_day_of_every_asset_once(instance: dg.DagsterInstance) -> None:
    result = _run(instance, _job())
    assert result.success
    of_run = instance.get_records_for_run(result.run_id, of_type=PLANNED).records
    expected = Counter((dg.AssetKey(asset), day) for asset in ASSETS for day in DAYS)
    assert Counter((event.asset_key, event.partition_key) for event in of_run) == expected
    for asset in ASSETS:
        assert instance.get_materialized_partitions(dg.AssetKey(asset)) == set(DAYS)
        info = instance.event_log_storage.get_latest_planned_materialization_info(dg.AssetKey(asset), DAYS[1])
        assert info is not None
        assert info.run_id == result.run_id


def test_a_check_of_a_run_of_many_days_is_planned_and_evaluated_once(instance: dg.DagsterInstance) -> None:
    assert _run(instance, _job()).success
    (record,) = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=10)
    assert record.status.value == "SUCCEEDED"


def test_a_check_that_raises_stays_planned(instance: dg.DagsterInstance) -> None:
    result = _run(instance, _job(evaluates=False))
    assert not result.success
    (record,) = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=10)
    assert (record.status.value, record.run_id) == ("PLANNED", result.run_id)


def test_no_check_has_partitions_of_its_own() -> None:
    """The storage would drop their partitions: it records one planned evaluation per run."""
    checks = [spec for definition in defs.asset_checks or [] for spec in definition.check_specs]
    assert checks
    assert {spec.partitions_def for spec in checks} == {None}


def test_the_daemon_logs_only_warnings_of_its_queue(instance: dg.DagsterInstance) -> None:
    assert storage_warning(instance) is None
    logger = logging.getLogger("dagster.daemon.QueuedRunCoordinatorDaemon")
    # As the daemon does after it has opened the instance.
    logging.config.dictConfig(
        {"version": 1, "disable_existing_loggers": False, "loggers": {"dagster": {"level": "INFO"}}}
    )
    levels = [logging.INFO, logging.WARNING]
    records = [logger.makeRecord(logger.name, level, "", 0, "sorted", (), None) for level in levels]
    assert [bool(logger.filter(record)) for record in records] == [False, True]


def test_another_storage_is_warned_about() -> None:
    with dg.DagsterInstance.ephemeral() as other:
        assert "docs/operating.md" in (storage_warning(other) or "")
