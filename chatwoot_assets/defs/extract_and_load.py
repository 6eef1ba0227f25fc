"""The extracts, conversas_analytics and messages as Dagster assets, in one step.

Days are loaded while later days are read.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import dagster as dg

from chatwoot_assets.columns import Columns
from chatwoot_assets.concurrency import consume_in_background
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key, selected_keys
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure, retry_transient
from chatwoot_assets.defs.table_schema import personal_data_tags, table_schema
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.columns import DATASET_COLUMNS
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.refresh import RefreshedExtracts, refresh_extracts
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.load import load_days, read_files
from chatwoot_assets.refresh.replace import LoadedDay
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, MESSAGES

OP = "extract_and_load"

# The tables, which are loaded together, with their columns and the extracts that they are made of.
_TABLES: dict[str, tuple[Columns, tuple[Dataset, ...], str]] = {
    "conversas_analytics": (
        CONVERSAS_ANALYTICS,
        (Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT),
        "One row per conversation, computed and indexed for dashboards.",
    ),
    "messages": (
        MESSAGES,
        (Dataset.CONVERSATIONS, Dataset.MESSAGES),
        "One row per message. The view `vw_messages_compiled` shows a conversation's messages as JSON.",
    ),
}

_DEPS = {
    Dataset.CONVERSATIONS: ["vw_conversations_joined", "vw_conversation_labels"],
    Dataset.MESSAGES: ["vw_messages_marked"],
    Dataset.CSAT: ["vw_csat_responses"],
    Dataset.EVENTS: ["vw_reporting_events_base"],
}

_DESCRIPTIONS = {
    Dataset.CONVERSATIONS: "The conversations created on each day, with the names of people and inboxes.",
    Dataset.MESSAGES: "The messages of each day's conversations, whenever they were written.",
    Dataset.CSAT: "The ratings of each day's conversations, whenever they were given.",
    Dataset.EVENTS: "The events that Chatwoot recorded for its own reports about each day's conversations.",
}


class ReloadConfig(dg.Config):
    """Run configuration of the steps that skip days which are already equal to their source."""

    force: bool = False


def build_extract_and_load_assets(settings: Settings, prefix: KeyPrefix = ()) -> dg.AssetsDefinition:
    """Return the multi-asset that reads the days of a run and loads each as soon as it is read.

    Reading and loading are one step because Dagster runs steps one after the other. Each also works alone: extracts
    are complete even if the local database is down, and tables selected alone are loaded from existing files without
    Chatwoot. Both tables are always loaded together, in one transaction per day.
    """
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone
    rules = MetricRules(zone.key, settings.bot_user_ids)

    @dg.multi_asset(
        name=OP,
        specs=[
            *(_extract_spec(dataset, settings, prefix) for dataset in Dataset),
            *(_table_spec(table, settings, prefix) for table in _TABLES),
        ],
        can_subset=True,
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=SOURCE_POOL,
    )
    def _extract_and_load(
        context: dg.AssetExecutionContext,
        config: ReloadConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.MaterializeResult[None]]:
        requested = days(context.partition_keys, zone)
        selected = set(selected_keys(context))
        run_id = context.run.run_id

        def extract(on_ready: Callable[[Day], None]) -> list[RefreshedExtracts]:
            refreshed = []
            for each in refresh_extracts(chatwoot, zone, requested, store, reporter(context.log), force=config.force):
                refreshed.append(each)
                on_ready(each.extracted.day)
            return refreshed

        def load(ready: Iterator[Day]) -> list[LoadedDay]:
            report = reporter(context.log)
            extracted = (read_files(day, store) for day in ready)
            batches = load_days(warehouse, extracted, len(requested), store, rules, run_id, report, force=config.force)
            return list(chain.from_iterable(batches))

        with as_dagster_failure():
            if selected <= _TABLES.keys():
                yield from _load_results(context, load(iter(requested)))
            elif not selected & _TABLES.keys():
                yield from _extract_results(context, extract(lambda _: None), store)
            else:
                with consume_in_background(load) as (hand_on, loading):
                    refreshed = extract(hand_on)
                yield from _extract_results(context, refreshed, store)
                # Retry the load alone: a retry of the step would read from Chatwoot again.
                loaded = retry_transient(loading.result, lambda: load(iter(requested)), context.log)
                yield from _load_results(context, loaded)

    return _extract_and_load


def _extract_spec(dataset: Dataset, settings: Settings, prefix: KeyPrefix) -> dg.AssetSpec:
    columns = [column for column in DATASET_COLUMNS[dataset] if column.is_extracted]
    schema = [dg.TableColumn(column.name, str(column.polars_type), column.description) for column in columns]
    return dg.AssetSpec(
        asset_key(prefix, dataset.value),
        deps=[asset_key(prefix, view) for view in _DEPS[dataset]],
        description=f"{_DESCRIPTIONS[dataset]} One Parquet file per day.",
        group_name="extract",
        kinds={"parquet", "polars"},
        owners=["team:data"],
        tags=personal_data_tags(columns),
        freshness_policy=freshness_policy(settings),
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=schema),
            "dagster/uri": ExtractStore(settings.extracts_url).path_pattern(dataset, "<day>"),
        },
    )


def _table_spec(table: str, settings: Settings, prefix: KeyPrefix) -> dg.AssetSpec:
    columns, datasets, description = _TABLES[table]
    return dg.AssetSpec(
        asset_key(prefix, table),
        deps=[asset_key(prefix, dataset.value) for dataset in datasets],
        description=f"{description} Each day is replaced in one transaction.",
        group_name="warehouse",
        kinds={"postgres", "table"},
        owners=["team:data"],
        tags=personal_data_tags(columns.values()),
        freshness_policy=freshness_policy(settings),
        metadata={"dagster/table_name": table, "dagster/column_schema": table_schema(columns)},
    )


def _extract_results(
    context: dg.AssetExecutionContext, refreshed: list[RefreshedExtracts], store: ExtractStore
) -> Iterator[dg.MaterializeResult[None]]:
    """Attach per-partition metadata to the selected extracts, and yield the result of each."""
    keys = selected_keys(context)
    for dataset in Dataset:
        asset = dataset.value
        if asset not in keys:
            continue
        extracts = [each.written[dataset] for each in refreshed if each.written]
        unchanged = [each.extracted.day for each in refreshed if not each.written]
        metadata: dict[tuple[str, str], dict[str, Any]] = {
            (asset, extract.day.key): {
                "dagster/partition_row_count": extract.rows,
                "bytes": extract.size,
                "seconds": round(extract.seconds, 4),
                "snapshot_at": dg.MetadataValue.timestamp(extract.snapshot_at),
                "unreadable_values": extract.unreadable,
            }
            for extract in extracts
        }
        for day in unchanged:
            rows = store.row_count(dataset, day) or 0
            metadata[asset, day.key] = {"dagster/partition_row_count": rows, "unchanged": True}
        add_partition_metadata(context, metadata)
        yield dg.MaterializeResult(
            asset_key=keys[asset],
            metadata={
                "rows_of_run": sum(extract.rows for extract in extracts),
                "days_read": len(extracts),
                "days_unchanged": len(unchanged),
            },
        )


def _load_results(context: dg.AssetExecutionContext, loaded: list[LoadedDay]) -> Iterator[dg.MaterializeResult[None]]:
    """Attach per-partition metadata to the selected tables, and yield the result of each."""
    keys = selected_keys(context)
    written = [day for day in loaded if day.was_written]
    for table in _TABLES:
        if table not in keys:
            continue
        add_partition_metadata(
            context,
            {
                (table, day.day.key): {
                    "dagster/partition_row_count": day.row_counts[table],
                    **(
                        {"snapshot_at": dg.MetadataValue.timestamp(day.snapshot_at)}
                        if day.was_written
                        else {"unchanged": True}
                    ),
                }
                for day in loaded
            },
        )
        yield dg.MaterializeResult(
            asset_key=keys[table],
            metadata={
                "rows_of_run": sum(day.row_counts[table] for day in written),
                "conversations_moved_from_other_days": sum(day.moved for day in loaded),
                "days_loaded": len(written),
                "days_unchanged": len(loaded) - len(written),
            },
        )
