"""The jobs that people, schedules and sensors start."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from chatwoot_assets.defs import extract_and_load, metrics
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.partitions import DAILY_ASSETS
from chatwoot_assets.source.views import VIEWS

REFRESH_DAYS = "refresh_days"
DEPLOY_VIEWS = "deploy_views"
CHECK_FRESHNESS = "check_freshness"
RECONCILE = "reconcile"

# A run that is being canceled still works on its days. Listed by exclusion, since newer releases of Dagster have
# further unfinished states.
_FINISHED_STATUSES = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
UNFINISHED_STATUSES = [status for status in dg.DagsterRunStatus if status not in _FINISHED_STATUSES]

Checks = Sequence[dg.AssetChecksDefinition]


def build_jobs(
    quality: Checks,
    freshness: Checks,
    reconciliation: Checks,
    *,
    executor: dg.ExecutorDefinition = dg.in_process_executor,
    prefix: KeyPrefix = (),
) -> list[dg.UnresolvedAssetJobDefinition]:
    """Return the jobs.

    Args:
        quality: The checks that run with every load.
        freshness: The checks of `check_freshness`.
        reconciliation: The checks of `reconcile`.
        executor: Runs the steps of every job.
        prefix: Precedes the name in every asset key.
    """
    days = dg.AssetSelection.assets(*(asset_key(prefix, name) for name in DAILY_ASSETS))
    views = dg.AssetSelection.assets(*(asset_key(prefix, view.name) for view in VIEWS))
    return [
        dg.define_asset_job(
            REFRESH_DAYS,
            selection=days.without_checks() | dg.AssetSelection.checks(*quality),
            executor_def=executor,
            description=(
                "Refreshes everything for the selected days: extracts, conversas_analytics, daily_summary and metrics."
                " Runs their quality checks."
            ),
        ),
        dg.define_asset_job(
            CHECK_FRESHNESS,
            selection=dg.AssetSelection.checks(*freshness),
            executor_def=executor,
            description="Checks whether the local tables are fresh.",
        ),
        dg.define_asset_job(
            RECONCILE,
            selection=dg.AssetSelection.checks(*reconciliation),
            executor_def=executor,
            description="Checks every day against Chatwoot by its fingerprint, and sampled rows column by column.",
        ),
        dg.define_asset_job(
            DEPLOY_VIEWS,
            selection=views,
            executor_def=executor,
            description="Creates or replaces the views in Chatwoot's database.",
        ),
    ]


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return the tags that make one run of all days from `first` to `last`, both included."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def reload_config() -> dict[str, object]:
    """Return the run configuration that reloads days even if they are already equal to the source."""
    return {"ops": {name: {"config": {"force": True}} for name in (extract_and_load.OP, metrics.OP)}}
