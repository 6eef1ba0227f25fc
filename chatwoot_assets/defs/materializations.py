"""Report a refreshed day to Dagster: one materialization of each asset that was written."""

from __future__ import annotations

import datetime
from typing import Any

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.refresh.days import RefreshedDay

LATENCY = "latency_seconds"
# The latest materializations, among which the last run that recorded a latency is searched.
_RECORDS_LOOKED_AT = 200

PARTITION_ROW_COUNT = "dagster/partition_row_count"
# The metadata of an asset whose rows of a day were up to date.
UNCHANGED = {"unchanged": True}


def written_assets(refreshed: RefreshedDay) -> dict[str, dict[str, Any]]:
    """Return the metadata of each asset that has a new state for a day, by name; empty if the day was equal.

    If a day's rows were written, its files belong to this state, too, although an earlier run may have written them.
    """
    extracts = {
        dataset.value: _extract_metadata(refreshed.extracts[dataset]) if dataset in refreshed.extracts else UNCHANGED
        for dataset in Dataset
        if refreshed.row_counts or dataset in refreshed.extracts
    }
    return extracts | {table: {PARTITION_ROW_COUNT: rows} for table, rows in refreshed.row_counts.items()}


def _extract_metadata(extract: DayExtract) -> dict[str, Any]:
    return {
        PARTITION_ROW_COUNT: extract.rows,
        "bytes": extract.size,
        "seconds": round(extract.seconds, 4),
        "unreadable_values": extract.unreadable,
    }


def materializations(
    refreshed: RefreshedDay, prefix: KeyPrefix, since: datetime.datetime | None = None
) -> list[dg.AssetMaterialization]:
    """Return the materializations of a day.

    Args:
        refreshed: The day.
        prefix: Precedes the name in every asset key.
        since: When the day was first seen to differ from Chatwoot; None if a scan never saw that.
    """
    assets = written_assets(refreshed)
    if since is not None and "conversas_analytics" in assets:
        latency = datetime.datetime.now(datetime.timezone.utc) - since
        assets["conversas_analytics"][LATENCY] = round(latency.total_seconds(), 1)
    return [
        dg.AssetMaterialization(asset_key(prefix, name), partition=refreshed.day.key, metadata=metadata)
        for name, metadata in assets.items()
    ]


def latest_latency(instance: dg.DagsterInstance) -> tuple[float, datetime.datetime] | None:
    """Return the latency of the last run that recorded one, in seconds, and when it refreshed its days.

    The latency of a run is that of the day that had waited longest.
    """
    records = instance.fetch_materializations(dg.AssetKey("conversas_analytics"), limit=_RECORDS_LOOKED_AT).records
    latencies = [
        (record.run_id, float(str(materialization.metadata[LATENCY].value)), record.timestamp)
        for record in records
        if (materialization := record.asset_materialization) and LATENCY in materialization.metadata
    ]
    if not latencies:
        return None
    last_run, _, timestamp = latencies[0]
    longest = max(seconds for run_id, seconds, _ in latencies if run_id == last_run)
    return longest, datetime.datetime.fromtimestamp(timestamp, datetime.timezone.utc)
