"""Campaigns and their deliveries as assets without partitions, and the schedule that refreshes them."""

from collections.abc import Iterator

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.partitions import freshness_policy
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.campaigns import refresh_campaigns
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.schema import migrate

REFRESH_CAMPAIGNS = "refresh_campaigns"
CAMPAIGN_ASSETS = ("campaigns", "campaign_deliveries")
# At this hour of the night, all campaigns are compared.
_HOUR_OF_ALL = 4


class CampaignsConfig(dg.Config):
    """What a refresh of campaigns compares.

    Attributes:
        compare_all: Whether to compare all campaigns, also those that began more than 30 days ago.
    """

    compare_all: bool = False


def build_campaign_assets(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the two assets, which are refreshed together."""
    tables = {
        "campaigns": (CAMPAIGNS, "vw_campaigns", "One row per campaign, without its texts and its audience."),
        "campaign_deliveries": (
            CAMPAIGN_DELIVERIES,
            "vw_campaign_deliveries",
            "One row per contact to whom a campaign was sent: what became of it.",
        ),
    }
    specs = [
        dg.AssetSpec(
            asset_key(prefix, table),
            deps=[asset_key(prefix, view)],
            description=f"{description} The deliveries of a campaign are replaced in one transaction.",
            group_name="warehouse",
            kinds={"postgres", "table"},
            owners=["team:data"],
            freshness_policy=freshness_policy(settings),
            metadata={"dagster/table_name": table, "dagster/column_schema": table_schema(columns)},
        )
        for table, (columns, view, description) in tables.items()
    ]

    @dg.multi_asset(specs=specs, name="campaign_tables", pool=SOURCE_POOL)
    def _campaigns(
        context: dg.AssetExecutionContext,
        config: CampaignsConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.MaterializeResult[None]]:
        record_process(context)
        with as_dagster_failure():
            refreshed = refresh_campaigns(chatwoot, warehouse, reporter(context.log), compare_all=config.compare_all)
            with warehouse.connect() as connection:
                counts = connection.execute(
                    "SELECT (SELECT count(*) FROM campaigns), (SELECT count(*) FROM campaign_deliveries)"
                ).fetchone()
        assert counts is not None
        yield dg.MaterializeResult(
            asset_key(prefix, "campaigns"),
            metadata={"dagster/row_count": counts[0], "read": refreshed.read, "removed": refreshed.removed},
        )
        yield dg.MaterializeResult(
            asset_key(prefix, "campaign_deliveries"),
            metadata={"dagster/row_count": counts[1], "written": refreshed.deliveries},
        )

    return _campaigns


def build_campaign_check(prefix: KeyPrefix = ()) -> dg.AssetChecksDefinition:
    """Return the check of the deliveries, which also runs after each refresh of them."""

    @dg.asset_check(
        asset=asset_key(prefix, "campaign_deliveries"),
        name="delivery_statuses_are_known",
        description="Every delivery has a status that this version knows, and what was sent has a time.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                counts = connection.execute(
                    "SELECT count(*),"
                    " count(*) FILTER (WHERE delivery_status LIKE 'unknown%' OR delivery_status IS NULL"
                    " OR (delivery_status IN ('sent', 'delivered', 'read') AND sent_at IS NULL))"
                    " FROM campaign_deliveries"
                ).fetchone()
        assert counts is not None
        deliveries, unknown = counts
        return dg.AssetCheckResult(
            passed=unknown == 0,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{unknown} deliveries have an unknown status, or were sent at an unknown time" * bool(unknown)
            or None,
            metadata={"deliveries": deliveries, "unknown": unknown},
        )

    return _check


def build_campaigns_schedule(settings: Settings) -> dg.ScheduleDefinition:
    """Return the schedule, which compares recent campaigns every hour, and all of them at night."""

    @dg.schedule(
        name="refresh_campaigns_schedule",
        job_name=REFRESH_CAMPAIGNS,
        cron_schedule="20 * * * *",
        execution_timezone=settings.reporting_timezone.key,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "Loads every hour what became of the deliveries of the last 30 days' campaigns, and at night of all."
        ),
    )
    def _schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        hour = context.scheduled_execution_time.astimezone(settings.reporting_timezone).hour
        return dg.RunRequest(run_config=campaigns_config(compare_all=hour == _HOUR_OF_ALL))

    return _schedule


def campaigns_config(*, compare_all: bool) -> dict[str, object]:
    """Return the run's configuration."""
    return {"ops": {"campaign_tables": {"config": {"compare_all": compare_all}}}}
