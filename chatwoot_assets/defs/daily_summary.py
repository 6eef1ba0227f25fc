"""daily_summary as a Dagster asset."""

import dagster as dg

from chatwoot_assets.conversations.daily_summary import count_summaries, refresh_daily_summary
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.partitions import days
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.columns import DAILY_SUMMARY
from chatwoot_assets.warehouse.schema import migrate

_TABLE = "daily_summary"


def build_daily_summary_asset(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the asset that summarizes the days of a run."""
    zone = settings.reporting_timezone
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
            migrate(warehouse)
            with warehouse.connect() as connection:
                row_counts = refresh_daily_summary(connection, requested)
                total = count_summaries(connection)
        add_partition_metadata(
            context, {(_TABLE, day.key): {"dagster/partition_row_count": rows} for day, rows in row_counts.items()}
        )
        return dg.MaterializeResult(asset_key=spec.key, metadata={"dagster/row_count": total})

    return _daily_summary
