"""daily_summary as a Dagster asset."""

from itertools import chain

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.load import load_days, read_files
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.columns import DAILY_SUMMARY

_TABLE = "daily_summary"


def build_daily_summary_asset(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the asset that summarizes the days of a run."""
    zone = settings.reporting_timezone
    store = ExtractStore(settings.extracts_url)
    rules = MetricRules(zone.key, settings.bot_user_ids)
    spec = dg.AssetSpec(
        asset_key(prefix, _TABLE),
        deps=[asset_key(prefix, "conversas_analytics")],
        description=(
            "One row per day, account, inbox and status, with counts and sums that add up over any range of days."
            " The view `mvw_daily_summary` shows them by day, inbox name and status."
        ),
        group_name="warehouse",
        kinds={"postgres", "table"},
        owners=["team:data"],
        freshness_policy=freshness_policy(settings),
        metadata={"dagster/table_name": _TABLE, "dagster/column_schema": table_schema(DAILY_SUMMARY)},
    )

    @dg.multi_asset(
        name=_TABLE,
        specs=[spec],
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _daily_summary(
        context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
    ) -> dg.MaterializeResult[None]:
        requested = days(context.partition_keys, zone)
        with as_dagster_failure():
            extracted = (read_files(day, store) for day in requested)
            report = reporter(context.log)
            batches = load_days(warehouse, extracted, len(requested), store, rules, context.run.run_id, report)
            loaded = list(chain.from_iterable(batches))
        add_partition_metadata(
            context,
            {(_TABLE, day.day.key): {"dagster/partition_row_count": day.row_counts[_TABLE]} for day in loaded},
        )
        return dg.MaterializeResult(
            asset_key=spec.key, metadata={"rows_of_run": sum(day.row_counts[_TABLE] for day in loaded)}
        )

    return _daily_summary
