"""The jobs that people, schedules and sensors start."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.campaigns import CAMPAIGN_ASSETS, REFRESH_CAMPAIGNS
from chatwoot_assets.defs.compare_job import build_compare_job
from chatwoot_assets.defs.contents_job import build_contents_job
from chatwoot_assets.defs.refresh_job import build_refresh_job
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.views import VIEWS

DEPLOY_VIEWS = "deploy_views"
CHECK_FRESHNESS = "check_freshness"
RECONCILE = "reconcile"

Checks = Sequence[dg.AssetChecksDefinition]


def build_jobs(
    settings: Settings,
    freshness: Checks,
    reconciliation: Checks,
    executor: dg.ExecutorDefinition,
    prefix: KeyPrefix = (),
) -> list[dg.JobDefinition | dg.UnresolvedAssetJobDefinition]:
    """Return the jobs.

    Args:
        settings: The settings.
        freshness: The checks of `check_freshness`.
        reconciliation: The checks of `reconcile`.
        executor: Runs the steps of every job.
        prefix: Precedes the name in every asset key.
    """
    views = dg.AssetSelection.assets(*(asset_key(prefix, view.name) for view in VIEWS))
    return [
        build_refresh_job(settings, executor, prefix),
        build_compare_job(settings, executor),
        build_contents_job(settings, executor),
        dg.define_asset_job(
            REFRESH_CAMPAIGNS,
            selection=dg.AssetSelection.assets(*(asset_key(prefix, name) for name in CAMPAIGN_ASSETS)),
            executor_def=executor,
            description="Loads campaigns and what became of their deliveries, as far as they changed.",
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
