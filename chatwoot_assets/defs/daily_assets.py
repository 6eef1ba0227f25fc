"""The daily assets in Dagster's asset graph: one step that refreshes the assets and days selected there.

The sensor, the schedules and `chatwoot-assets backfill` use the job in `refresh_job.py` instead. It reports only what
it wrote, whereas Dagster plans and records every selected asset and day of a run of assets.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from chatwoot_assets import dagster_internals
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key, selected_keys
from chatwoot_assets.defs.daily_specs import build_daily_specs, metric_rules
from chatwoot_assets.defs.instance import storage_warning
from chatwoot_assets.defs.materializations import UNCHANGED, written_assets
from chatwoot_assets.defs.partitions import DAILY_ASSETS, daily_partitions_definition
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.days import RefreshedDay, Refresher, Stages
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
    any table brings all of the day's tables up to date with the files, without reading Chatwoot. A day is reported as
    soon as it is committed. What was written without being selected is reported, too. A selected asset is reported for
    each day of the run, even if it was up to date: otherwise a backfill would count the day as failed.
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
        reports = _Reports(context, keys, prefix)
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
                reports.add(batch)
        yield from reports.finish(requested)

    return _daily_assets


class _Reports:
    """Report the days of a run to Dagster as they are committed, each of its assets and days once.

    Attributes:
        context: The step's context.
        keys: The selected assets' keys, by name.
        prefix: Precedes the name in every asset key.
    """

    def __init__(self, context: dg.AssetExecutionContext, keys: Mapping[str, dg.AssetKey], prefix: KeyPrefix) -> None:
        self.context, self.keys, self.prefix = context, keys, prefix
        results = [dagster_internals.result_of_reported_days(keys[name]) for name in DAILY_ASSETS if name in keys]
        self._results = [result for result in results if result]
        self._reported = _reported_before(context)
        self._metadata: dict[tuple[dg.AssetKey, str], Mapping[str, Any]] = {}

    def add(self, refreshed_days: Iterable[RefreshedDay]) -> None:
        """Report days that are committed."""
        events = []
        for refreshed in refreshed_days:
            assets = dict.fromkeys(self.keys, UNCHANGED) | written_assets(refreshed)
            for name, metadata in assets.items():
                key, day = asset_key(self.prefix, name), refreshed.day.key
                if metadata is UNCHANGED and (key, day) in self._reported:
                    continue
                if name in self.keys and not self._results:
                    self._metadata[key, day] = metadata
                else:
                    events.append(dg.AssetMaterialization(key, partition=day, metadata=metadata))
                self._reported.add((key, day))
        dagster_internals.log_materializations(self.context.op_execution_context, events)

    def finish(self, days: Iterable[Day]) -> Iterator[dg.MaterializeResult[None]]:
        """Report the other days, which were up to date, and return the results of the selected assets."""
        self.add(RefreshedDay(day) for day in days)
        if self._results:
            yield from self._results
            return
        dagster_internals.add_partition_metadata(self.context, self._metadata)
        yield from (dg.MaterializeResult(asset_key=self.keys[name]) for name in DAILY_ASSETS if name in self.keys)


def _reported_before(context: dg.AssetExecutionContext) -> set[tuple[dg.AssetKey, str]]:
    """Return the assets and days that the step reported before it was retried."""
    if context.op_execution_context.retry_number == 0:
        return set()
    records = context.instance.get_records_for_run(
        context.run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION
    ).records
    return {
        (event.asset_key, event.partition)
        for record in records
        if (event := record.event_log_entry.dagster_event) and event.asset_key and event.partition
    }


def _stages(selected: set[str]) -> Stages:
    """Return what refreshes the selected assets."""
    if selected <= _EXTRACTS:
        return Stages.EXTRACT
    return Stages.EXTRACT | Stages.LOAD if selected & _EXTRACTS else Stages.LOAD
