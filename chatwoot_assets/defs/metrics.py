"""The metrics as Dagster assets: a table each, all made of the same days at once, by day."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from chatwoot_assets.defs.extract import ReloadConfig
from chatwoot_assets.defs.partition_metadata import add_partition_metadata
from chatwoot_assets.defs.partitions import daily_partitions_definition, freshness_policy
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.table_schema import table_schema
from chatwoot_assets.extract.schemas import CONVERSATIONS, CSAT, EVENTS, MESSAGES, SCHEMAS
from chatwoot_assets.extract.store import ExtractStore, FileStamp, mixed_snapshots_error
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules, Tables, compute_metrics
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.load import (
    Counts,
    MetricsBatch,
    MetricsDay,
    computed_state,
    fingerprint_of_day,
    replace_groups,
    row_counts,
)
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.progress import Progress, reporter
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.schema import migrate

GROUP = "metrics"
OP = "metrics"

# Every asset that has a partition for each day.
DAILY_ASSETS = (*SCHEMAS, "conversas_analytics", "daily_summary", *TABLES)

# So many are measured, held and replaced together; a day that has more of them is measured in parts. Each of some
# hundred expressions has its own price: with 5,000 a year takes 2 processors' seconds less of 41, and 40 MB more.
CONVERSATIONS_PER_BATCH = 2_500

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
    """Return the multi-asset that measures the days of a run."""
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone
    rules = MetricRules(zone.key, settings.bot_user_ids)

    @dg.multi_asset(
        name=OP,
        specs=[_spec(table, freshness_policy(settings)) for table in TABLES],
        partitions_def=daily_partitions_definition(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _measure(
        context: dg.AssetExecutionContext, config: ReloadConfig, warehouse: dg.ResourceParam[Warehouse]
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = days(context.partition_keys, zone)
        report = reporter(context.log)
        done = conversations = 0
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                known = {} if config.force else computed_state(connection)
            changed = [day for day in wanted if known.get(day.date) != (_fingerprint(store, day), rules.definition)]
            groups = metrics_batches(changed, store, rules)
            for group, counts in replace_groups(warehouse, groups, rules.definition, context.run.run_id):
                done += len(group.days)
                conversations += sum(counts["conversation_facts"].values())
                report(Progress("measuring", done, len(changed), "days", conversations))
            with warehouse.connect() as connection:
                counts = row_counts(connection, [day.date for day in wanted])
        add_partition_metadata(context, _described(wanted, changed, counts))
        for table in TABLES:
            metadata = {"days_measured": len(changed), "days_unchanged": len(wanted) - len(changed)}
            yield dg.MaterializeResult(asset_key=table, metadata=metadata)

    return _measure


def _spec(table: str, freshness_policy: dg.FreshnessPolicy) -> dg.AssetSpec:
    return dg.AssetSpec(
        table,
        deps=list(SCHEMAS),
        description=_DESCRIPTIONS[table],
        group_name=GROUP,
        kinds={"postgres", "table"},
        owners=["team:data"],
        freshness_policy=freshness_policy,
        metadata={"dagster/table_name": table, "dagster/column_schema": table_schema(TABLES[table])},
    )


def _described(wanted: list[Day], changed: list[Day], counts: Counts) -> dict[tuple[str, str], dict[str, int | bool]]:
    measured_now = {day.date for day in changed}
    return {
        (table, day.key): {
            "dagster/partition_row_count": of_table[day.date],
            **({} if day.date in measured_now else {"unchanged": True}),
        }
        for table, of_table in counts.items()
        for day in wanted
    }


def _fingerprint(store: ExtractStore, day: Day) -> str:
    return fingerprint_of_day(store.fingerprints(day.key))


def metrics_batches(wanted: list[Day], store: ExtractStore, rules: MetricRules) -> Iterator[MetricsBatch]:
    """Yield the days, measured, in groups that are replaced in one transaction each."""
    group: list[tuple[Day, pl.DataFrame, FileStamp]] = []
    held = 0
    for day in wanted:
        conversations, stamp = store.read(CONVERSATIONS, day.key)
        # Nothing that was read can be later than the reading.
        is_of_another_day = group and rules.date(group[-1][2].snapshot_at) != rules.date(stamp.snapshot_at)
        if group and (held + conversations.height > CONVERSATIONS_PER_BATCH or is_of_another_day):
            yield _measured(group, store, rules)
            group, held = [], 0
        group.append((day, conversations, stamp))
        held += conversations.height
    if group:
        yield _measured(group, store, rules)


def _measured(
    group: list[tuple[Day, pl.DataFrame, FileStamp]], store: ExtractStore, rules: MetricRules
) -> MetricsBatch:
    """Return a group of days, measured; a day that is too large by itself part by part, when it is asked for."""
    found = [MetricsDay(day.date, stamp.snapshot_at, _fingerprint_of(store, day, stamp)) for day, _, stamp in group]
    dated = [rows.with_columns(pl.lit(day.date).alias("conversation_date")) for day, rows, _ in group]
    conversations = pl.concat(dated)
    if conversations.height <= CONVERSATIONS_PER_BATCH:
        return MetricsBatch(found, [_measure_part(conversations, found, store, rules)])
    slices = conversations.sort("id").iter_slices(CONVERSATIONS_PER_BATCH)
    return MetricsBatch(found, (_measure_part(part, found, store, rules, of=part["id"]) for part in slices))


def _fingerprint_of(store: ExtractStore, day: Day, stamp: FileStamp) -> str:
    """Return the fingerprint of the day's files.

    Raises:
        ExtractError: they are of different snapshots.
    """
    stamps = store.stamps(day.key)
    if any(one is None or one.snapshot_at != stamp.snapshot_at for one in stamps.values()):
        raise mixed_snapshots_error(day.key)
    return fingerprint_of_day({kind: one.fingerprint if one else "" for kind, one in stamps.items()})


def _measure_part(
    conversations: pl.DataFrame,
    found: list[MetricsDay],
    store: ExtractStore,
    rules: MetricRules,
    *,
    of: pl.Series | None = None,
) -> Tables:
    def read(kind: str) -> pl.DataFrame:
        rows = []
        for day in found:
            of_day, stamp = store.read(kind, day.date.isoformat(), of=of)
            if stamp.snapshot_at != day.snapshot_at:
                raise mixed_snapshots_error(day.date.isoformat())
            rows.append(of_day)
        return pl.concat(rows)

    of_part = ConversationBatch(conversations, read(MESSAGES), read(EVENTS), read(CSAT), rules.zone, rules.bots)
    return compute_metrics(of_part, read_on=rules.date(found[0].snapshot_at))
