"""Quality checks: whether the loaded rows are consistent with each other and with their extracts.

Checks against Chatwoot are in `freshness.py` and `reconciliation.py`. A check has no partitions, because Dagster
keeps one result for a run of many days. In such a run it looks at the run's days, otherwise at every loaded day. It
names the days that fail and never a value of a row.

No check blocks assets downstream: all tables of a day are replaced in one transaction, before any check sees the rows.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import dagster as dg
import polars as pl

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.activity import select_unexplained
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.quality import (
    activity_sentences,
    failing_rows,
    imported_history,
    rows_differing_from_extract,
)
from chatwoot_assets.warehouse.schema import migrate


@dataclass(frozen=True)
class _Inputs:
    """What a check looks at.

    Attributes:
        settings: The settings.
        chatwoot: The source.
        warehouse: The local database.
        days: The days to look at; None for every loaded day.
    """

    settings: Settings
    chatwoot: ChatwootDatabase
    warehouse: Warehouse
    days: list[Day] | None


@dataclass(frozen=True)
class _QualityCheck:
    """A check.

    Attributes:
        name: Its name.
        asset: The name of the asset that it checks.
        description: What is true if it passes.
        evaluate: Returns its result.
        pool: The pool that limits how many of its kind run at a time.
    """

    name: str
    asset: str
    description: str
    evaluate: Callable[[_Inputs], dg.AssetCheckResult]
    pool: str | None = None


def build_quality_checks(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetChecksDefinition]:
    """Return the checks on the local tables."""
    return [_build_check(quality_check, settings, prefix) for quality_check in _QUALITY_CHECKS]


def _build_check(quality_check: _QualityCheck, settings: Settings, prefix: KeyPrefix) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name=quality_check.name,
        asset=asset_key(prefix, quality_check.asset),
        description=quality_check.description,
        pool=quality_check.pool,
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        record_process(context.op_execution_context)
        days = run_days(context, settings.reporting_timezone)
        with as_dagster_failure():
            return quality_check.evaluate(_Inputs(settings, chatwoot, warehouse, days))

    return _check


def evaluate_quality_checks(
    settings: Settings, chatwoot: ChatwootDatabase, warehouse: Warehouse, days: list[Day], prefix: KeyPrefix
) -> list[dg.AssetCheckEvaluation]:
    """Return the result of every check for the given days.

    Raises:
        SourceError: Chatwoot cannot be read.
        WarehouseError: The local database cannot be used.
    """
    inputs = _Inputs(settings, chatwoot, warehouse, days)
    return [_evaluation(quality_check, quality_check.evaluate(inputs), prefix) for quality_check in _QUALITY_CHECKS]


def _evaluation(
    quality_check: _QualityCheck, result: dg.AssetCheckResult, prefix: KeyPrefix
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key(prefix, quality_check.asset),
        quality_check.name,
        result.passed,
        metadata=result.metadata,
        severity=result.severity,
        description=result.description,
    )


def _failing_rows(
    inputs: _Inputs, *, rule: str, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetCheckResult:
    """Evaluate the rule in `sql/warehouse/checks/<rule>.sql`."""
    migrate(inputs.warehouse)
    with inputs.warehouse.connect() as connection:
        return _result(failing_rows(connection, rule, inputs.days), severity)


def _rows_equal_extract(inputs: _Inputs) -> dg.AssetCheckResult:
    store = ExtractStore(inputs.settings.extracts_url)
    migrate(inputs.warehouse)
    with inputs.warehouse.connect() as connection:
        zone = inputs.settings.reporting_timezone
        return _result(rows_differing_from_extract(connection, store, zone, inputs.days))


def _activity_is_understood(inputs: _Inputs) -> dg.AssetCheckResult:
    migrate(inputs.warehouse)
    with inputs.warehouse.connect() as connection:
        sentences = activity_sentences(connection, inputs.days)
    unexplained = select_unexplained(sentences).group_by("conversation_date").agg(pl.col("messages").sum())
    return _result(dict(unexplained.iter_rows()), dg.AssetCheckSeverity.WARN)


def _imports_are_left_out(inputs: _Inputs) -> dg.AssetCheckResult:
    migrate(inputs.warehouse)
    with inputs.warehouse.connect() as connection:
        found = imported_history(connection, inputs.days)
    suspected = found.get("out_of_order")
    counts: dict[str, int | None] = {
        f"{sign}_{what}": getattr(found[sign], what) if sign in found else 0
        for sign in ("left_out", "late", "out_of_order")
        for what in ("conversations", "messages")
    }
    for sign in ("late", "out_of_order"):
        counts[f"{sign}_percent_by_one_user"] = found[sign].percent_by_one_user if sign in found else None
    advice = None
    if suspected:
        advice = (
            f"{suspected.conversations:,} conversations with {suspected.messages:,} messages were written long after"
            " their dates. If an import wrote them, set IMPORTED_BEFORE; the latest is of"
            f" {suspected.latest:%Y-%m-%d %H:%M} UTC. One user wrote {suspected.percent_by_one_user or 0} % of what"
            " users wrote in them: some importers file every reply under one."
        )
    return dg.AssetCheckResult(
        passed=not suspected, severity=dg.AssetCheckSeverity.WARN, description=advice, metadata=counts
    )


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


def _partitions_hold_every_conversation(inputs: _Inputs) -> dg.AssetCheckResult:
    with snapshot(inputs.chatwoot) as source:
        out_of_range = count_out_of_range(source, inputs.chatwoot.views_schema, inputs.settings)
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


def _sql_check(
    name: str, asset: str, description: str, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> _QualityCheck:
    return _QualityCheck(name, asset, description, partial(_failing_rows, rule=name, severity=severity))


_QUALITY_CHECKS = (
    _sql_check(
        "keys_are_unique_and_present",
        "conversas_analytics",
        "Every row has an id, an account, an inbox and a day, and every id is unique.",
    ),
    _sql_check(
        "values_are_in_range",
        "conversas_analytics",
        "Hours, statuses, counts, times and flags are possible for a conversation, and agree with each other.",
    ),
    _sql_check(
        "messages_are_complete",
        "messages",
        "Every conversation has as many messages as it counts, and they have its day, account and inbox.",
    ),
    _sql_check(
        "json_is_within_limits",
        "messages",
        "The messages of every conversation fit into the JSON of vw_messages_compiled. If not, selecting it fails.",
        dg.AssetCheckSeverity.WARN,
    ),
    _sql_check(
        "first_responses_follow",
        "conversas_analytics",
        "No first reply is dated more than a minute before its conversation, as imports do. Such replies count in no"
        " sum or average.",
        dg.AssetCheckSeverity.WARN,
    ),
    _sql_check(
        "attributes_fit_their_types",
        "conversas_analytics",
        "Every attribute of a conversation or its contact has a value that fits its definition. Others are null.",
        dg.AssetCheckSeverity.WARN,
    ),
    _QualityCheck(
        "imports_are_left_out",
        "conversation_facts",
        "No conversation was written long after its date, as imports do. What they say about response times is that of"
        " another system. What Chatwoot's own imports wrote, and what is before IMPORTED_BEFORE, is left out already.",
        _imports_are_left_out,
    ),
    _QualityCheck(
        "activity_is_understood",
        "messages",
        "Every activity message is a sentence of Chatwoot's in English, Portuguese or Spanish. What others say about"
        " status and assignments is not known.",
        _activity_is_understood,
    ),
    _sql_check(
        "codes_are_known",
        "conversas_analytics",
        "Statuses, priorities and ratings are known ones. A newer Chatwoot may have others, which are kept.",
        dg.AssetCheckSeverity.WARN,
    ),
    _sql_check(
        "summary_adds_up",
        "daily_summary",
        "Counts and sums of every day equal a recount of conversas_analytics.",
    ),
    _sql_check(
        "metrics_add_up",
        "conversation_facts",
        "Every table gives the same number for the same thing: conversations, facts, waits, daily tables, backlog.",
    ),
    _QualityCheck(
        "rows_equal_extract",
        "conversas_analytics",
        "Every loaded day has as many rows as its extract.",
        _rows_equal_extract,
    ),
    _QualityCheck(
        "partitions_hold_every_conversation",
        "conversas_analytics",
        "No conversation in Chatwoot is older than the first partition or dated after today.",
        _partitions_hold_every_conversation,
        pool=SOURCE_POOL,
    ),
)
