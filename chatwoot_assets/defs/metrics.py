"""The metrics as Dagster assets: one per table, computed together per day."""

from collections.abc import Iterator
from itertools import chain

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key, selected_keys
from chatwoot_assets.defs.extract_and_load import ReloadConfig
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.load import load_days, read_files
from chatwoot_assets.refresh.replace import LoadedDay
from chatwoot_assets.settings import Settings

OP = "metrics"

_DESCRIPTIONS = {
    "response_intervals": "One row per wait of a contact for a human reply, answered or not.",
    "resolutions": "One row per resolution of a conversation: how long it took, and when the conversation reopened.",
    "conversation_facts": (
        "One row per conversation: first response, waits, resolutions, reopenings, handoffs, labels and survey."
    ),
    "conversation_events": "One row per event that Chatwoot recorded for its own reports.",
    "daily_by_agent": "What agents did on each day, in counts and sums that add up over any range of days.",
    "daily_by_inbox": "What happened in inboxes on each day, in counts and sums.",
    "daily_by_team": "What happened to teams' conversations on each day, in counts and sums.",
    "daily_by_label": "What happened to conversations on each day, by label and in total, in counts and sums.",
    "backlog_changes": (
        "The change of the backlog on each day. The view `daily_backlog` shows what was open at the end of each day."
    ),
    "hourly_messages": "Incoming and outgoing messages per day and hour.",
}


def build_metrics_assets(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the multi-asset that computes the metrics of a run's days."""
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone
    rules = MetricRules(zone.key, settings.bot_user_ids)

    @dg.multi_asset(
        name=OP,
        specs=[_spec(table, settings, prefix) for table in TABLES],
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _metrics(
        context: dg.AssetExecutionContext, config: ReloadConfig, warehouse: dg.ResourceParam[Warehouse]
    ) -> Iterator[dg.MaterializeResult[None]]:
        requested = days(context.partition_keys, zone)
        with as_dagster_failure():
            extracted = (read_files(day, store) for day in requested)
            report = reporter(context.log)
            batches = load_days(
                warehouse, extracted, len(requested), store, rules, context.run.run_id, report, force=config.force
            )
            loaded = list(chain.from_iterable(batches))
        add_partition_metadata(context, _partition_metadata(loaded))
        computed = sum(day.was_written for day in loaded)
        metadata = {"days_computed": computed, "days_unchanged": len(loaded) - computed}
        keys = selected_keys(context)
        for table in TABLES:
            yield dg.MaterializeResult(asset_key=keys[table], metadata=metadata)

    return _metrics


def _spec(table: str, settings: Settings, prefix: KeyPrefix) -> dg.AssetSpec:
    return dg.AssetSpec(
        asset_key(prefix, table),
        deps=[asset_key(prefix, dataset.value) for dataset in Dataset],
        description=_DESCRIPTIONS[table],
        group_name="metrics",
        kinds={"postgres", "table"},
        owners=["team:data"],
        freshness_policy=freshness_policy(settings),
        metadata={"dagster/table_name": table, "dagster/column_schema": table_schema(TABLES[table])},
    )


def _partition_metadata(loaded: list[LoadedDay]) -> dict[tuple[str, str], dict[str, int | bool]]:
    return {
        (table, day.day.key): {
            "dagster/partition_row_count": day.row_counts[table],
            **({} if day.was_written else {"unchanged": True}),
        }
        for table in TABLES
        for day in loaded
    }
