"""Quality checks: whether the loaded rows are consistent with each other and with their extracts.

Checks against Chatwoot are in `freshness.py` and `reconciliation.py`. A check has no partitions, because Dagster
keeps one result for a run of many days. In such a run it looks at the run's days, otherwise at every loaded day. It
names the days that fail and never a value of a row.
"""

import datetime
from dataclasses import dataclass

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.quality import failing_rows, rows_differing_from_extract
from chatwoot_assets.warehouse.schema import migrate


def build_quality_checks(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetChecksDefinition]:
    """Return the checks on the local tables."""
    return [
        *(_sql_check(rule, settings, prefix) for rule in _SQL_RULES),
        _rows_equal_extract(settings, prefix),
        _partitions_hold_every_conversation(settings, prefix),
    ]


@dataclass(frozen=True)
class _SqlRule:
    """A rule whose SQL is in `sql/warehouse/checks/<name>.sql`."""

    name: str
    asset: str
    description: str
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR


_SQL_RULES = (
    _SqlRule(
        "keys_are_unique_and_present",
        "conversas_analytics",
        "Every row has an id, an account, an inbox and a day, and every id is unique.",
    ),
    _SqlRule(
        "values_are_in_range",
        "conversas_analytics",
        "Hours, statuses, counts, times and flags are possible for a conversation, and agree with each other.",
    ),
    _SqlRule(
        "messages_are_complete",
        "messages",
        "Every conversation has as many messages as it counts, and they have its day, account and inbox.",
    ),
    _SqlRule(
        "json_is_within_limits",
        "messages",
        "The messages of every conversation fit into the JSON of vw_messages_compiled. If not, selecting it fails.",
        dg.AssetCheckSeverity.WARN,
    ),
    _SqlRule(
        "codes_are_known",
        "conversas_analytics",
        "Statuses, priorities and ratings are known ones. A newer Chatwoot may have others, which are kept.",
        dg.AssetCheckSeverity.WARN,
    ),
    _SqlRule(
        "summary_adds_up",
        "daily_summary",
        "Counts and sums of every day equal a recount of conversas_analytics.",
    ),
    _SqlRule(
        "metrics_add_up",
        "conversation_facts",
        "Every table gives the same number for the same thing: conversations, facts, waits, daily tables, backlog.",
    ),
)


def _sql_check(rule: _SqlRule, settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    zone = settings.reporting_timezone

    @dg.asset_check(name=rule.name, asset=asset_key(prefix, rule.asset), description=rule.description)
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                return _result(failing_rows(connection, rule.name, run_days(context, zone)), rule.severity)

    return _check


def _rows_equal_extract(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone

    @dg.asset_check(
        name="rows_equal_extract",
        asset=asset_key(prefix, "conversas_analytics"),
        description="Every loaded day has as many rows as its extract.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                return _result(rows_differing_from_extract(connection, store, zone, run_days(context, zone)))

    return _check


def _result(
    failing: dict[datetime.date, int], severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not failing,
        severity=severity,
        metadata={
            "failing_days": len(failing),
            "failing_rows": sum(failing.values()),
            "which_days": format_days(failing),
        },
    )


def _partitions_hold_every_conversation(settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="partitions_hold_every_conversation",
        asset=asset_key(prefix, "conversas_analytics"),
        description="No conversation in Chatwoot is older than the first partition or dated after today.",
        pool=SOURCE_POOL,
    )
    def _check(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.AssetCheckResult:
        with as_dagster_failure(), snapshot(chatwoot) as source:
            out_of_range = count_out_of_range(source, chatwoot.views_schema, settings)
        return dg.AssetCheckResult(
            passed=out_of_range.warning is None,
            severity=dg.AssetCheckSeverity.WARN,
            description=out_of_range.warning,
            metadata={
                "before_first_partition": out_of_range.before_first,
                "after_today": out_of_range.after_last,
                "oldest_day": str(out_of_range.oldest),
            },
        )

    return _check
