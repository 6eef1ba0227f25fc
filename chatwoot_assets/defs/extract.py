"""The extracts as Dagster assets: four kinds of rows of a day, read together in one snapshot.

What reads them is one step with what loads them, in `warehouse/assets.py`.
"""

import datetime
from collections.abc import Iterator

import dagster as dg

from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import freshness_policy
from chatwoot_assets.extract.chunked_day import DayExtract
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.refresh import Refreshed
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.settings import Settings

GROUP = "extract"


class ReloadConfig(dg.Config):
    """Whether days are read and loaded again that are equal to the source already."""

    force: bool = False


_DEPS = {
    Dataset.CONVERSATIONS: ["vw_conversations_joined", "vw_conversation_labels"],
    Dataset.MESSAGES: ["vw_messages_marked"],
    Dataset.CSAT: ["vw_csat_responses"],
    Dataset.EVENTS: ["vw_reporting_events_base"],
}

_DESCRIPTIONS = {
    Dataset.CONVERSATIONS: "The conversations created on a day, with their names, as a Parquet file.",
    Dataset.MESSAGES: "The messages of a day's conversations, whenever they were written, as a Parquet file.",
    Dataset.CSAT: "The ratings of a day's conversations, whenever they were given, as a Parquet file.",
    Dataset.EVENTS: "What Chatwoot noted down of a day's conversations for its own reports, as a Parquet file.",
}


def extract_specs(settings: Settings) -> list[dg.AssetSpec]:
    """Return the assets that are read together; of a day, all of them or none."""
    store = ExtractStore(settings.extracts_url)
    return [_spec(dataset, store, freshness_policy(settings)) for dataset in Dataset]


def extract_results(
    context: dg.AssetExecutionContext, refreshed: Refreshed, store: ExtractStore, chosen: set[str]
) -> Iterator[dg.MaterializeResult[None]]:
    """Tell Dagster of each day of the chosen extracts, and yield what it is told of the run."""
    for dataset in Dataset:
        asset = dataset.value
        if asset in chosen:
            read = [extract for extract in refreshed.written if extract.dataset is dataset]
            described = {(asset, extract.day.key): _metadata(extract, refreshed.snapshot_at) for extract in read}
            described |= {(asset, day.key): _kept(store, dataset, day) for day in refreshed.unchanged}
            add_partition_metadata(context, described)
            metadata = {
                "rows_of_run": sum(extract.rows for extract in read),
                "days_read": len(read),
                "days_unchanged": len(refreshed.unchanged),
            }
            yield dg.MaterializeResult(asset_key=asset, metadata=metadata)


def _metadata(extract: DayExtract, snapshot_at: datetime.datetime) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(extract.rows),
        "bytes": dg.MetadataValue.int(extract.size),
        "seconds": dg.MetadataValue.float(round(extract.seconds, 4)),
        "snapshot_at": dg.MetadataValue.timestamp(snapshot_at),
        "unreadable_values": dg.MetadataValue.int(extract.unreadable),
    }


def _kept(store: ExtractStore, dataset: Dataset, day: Day) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(store.row_count(dataset, day) or 0),
        "unchanged": dg.MetadataValue.bool(True),
    }


def _spec(dataset: Dataset, store: ExtractStore, freshness_policy: dg.FreshnessPolicy) -> dg.AssetSpec:
    columns = [dg.TableColumn(name, str(dtype)) for name, dtype in SCHEMAS[dataset].items()]
    return dg.AssetSpec(
        dataset.value,
        deps=_DEPS[dataset],
        description=_DESCRIPTIONS[dataset],
        group_name=GROUP,
        kinds={"parquet", "polars"},
        owners=["team:data"],
        tags={"pii": ""},
        freshness_policy=freshness_policy,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "dagster/uri": store.path_pattern(dataset, "<day>"),
        },
    )
