"""The days as Dagster assets: extracts, conversas_analytics, which is loaded while they are read, and daily_summary."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.conversations.daily_summary import refresh_daily_summary
from chatwoot_assets.conversations.refresh import LoadResult, refresh_conversations
from chatwoot_assets.defs.extract import ReloadConfig, extract_results, extract_specs
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure, retry_transient
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.refresh import Refreshed, refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse import columns
from chatwoot_assets.warehouse.schema import migrate

GROUP = "warehouse"
OP = "extract_and_load"

_TABLE = "conversas_analytics"


def build_warehouse_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the assets of the extracts and of the local tables."""
    return [_extract_and_load(settings), _daily_summary(settings)]


def _extract_and_load(settings: Settings) -> dg.AssetsDefinition:
    """Return the multi-asset that reads the days of a run in one snapshot, and loads each as soon as it is read.

    One step, since steps come one after the other. Either half works alone: an extract is complete where the local
    database is down, and chosen alone, conversas_analytics is loaded from files, without Chatwoot.
    """
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone

    @dg.multi_asset(
        name=OP,
        specs=[*extract_specs(settings), _spec(settings)],
        can_subset=True,
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=SOURCE_POOL,
    )
    def _refresh(
        context: dg.AssetExecutionContext,
        config: ReloadConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = days(context.partition_keys, zone)
        chosen = {key.to_user_string() for key in context.selected_asset_keys}
        run_id = context.run.run_id

        def extract(ready: Callable[[Day], None]) -> Refreshed:
            report = reporter(context.log)
            return refresh_extracts(chatwoot, zone, wanted, store, report, ready, force=config.force)

        def load(ready: Iterator[Day]) -> LoadResult:
            report = reporter(context.log)
            return refresh_conversations(warehouse, ready, len(wanted), store, run_id, report, force=config.force)

        with as_dagster_failure():
            if chosen == {_TABLE}:
                yield _result(context, load(iter(wanted)))
            elif _TABLE not in chosen:
                yield from extract_results(context, extract(lambda _: None), store, chosen)
            else:
                with consume_in_background(load) as (hand_on, loaded):
                    refreshed = extract(hand_on)
                yield from extract_results(context, refreshed, store, chosen)
                # Not the whole step: it would read from Chatwoot again what it has read.
                found = retry_transient(loaded.result, lambda: load(iter(wanted)), context.log)
                yield _result(context, found)

    return _refresh


def _spec(settings: Settings) -> dg.AssetSpec:
    return dg.AssetSpec(
        _TABLE,
        deps=[dataset.value for dataset in (Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT)],
        description=(
            "One row a conversation, computed and indexed: what dashboards read. A day is replaced in one transaction."
        ),
        group_name=GROUP,
        kinds={"postgres", "table"},
        owners=["team:data"],
        tags={"pii": ""},
        freshness_policy=freshness_policy(settings),
        metadata={
            "dagster/table_name": _TABLE,
            "dagster/column_schema": table_schema(columns.CONVERSAS_ANALYTICS),
        },
    )


def _result(context: dg.AssetExecutionContext, loaded: LoadResult) -> dg.MaterializeResult[None]:
    """Tell Dagster of each day of conversas_analytics, and return what it is told of the run."""
    described: dict[tuple[str, str], dict[str, Any]] = {
        (_TABLE, transformed.day.key): {
            "dagster/partition_row_count": transformed.conversations,
            "messages": transformed.messages,
            "rated_conversations": transformed.csat,
            "snapshot_at": dg.MetadataValue.timestamp(transformed.snapshot_at),
        }
        for transformed in loaded.days
    }
    for day in loaded.unchanged:
        count = loaded.row_counts.get(day.date, 0)
        described[_TABLE, day.key] = {"dagster/partition_row_count": count, "unchanged": True}
    add_partition_metadata(context, described)
    return dg.MaterializeResult(
        asset_key=_TABLE,
        metadata={
            "dagster/row_count": sum(loaded.row_counts.values()),
            "rows_of_run": sum(day.conversations for day in loaded.days),
            "rows_moved_from_other_days": loaded.moved,
            "days_loaded": len(loaded.days),
            "days_unchanged": len(loaded.unchanged),
        },
    )


def _daily_summary(settings: Settings) -> dg.AssetsDefinition:
    zone = settings.reporting_timezone

    @dg.multi_asset(
        name="daily_summary",
        specs=[
            dg.AssetSpec(
                "daily_summary",
                deps=["conversas_analytics"],
                description=(
                    "One row a day, account, inbox and status, with counts and sums that add up over any range."
                    " The view `mvw_daily_summary` shows it by day, inbox name and status."
                ),
                group_name=GROUP,
                kinds={"postgres", "table"},
                owners=["team:data"],
                freshness_policy=freshness_policy(settings),
                metadata={
                    "dagster/table_name": "daily_summary",
                    "dagster/column_schema": table_schema(columns.DAILY_SUMMARY),
                },
            )
        ],
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _refresh(
        context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
    ) -> dg.MaterializeResult[None]:
        wanted = days(context.partition_keys, zone)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                counts = refresh_daily_summary(connection, wanted)
                total = connection.execute("SELECT count(*) FROM daily_summary").fetchone()
        add_partition_metadata(
            context,
            {("daily_summary", day.key): {"dagster/partition_row_count": count} for day, count in counts.items()},
        )
        return dg.MaterializeResult(asset_key="daily_summary", metadata={"dagster/row_count": total[0] if total else 0})

    return _refresh
