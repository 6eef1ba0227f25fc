"""The jobs that people and schedules start: everything of some days, the views, and checks alone."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from chatwoot_assets.defs import extract_and_load as warehouse
from chatwoot_assets.defs import metrics as metrics
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


def build_jobs(quality: Checks, freshness: Checks, reconciliation: Checks) -> list[dg.UnresolvedAssetJobDefinition]:
    """Return the jobs; of the checks, those on quality are made with every load."""
    days = dg.AssetSelection.assets(*metrics.DAILY_ASSETS)
    return [
        dg.define_asset_job(
            REFRESH_DAYS,
            selection=days.without_checks() | dg.AssetSelection.checks(*quality),
            description=(
                "Everything of the chosen days: extract, conversas_analytics, daily_summary, metrics, and their checks."
            ),
        ),
        dg.define_asset_job(
            CHECK_FRESHNESS,
            selection=dg.AssetSelection.checks(*freshness),
            description="Whether the local tables are as fresh as they should be.",
        ),
        dg.define_asset_job(
            RECONCILE,
            selection=dg.AssetSelection.checks(*reconciliation),
            description="Whether every day equals Chatwoot, by its fingerprint, and sampled rows column by column.",
        ),
        dg.define_asset_job(
            DEPLOY_VIEWS,
            selection=dg.AssetSelection.assets(*(view.name for view in VIEWS)),
            description="Create or replace the remote views in Chatwoot's database.",
        ),
    ]


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return the tags that make one run of all days from `first` to `last`, both included."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def reload_config() -> dict[str, object]:
    """Return the run configuration that reads and loads days again which are equal to the source already."""
    return {"ops": {name: {"config": {"force": True}} for name in (warehouse.OP, metrics.OP)}}
