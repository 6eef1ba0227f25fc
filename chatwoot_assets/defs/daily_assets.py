"""The daily assets in Dagster's asset graph: one step that refreshes the assets and days selected there.

The sensor, the schedules and `chatwoot-assets backfill` use the job in `refresh_job.py` instead. It reports only what
it wrote, whereas Dagster plans and records every selected asset and day of a run of assets.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from chatwoot_assets import dagster_internals
from chatwoot_assets.defs.asset_keys import KeyPrefix, selected_keys
from chatwoot_assets.defs.daily_specs import build_daily_specs, metric_rules
from chatwoot_assets.defs.instance import storage_warning
from chatwoot_assets.defs.materializations import UNCHANGED, materializations, written_assets
from chatwoot_assets.defs.partitions import DAILY_ASSETS, daily_partitions_definition
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.days import Refresher, Stages
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.extract_manifest import open_store

OP = "daily_assets"
# Dagster plans each asset and day before a run starts. Its own storage takes about 60 ms for each, 33 s for 31 days of
# all assets; run monitoring ends a run that has not started after 180 s.
DAYS_PER_BACKFILL_RUN = 31

_EXTRACTS = {dataset.value for dataset in Dataset}


class ReloadConfig(dg.Config):
    """Run configuration of the step.

    Attributes:
        force: Also write days that are up to date.
        allow_empty: Continue even if nearly all conversations of the days are gone.
    """

    force: bool = False
    allow_empty: bool = False


def build_refresher(settings: Settings, chatwoot: ChatwootDatabase, warehouse: Warehouse) -> Refresher:
    """Return the refresher for the settings."""
    zone = settings.reporting_timezone
    store = open_store(settings.extracts_url, warehouse)
    return Refresher(chatwoot, warehouse, store, zone, metric_rules(settings), settings.keep_contents_days)


def build_daily_assets(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the multi-asset that refreshes the selected assets of a run's days.

    A day is one unit. Selecting any extract brings all four files of the day up to date with Chatwoot, and selecting
    any table brings all of the day's tables up to date with the files, without reading Chatwoot. What was written
    without being selected is reported, too. A selected asset is reported for each day of the run, even if it was up to
    date: otherwise a backfill would count the day as failed.
    """

    @dg.multi_asset(
        name=OP,
        specs=build_daily_specs(settings, prefix),
        can_subset=True,
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.multi_run(DAYS_PER_BACKFILL_RUN),
        pool=SOURCE_POOL,
    )
    def _daily_assets(
        context: dg.AssetExecutionContext,
        config: ReloadConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.MaterializeResult[None]]:
        record_process(context)
        if warning := storage_warning(context.instance):
            context.log.warning(warning)
        keys = selected_keys(context)
        requested = days(context.partition_keys, settings.reporting_timezone)
        metadata: dict[tuple[dg.AssetKey, str], dict[str, Any]] = {
            (key, day.key): UNCHANGED for key in keys.values() for day in requested
        }
        refresher = build_refresher(settings, chatwoot, warehouse)
        with as_dagster_failure():
            for batch in refresher.refresh(
                requested,
                _stages(set(keys)),
                context.run.run_id,
                reporter(context.log),
                force=config.force,
                allow_empty=config.allow_empty,
            ):
                for refreshed in batch:
                    day = refreshed.day.key
                    assets = written_assets(refreshed)
                    metadata |= {(keys[name], day): values for name, values in assets.items() if name in keys}
                    others = [
                        materialization
                        for materialization in materializations(refreshed, prefix)
                        if materialization.asset_key not in context.selected_asset_keys
                    ]
                    dagster_internals.log_materializations(context.op_execution_context, others)
        dagster_internals.add_partition_metadata(context, metadata)
        yield from (dg.MaterializeResult(asset_key=keys[name]) for name in DAILY_ASSETS if name in keys)

    return _daily_assets


def _stages(selected: set[str]) -> Stages:
    """Return what refreshes the selected assets."""
    if selected <= _EXTRACTS:
        return Stages.EXTRACT
    return Stages.EXTRACT | Stages.LOAD if selected & _EXTRACTS else Stages.LOAD
