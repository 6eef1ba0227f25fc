"""The local tables as Dagster assets: conversas_analytics and daily_summary, by day."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from chatwoot_assets.analytics import columns
from chatwoot_assets.analytics.compile import compile_day
from chatwoot_assets.analytics.load import CompiledDay, refresh_summaries, replace_groups
from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.analytics.state import row_counts, stored_fingerprints
from chatwoot_assets.day_metadata import describe_days
from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract.assets import ReloadConfig
from chatwoot_assets.extract.frames import CONVERSATIONS, CSAT, EVENTS, MESSAGES
from chatwoot_assets.extract.store import ExtractStore, of_different_snapshots
from chatwoot_assets.failures import failing_clearly
from chatwoot_assets.partitions import Day, daily_partitions, days, freshness
from chatwoot_assets.postgres import AnalyticsDatabase
from chatwoot_assets.progress import Progress, reporter
from chatwoot_assets.settings import Settings

GROUP = "analytics"

# So many are compiled and held at once. A transaction replaces whole days, as many as have about so many
# together; a day that has more of them is one transaction by itself, in parts.
CONVERSATIONS_AT_ONCE = 1_000


def build_analytics_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the assets of the local tables."""
    return [_conversas_analytics(settings), _daily_summary(settings)]


def _conversas_analytics(settings: Settings) -> dg.AssetsDefinition:
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone

    @dg.multi_asset(
        name="conversas_analytics",
        specs=[
            dg.AssetSpec(
                "conversas_analytics",
                deps=[CONVERSATIONS, MESSAGES, CSAT],
                description=(
                    "One row a conversation, computed and indexed: what dashboards read."
                    " A day is replaced in one transaction."
                ),
                group_name=GROUP,
                kinds={"postgres", "table"},
                owners=["team:data"],
                tags={"pii": ""},
                freshness_policy=freshness(settings),
                metadata={
                    "dagster/table_name": "conversas_analytics",
                    "dagster/column_schema": columns.table_schema(columns.CONVERSAS_ANALYTICS),
                },
            )
        ],
        partitions_def=daily_partitions(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _load(
        context: dg.AssetExecutionContext, config: ReloadConfig, analytics: AnalyticsDatabase
    ) -> dg.MaterializeResult[None]:
        wanted = days(context.partition_keys, zone)
        report = reporter(context.log)
        done = rows = moved = 0
        described = {}
        with failing_clearly():
            migrate(analytics)
            with analytics.connect() as connection:
                loaded = {} if config.force else stored_fingerprints(connection)
            changed = [day for day in wanted if store.fingerprints(day.key) != loaded.get(day.date)]
            for group, left_others in replace_groups(analytics, compiled_groups(changed, store), context.run.run_id):
                moved += left_others
                for day in group:
                    described["conversas_analytics", day.date.isoformat()] = _metadata(day)
                    rows += day.conversations
                done += len(group)
                report(Progress("loading", done, len(changed), "days", rows))
            with analytics.connect() as connection:
                counts = row_counts(connection)
        for unchanged in set(wanted) - set(changed):
            kept = {"dagster/partition_row_count": counts.get(unchanged.date, 0), "unchanged": True}
            described["conversas_analytics", unchanged.key] = kept
        describe_days(context, described)
        return dg.MaterializeResult(
            asset_key="conversas_analytics",
            metadata={
                "dagster/row_count": sum(counts.values()),
                "rows_of_run": rows,
                "rows_moved_from_other_days": moved,
                "days_loaded": len(changed),
                "days_unchanged": len(wanted) - len(changed),
            },
        )

    return _load


def _metadata(day: CompiledDay) -> dict[str, Any]:
    return {
        "dagster/partition_row_count": day.conversations,
        "messages": day.messages,
        "rated_conversations": day.csat,
        "snapshot_at": dg.MetadataValue.timestamp(day.snapshot_at),
    }


def compiled_groups(wanted: list[Day], store: ExtractStore) -> Iterator[list[CompiledDay]]:
    """Yield the days, compiled from their extracts, in groups that are loaded in one transaction each."""
    group: list[CompiledDay] = []
    conversations = 0
    for day in wanted:
        compiled = compile_extracts(day, store)
        if group and conversations + compiled.conversations > CONVERSATIONS_AT_ONCE:
            yield group
            group, conversations = [], 0
        group.append(compiled)
        conversations += compiled.conversations
    if group:
        yield group


def compile_extracts(day: Day, store: ExtractStore) -> CompiledDay:
    """Return a day compiled from its extracts; a large one part by part, when its rows are asked for.

    Raises:
        ExtractError: an extract of the day is missing, or they are of different snapshots.
    """
    conversations, stamp = store.read(CONVERSATIONS, day.key)
    csat, csat_stamp = store.read(CSAT, day.key)
    # What is not there, or cannot be read, is named by reading it.
    events_stamp = store.stamps(day.key)[EVENTS] or store.read(EVENTS, day.key)[1]
    slices = list(conversations.sort("id").iter_slices(CONVERSATIONS_AT_ONCE))
    messages, messages_stamp = store.read(MESSAGES, day.key, of=slices[0]["id"] if len(slices) > 1 else None)
    stamps = {CONVERSATIONS: stamp, MESSAGES: messages_stamp, CSAT: csat_stamp, EVENTS: events_stamp}
    if any(one.snapshot_at != stamp.snapshot_at for one in stamps.values()):
        raise of_different_snapshots(day.key)

    def parts() -> Iterator[pl.DataFrame]:
        yield compile_day(slices[0] if slices else conversations, messages, csat, day.date, stamp.snapshot_at)
        for rows in slices[1:]:
            of_rows, found = store.read(MESSAGES, day.key, of=rows["id"])
            if found != messages_stamp:
                raise ExtractError(f"the extracts of {day.key} were replaced while they were read", transient=True)
            yield compile_day(rows, of_rows, csat, day.date, stamp.snapshot_at)

    fingerprints = {kind: one.fingerprint for kind, one in stamps.items()}
    is_large = len(slices) > 1
    count = store.row_count(MESSAGES, day.key) or 0 if is_large else messages.height
    made = parts() if is_large else list(parts())
    return CompiledDay(day.date, conversations.height, made, count, csat.height, stamp.snapshot_at, fingerprints)


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
                freshness_policy=freshness(settings),
                metadata={
                    "dagster/table_name": "daily_summary",
                    "dagster/column_schema": columns.table_schema(columns.DAILY_SUMMARY),
                },
            )
        ],
        partitions_def=daily_partitions(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def _refresh(context: dg.AssetExecutionContext, analytics: AnalyticsDatabase) -> dg.MaterializeResult[None]:
        dates = [day.date for day in days(context.partition_keys, zone)]
        with failing_clearly():
            migrate(analytics)
            with analytics.connect() as connection:
                counts = refresh_summaries(connection, dates)
                total = connection.execute("SELECT count(*) FROM daily_summary").fetchone()
        describe_days(
            context,
            {
                ("daily_summary", date.isoformat()): {"dagster/partition_row_count": count}
                for date, count in counts.items()
            },
        )
        return dg.MaterializeResult(asset_key="daily_summary", metadata={"dagster/row_count": total[0] if total else 0})

    return _refresh
