"""The metrics as Dagster assets: one per table, computed together per day."""

from collections.abc import Iterator

import dagster as dg

from chatwoot_assets.defs.extract import ReloadConfig
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.metrics.refresh import MetricsRefresh, refresh_metrics
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.settings import Settings

GROUP = "metrics"
OP = "metrics"

# Every asset with daily partitions.
DAILY_ASSETS = (*(dataset.value for dataset in Dataset), "conversas_analytics", "daily_summary", *TABLES)

_DESCRIPTIONS = {
    "response_intervals": "Every wait of a contact for a human reply, answered or not.",
    "resolutions": "Each time a conversation was resolved, after how long, and when it was opened again.",
    "conversation_facts": (
        "What is known of each conversation: first response, waits, resolutions, reopenings, handoffs, labels, survey."
    ),
    "conversation_events": "What Chatwoot itself noted down for its own reports, event by event.",
    "daily_by_agent": "What agents did, by the day they did it, in counts and sums that add up over any range.",
    "daily_by_inbox": "What happened in inboxes, by the day it happened, in counts and sums.",
    "daily_by_team": "What happened to teams' conversations, by the day it happened, in counts and sums.",
    "daily_by_label": "What happened to conversations by label, and to all of them, in counts and sums.",
    "backlog_changes": (
        "By how much the backlog changed on each day. The view `daily_backlog` shows what was open at each day's end."
    ),
    "hourly_messages": "Messages by day and hour, incoming and outgoing.",
}


def build_metrics_assets(settings: Settings) -> dg.AssetsDefinition:
    """Return the multi-asset that computes the metrics of a run's days."""
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone
    rules = MetricRules(zone.key, settings.bot_user_ids)

    @dg.multi_asset(
        name=OP,
        specs=[_spec(table, freshness_policy(settings)) for table in TABLES],
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _metrics(
        context: dg.AssetExecutionContext, config: ReloadConfig, warehouse: dg.ResourceParam[Warehouse]
    ) -> Iterator[dg.MaterializeResult[None]]:
        requested = days(context.partition_keys, zone)
        with as_dagster_failure():
            refreshed = refresh_metrics(
                warehouse, requested, store, rules, context.run.run_id, reporter(context.log), force=config.force
            )
        add_partition_metadata(context, _partition_metadata(requested, refreshed))
        computed = len(refreshed.computed)
        metadata = {"days_measured": computed, "days_unchanged": len(requested) - computed}
        for table in TABLES:
            yield dg.MaterializeResult(asset_key=table, metadata=metadata)

    return _metrics


def _spec(table: str, freshness_policy: dg.FreshnessPolicy) -> dg.AssetSpec:
    return dg.AssetSpec(
        table,
        deps=[dataset.value for dataset in Dataset],
        description=_DESCRIPTIONS[table],
        group_name=GROUP,
        kinds={"postgres", "table"},
        owners=["team:data"],
        freshness_policy=freshness_policy,
        metadata={"dagster/table_name": table, "dagster/column_schema": table_schema(TABLES[table])},
    )


def _partition_metadata(
    requested: list[Day], refreshed: MetricsRefresh
) -> dict[tuple[str, str], dict[str, int | bool]]:
    computed = set(refreshed.computed)
    return {
        (table, day.key): {
            "dagster/partition_row_count": counts[day.date],
            **({} if day in computed else {"unchanged": True}),
        }
        for table, counts in refreshed.row_counts.items()
        for day in requested
    }
