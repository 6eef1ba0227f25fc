"""The extract as Dagster assets: three kinds of rows of a day, read together in one snapshot."""

from collections.abc import Iterator

import dagster as dg

from chatwoot_assets.day_metadata import describe_days
from chatwoot_assets.extract.deployed import check_views
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.frames import CONVERSATIONS, CSAT, EVENTS, MESSAGES, SCHEMAS
from chatwoot_assets.extract.large_days import DayExtract
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.snapshot import Snapshot, snapshot
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.unchanged import unchanged_days
from chatwoot_assets.failures import failing_clearly
from chatwoot_assets.partitions import daily_partitions, days, freshness
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import reporter
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.assets import SOURCE_POOL

GROUP = "extract"


class ReloadConfig(dg.Config):
    """Whether days are read and loaded again that are equal to the source already."""

    force: bool = False


_DEPS = {
    CONVERSATIONS: ["vw_conversations_joined", "vw_conversation_labels"],
    MESSAGES: ["vw_messages_marked"],
    CSAT: ["vw_csat_responses"],
    EVENTS: ["vw_reporting_events_base"],
}

_DESCRIPTIONS = {
    CONVERSATIONS: "The conversations created on a day, with their names, as a Parquet file.",
    MESSAGES: "The messages of a day's conversations, whenever they were written, as a Parquet file.",
    CSAT: "The ratings of a day's conversations, whenever they were given, as a Parquet file.",
    EVENTS: "What Chatwoot noted down of a day's conversations for its own reports, as a Parquet file.",
}


def build_extract_assets(settings: Settings) -> dg.AssetsDefinition:
    """Return the multi-asset that reads the days of a run, whatever their number, in one snapshot."""
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone

    @dg.multi_asset(
        name="extract_days",
        specs=[_spec(kind, store, freshness(settings)) for kind in SCHEMAS],
        partitions_def=daily_partitions(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=SOURCE_POOL,
    )
    def _extract(
        context: dg.AssetExecutionContext, config: ReloadConfig, chatwoot: ChatwootDatabase
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = days(context.partition_keys, zone)
        schema, defined = chatwoot.views_schema, definition(zone.key)
        rows = dict.fromkeys(SCHEMAS, 0)
        described = {}
        store.remove_abandoned()
        with failing_clearly(), snapshot(chatwoot) as source:
            check_views(source, schema, zone.key)
            unchanged = set() if config.force else unchanged_days(source, schema, defined, wanted, store)
            changed = [day for day in wanted if day.date not in unchanged]
            for extract in extract_days(source, schema, defined, changed, store, reporter(context.log)):
                rows[extract.kind] += extract.rows
                described[extract.kind, extract.day.key] = _metadata(extract, source)
        kept = [day.key for day in wanted if day.date in unchanged]
        described |= {(kind, key): _kept(store, kind, key) for kind in SCHEMAS for key in kept}
        describe_days(context, described)
        for kind in SCHEMAS:
            metadata = {"rows_of_run": rows[kind], "days_read": len(changed), "days_unchanged": len(unchanged)}
            yield dg.MaterializeResult(asset_key=kind, metadata=metadata)

    return _extract


def _kept(store: ExtractStore, kind: str, day: str) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(store.row_count(kind, day) or 0),
        "unchanged": dg.MetadataValue.bool(True),
    }


def _spec(kind: str, store: ExtractStore, freshness_policy: dg.FreshnessPolicy) -> dg.AssetSpec:
    columns = [dg.TableColumn(name, str(dtype)) for name, dtype in SCHEMAS[kind].items()]
    return dg.AssetSpec(
        kind,
        deps=_DEPS[kind],
        description=_DESCRIPTIONS[kind],
        group_name=GROUP,
        kinds={"parquet", "polars"},
        owners=["team:data"],
        tags={"pii": ""},
        freshness_policy=freshness_policy,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "dagster/uri": store.path(kind, "<day>"),
        },
    )


def _metadata(extract: DayExtract, source: Snapshot) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(extract.rows),
        "bytes": dg.MetadataValue.int(extract.size),
        "seconds": dg.MetadataValue.float(round(extract.seconds, 4)),
        "snapshot_at": dg.MetadataValue.timestamp(source.taken_at),
        "unreadable_values": dg.MetadataValue.int(extract.unreadable),
    }
