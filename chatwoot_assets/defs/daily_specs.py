"""The specs of the daily assets: descriptions, columns, lineage and versions. `daily_assets.py` refreshes them."""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg

from chatwoot_assets.columns import Columns
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.partitions import freshness_policy
from chatwoot_assets.defs.table_schema import personal_data_tags, table_schema
from chatwoot_assets.extract.columns import DATASET_COLUMNS, DatasetColumn, Origin
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY, MESSAGES

# The views that each extract reads, and those with which it is compared.
_VIEWS = {
    Dataset.CONVERSATIONS: [
        "vw_conversations_own",
        "vw_conversations_joined",
        "vw_conversation_labels",
        "vw_conversation_slas",
        "vw_calls",
        "vw_accounts",
        "vw_contacts",
        "vw_inboxes",
        "vw_teams",
        "vw_users",
    ],
    Dataset.MESSAGES: ["vw_messages_own", "vw_messages_marked"],
    Dataset.CSAT: ["vw_csat_responses"],
    Dataset.EVENTS: ["vw_reporting_events_own", "vw_reporting_events_base"],
}

_EXTRACT_DESCRIPTIONS = {
    Dataset.CONVERSATIONS: "The conversations created on each day, with the names of people and inboxes.",
    Dataset.MESSAGES: "The messages of each day's conversations, whenever they were written.",
    Dataset.CSAT: "The ratings of each day's conversations, whenever they were given.",
    Dataset.EVENTS: "The events that Chatwoot recorded for its own reports about each day's conversations.",
}


def _view_of(column: DatasetColumn, dataset: Dataset) -> str:
    """Return the view that has a column under its name."""
    if column.group is FingerprintGroup.NAMES:
        return "vw_conversations_joined"
    # The last view is the one for comparisons, which also has the time of the conversation's creation.
    return _VIEWS[dataset][-1 if column.name == "conversation_created_at" else 0]


@dataclass(frozen=True)
class _Table:
    """A table of the warehouse.

    Attributes:
        columns: Its columns.
        upstream: The names of the assets that it is made of.
        description: What it holds.
        group: Its group in the asset graph.
    """

    columns: Columns
    upstream: tuple[str, ...]
    description: str
    group: str = "warehouse"


_METRIC_DESCRIPTIONS = {
    "response_intervals": "One row per wait of a contact for a human reply, answered or not.",
    "resolutions": "One row per resolution of a conversation: how long it took, and when the conversation reopened.",
    "conversation_facts": (
        "One row per conversation: first response, waits, resolutions, reopenings, handoffs, labels and survey."
    ),
    "conversation_events": "One row per event that Chatwoot recorded for its own reports.",
    "episodes": (
        "One row per episode, a stretch of service inside a conversation: how it began, was answered and was resolved."
    ),
    "conversation_slas": (
        "One row per SLA policy of Chatwoot that was applied to a conversation: hit, missed or running, and what was"
        " missed."
    ),
    "calls": "One row per call: its direction, when it was accepted and by whom, and how long it took.",
    "targets": (
        "One row per target of a wait or an episode: when it is due, and whether it was met. Empty unless `TARGETS` is"
        " set. The view `target_states` shows what is near or missed now."
    ),
    "ratings": "One row per response to a satisfaction survey, with the team's notes about it and without its comment.",
    "daily_by_agent": "What agents did on each day, in counts and sums that add up over any range of days.",
    "daily_by_inbox": "What happened in inboxes on each day, in counts and sums.",
    "daily_by_team": "What happened to teams' conversations on each day, in counts and sums.",
    "daily_by_label": "What happened to conversations on each day, by label and in total, in counts and sums.",
    "backlog_changes": (
        "The change of the backlog on each day. The view `daily_backlog` shows what was open at the end of each day."
    ),
    "hourly_messages": "Incoming and outgoing messages per day and hour.",
}

_TABLES: dict[str, _Table] = {
    "conversas_analytics": _Table(
        CONVERSAS_ANALYTICS,
        (Dataset.CONVERSATIONS.value, Dataset.MESSAGES.value, Dataset.CSAT.value),
        "One row per conversation, computed and indexed for dashboards.",
    ),
    "messages": _Table(
        MESSAGES,
        (Dataset.CONVERSATIONS.value, Dataset.MESSAGES.value),
        "One row per message. The view `vw_messages_compiled` shows a conversation's messages as JSON.",
    ),
    "daily_summary": _Table(
        DAILY_SUMMARY,
        ("conversas_analytics",),
        "One row per day, account, inbox and status, with counts and sums that add up over any range of days."
        " The view `mvw_daily_summary` shows them by day, inbox name and status.",
    ),
    **{
        table: _Table(columns, tuple(dataset.value for dataset in Dataset), _METRIC_DESCRIPTIONS[table], "metrics")
        for table, columns in TABLES.items()
    },
}


def metric_rules(settings: Settings) -> MetricRules:
    """Return the rules of the metrics by the settings, without the names and bots of the accounts."""
    return MetricRules(
        settings.reporting_timezone.key,
        settings.bot_user_ids,
        settings.episode_gap,
        settings.holidays,
        settings.targets,
        imported_before=settings.imported_before,
        runaway_messages=settings.runaway_messages,
        mask=settings.mask,
    )


def build_daily_specs(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetSpec]:
    """Return the specs of all daily assets, each after those that it is made of."""
    return [
        *(_extract_spec(dataset, settings, prefix) for dataset in Dataset),
        *(_table_spec(table, settings, prefix) for table in _TABLES),
    ]


def _extract_spec(dataset: Dataset, settings: Settings, prefix: KeyPrefix) -> dg.AssetSpec:
    columns = [column for column in DATASET_COLUMNS[dataset] if column.is_extracted]
    schema = [dg.TableColumn(column.name, str(column.polars_type), column.description) for column in columns]
    return dg.AssetSpec(
        asset_key(prefix, dataset.value),
        deps=[asset_key(prefix, view) for view in _VIEWS[dataset]],
        description=f"{_EXTRACT_DESCRIPTIONS[dataset]} One Parquet file per day.",
        group_name="extract",
        kinds={"parquet", "polars"},
        owners=["team:data"],
        tags=personal_data_tags(columns),
        code_version=definition(settings.reporting_timezone.key, settings.mask),
        freshness_policy=freshness_policy(settings),
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=schema),
            "dagster/column_lineage": dg.TableColumnLineage(
                {
                    column.name: [dg.TableColumnDep(asset_key(prefix, _view_of(column, dataset)), column.name)]
                    for column in columns
                    if column.origin is Origin.VIEW
                }
            ),
            "dagster/uri": ExtractStore(settings.extracts_url).path_pattern(dataset, "<day>"),
        },
    )


def _table_spec(name: str, settings: Settings, prefix: KeyPrefix) -> dg.AssetSpec:
    table, zone = _TABLES[name], settings.reporting_timezone.key
    return dg.AssetSpec(
        asset_key(prefix, name),
        deps=[asset_key(prefix, upstream) for upstream in table.upstream],
        description=f"{table.description} Each day is replaced in one transaction.",
        group_name=table.group,
        kinds={"postgres", "table"},
        owners=["team:data"],
        tags=personal_data_tags(table.columns.values()),
        code_version=metric_rules(settings).definition if table.group == "metrics" else definition(zone, settings.mask),
        freshness_policy=freshness_policy(settings),
        metadata={"dagster/table_name": name, "dagster/column_schema": table_schema(table.columns)},
    )
