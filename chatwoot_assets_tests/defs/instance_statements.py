"""Everything that a Dagster instance says about partitions, checks and freshness."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

import dagster as dg
import psycopg


def read_statements(
    instance: dg.DagsterInstance,
    url: str,
    assets: Collection[dg.AssetKey],
    check_keys: Sequence[dg.AssetCheckKey],
    days: Sequence[str],
) -> dict[str, Any]:
    """Return what an instance says, with the status that Dagster caches for each asset and without it.

    Args:
        instance: The instance, on PostgreSQL.
        url: The URL of its database.
        assets: The daily assets.
        check_keys: The checks.
        days: The days whose status is asked.
    """
    said = {"cached": _assets(instance, url, assets, days)}
    for key in assets:
        instance.event_log_storage.wipe_asset_cached_status(key)
    return said | {"anew": _assets(instance, url, assets, days), "checks": _checks(instance, check_keys)}


def _assets(
    instance: dg.DagsterInstance, url: str, assets: Collection[dg.AssetKey], days: Sequence[str]
) -> dict[str, Any]:
    storage = instance.event_log_storage
    materialized = dg.DagsterEventType.ASSET_MATERIALIZATION
    partitions = _daily_partitions(days)
    said: dict[str, Any] = {"freshness": storage.get_freshness_state_records(list(assets))}
    for key in assets:
        records = instance.get_asset_records([key])
        entry = records[0].asset_entry if records else None
        statuses = instance.get_status_by_partition(key, days, partitions) or {}
        said[key.to_user_string()] = {
            "statuses": {day: status for day, status in statuses.items() if status},
            "materialized": instance.get_materialized_partitions(key),
            "ids": storage.get_latest_storage_id_by_partition(key, materialized),
            "latest": instance.get_latest_materialization_event(key),
            "record": entry and (entry.last_materialization_record, entry.last_run_id),
            "versions": storage.get_latest_tags_by_partition(key, materialized, ["dagster/data_version"]),
            "planned": {
                day: storage.get_latest_planned_materialization_info(key, day) for day in _days_planned(url, key)
            },
            "attempts": storage.get_latest_asset_partition_materialization_attempts_without_materializations(key),
        }
    return said


def _daily_partitions(days: Sequence[str]) -> dg.DailyPartitionsDefinition:
    end = datetime.date.fromisoformat(days[-1]) + datetime.timedelta(days=1)
    return dg.DailyPartitionsDefinition(days[0], end_date=str(end))


def _checks(instance: dg.DagsterInstance, check_keys: Sequence[dg.AssetCheckKey]) -> object:
    storage = instance.event_log_storage
    latest = storage.get_latest_asset_check_execution_by_key(check_keys)
    return (
        latest,
        storage.get_asset_check_summary_records(check_keys),
        storage.get_asset_check_partition_info(check_keys),
        {key: instance.get_run_by_id(record.run_id) for key, record in latest.items()},
    )


def _days_planned(url: str, key: dg.AssetKey) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT DISTINCT partition FROM event_logs WHERE asset_key = %s AND partition IS NOT NULL",
            [key.to_string()],
        ).fetchall()
    return sorted(day for (day,) in rows)
