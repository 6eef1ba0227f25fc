"""Reconciliation checks: whether what is loaded equals Chatwoot, asked of Chatwoot itself.

They read a lot of it, all days at once when no days are given: so they are not made with every load, but by a
schedule of their own, or by hand.
"""

import datetime
import json
import random
from collections import Counter
from typing import Any

import dagster as dg
import psycopg

from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, differing_days
from chatwoot_assets.partitions import Day, all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.schema import migrate

_DAYS_SAMPLED = 10
_ROWS_PER_DAY = 20


def build_reconciliation_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return the reconciliation checks."""
    return [_every_day(settings), _sampled_rows(settings)]


def _every_day(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="every_day_equals_chatwoot",
        asset="conversas_analytics",
        description="Counts and fingerprints of every day are Chatwoot's own, now.",
        pool=SOURCE_POOL,
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        wanted = _wanted(context, settings)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection, snapshot(chatwoot) as source:
                check_views(source, chatwoot.views_schema, settings.reporting_timezone.key)
                differing = _differing(source, chatwoot.views_schema, settings, wanted, loaded_fingerprints(connection))
        return dg.AssetCheckResult(
            passed=not differing,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"{len(differing)} days differ from Chatwoot: {_format(differing)}" if differing else None,
            metadata={
                "days": len(wanted),
                "differing_days": len(differing),
                "which_days": _format(differing),
                "compared_at": dg.MetadataValue.timestamp(source.taken_at),
            },
        )

    return _check


def _wanted(context: dg.AssetCheckExecutionContext, settings: Settings) -> list[Day]:
    of_run = run_days(context, settings.reporting_timezone)
    return all_days(settings) if of_run is None else of_run


def _format(days: set[Day]) -> str:
    return format_days(day.date for day in days)


def _differing(
    source: Snapshot, schema: str, settings: Settings, wanted: list[Day], loaded: KnownFingerprints
) -> set[Day]:
    defined = definition(settings.reporting_timezone.key)
    return differing_days(source, schema, defined, wanted, loaded)


def _sampled_rows(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="sampled_rows_equal_chatwoot",
        asset="conversas_analytics",
        description=(
            f"Of up to {_DAYS_SAMPLED} days that are equal by their fingerprints, up to {_ROWS_PER_DAY} rows each, by"
            " chance: every column is what vw_conversations_analytics says."
        ),
        pool=SOURCE_POOL,
    )
    def _check(
        context: dg.AssetCheckExecutionContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.AssetCheckResult:
        schema = chatwoot.views_schema
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection, snapshot(chatwoot) as source:
                loaded = loaded_fingerprints(connection)
                sampled = _sample([day for day in _wanted(context, settings) if day.date in loaded])
                # What changed since it was loaded is another check's business.
                changed = _differing(source, schema, settings, sampled, loaded)
                dates = [day.date for day in sampled if day not in changed]
                local = _local_rows(connection, dates)
                remote = _remote_rows(source, schema, list(local))
        return _compared(local, remote, len(dates))

    return _check


def _sample(candidates: list[Day]) -> list[Day]:
    chosen = random.sample(candidates, min(_DAYS_SAMPLED, len(candidates)))
    return sorted(chosen, key=lambda day: day.date)


def _local_rows(connection: psycopg.Connection, dates: list[datetime.date]) -> dict[int, dict[str, Any]]:
    query = compose(sql_path("warehouse", "sampled_rows.sql"), days=dates, rows_per_day=_ROWS_PER_DAY)
    return {row["id"]: row for (row,) in connection.execute(query).fetchall()}


def _remote_rows(source: Snapshot, schema: str, ids: list[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    query = compose(sql_path("extract", "whole_rows.sql"), views_schema=schema, ids=ids)
    rows = [json.loads(text) for (text,) in source.read(query).iter_rows()]
    return {row["id"]: row for row in rows}


def _compared(local: dict[int, dict[str, Any]], remote: dict[int, dict[str, Any]], days: int) -> dg.AssetCheckResult:
    """Compare row by row; of what differs, columns and days are named, never a value."""
    columns: Counter[str] = Counter()
    failing: set[datetime.date] = set()
    for id_, row in local.items():
        other = remote.get(id_, {})
        wrong = [name for name in CONVERSAS_ANALYTICS if name != "extracted_at" and row[name] != other.get(name, other)]
        columns.update(wrong)
        if wrong:
            failing.add(datetime.date.fromisoformat(row["conversation_date"]))
    differing = ", ".join(sorted(columns)) or "none"
    return dg.AssetCheckResult(
        passed=not columns,
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"columns differ from Chatwoot's in sampled rows: {differing}" if columns else None,
        metadata={
            "days_sampled": days,
            "rows_compared": len(local),
            "differing_columns": differing,
            "which_days": format_days(failing),
        },
    )
