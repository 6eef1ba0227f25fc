"""Quality checks: does what is loaded hold together, by itself and with its extract.

Freshness and reconciliation with the source are other modules' business. A check is unpartitioned, since
Dagster keeps one result for a run of many days; in such a run it looks at the run's days, else at every
loaded day, and names the days that fail, never a value of a row.
"""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import dagster as dg
import psycopg
from psycopg import sql

from chatwoot_assets.defs.checks.days import format_days, run_days
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, day
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.schema import migrate


def build_quality_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return the checks on the local tables."""
    return [
        *(_sql_check(check, settings.reporting_timezone) for check in _SQL_CHECKS),
        _rows_equal_extract(settings),
        _partitions_hold_everything(settings),
    ]


@dataclass(frozen=True)
class _SqlCheck:
    """A check that is `sql/warehouse/checks/<name>.sql`: the days that fail, and how many rows of each."""

    name: str
    asset: str
    description: str
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR


_SQL_CHECKS = (
    _SqlCheck(
        "keys_are_unique_and_present",
        "conversas_analytics",
        "Every row has an id, an account, an inbox and a day, and no id comes twice.",
    ),
    _SqlCheck(
        "values_are_in_range",
        "conversas_analytics",
        "Hours, words, counts, times and flags are such as a conversation can have, and agree with each other.",
    ),
    _SqlCheck(
        "codes_are_known",
        "conversas_analytics",
        "Statuses, priorities and ratings are Chatwoot's; a newer release may bring others, which are kept.",
        dg.AssetCheckSeverity.WARN,
    ),
    _SqlCheck(
        "summary_adds_up",
        "daily_summary",
        "Counts and sums of every day equal a recount of conversas_analytics.",
    ),
    _SqlCheck(
        "metrics_add_up",
        "conversation_facts",
        "Every way to count the same thing comes to one number: conversations, facts, waits, daily tables, backlog.",
    ),
)


def _sql_check(check: _SqlCheck, zone: ZoneInfo) -> dg.AssetChecksDefinition:
    @dg.asset_check(name=check.name, asset=check.asset, description=check.description)
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                return _result(_failing(connection, check.name, run_days(context, zone)), check.severity)

    return _check


def _failing(connection: psycopg.Connection, name: str, days: list[Day] | None) -> dict[datetime.date, int]:
    if days is None:
        dates = [date for (date,) in connection.execute("SELECT conversation_date FROM partition_state").fetchall()]
    else:
        dates = [day.date for day in days]
    array = "{" + ",".join(date.isoformat() for date in dates) + "}"
    rows = connection.execute(compose(sql_path("warehouse", "checks", f"{name}.sql"), days=array)).fetchall()
    return {datetime.date.fromisoformat(text): count for text, count in rows}


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


def _rows_equal_extract(settings: Settings) -> dg.AssetChecksDefinition:
    store = ExtractStore(settings.extracts_url)
    zone = settings.reporting_timezone

    @dg.asset_check(
        name="rows_equal_extract",
        asset="conversas_analytics",
        description="Every loaded day has as many rows as were extracted for it.",
    )
    def _check(context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.AssetCheckResult:
        days = run_days(context, zone)
        with as_dagster_failure():
            migrate(warehouse)
            with warehouse.connect() as connection:
                loaded = _loaded_rows(connection, days)
        failing = {}
        for date, rows in loaded.items():
            extracted = store.row_count(Dataset.CONVERSATIONS, day(date, zone))
            if extracted != rows:
                failing[date] = abs((extracted or 0) - rows)
        return _result(failing)

    return _check


def _loaded_rows(connection: psycopg.Connection, days: list[Day] | None) -> dict[datetime.date, int]:
    """Return the number of rows in conversas_analytics of each day, 0 for a loaded day without any."""
    dates = [day.date for day in days or []]
    condition = sql.SQL("conversation_date = ANY({}::date[])").format(sql.Literal(dates)) if dates else sql.SQL("TRUE")
    rows = connection.execute(
        sql.SQL(
            "SELECT conversation_date, count(c.id) FROM partition_state"
            " LEFT JOIN conversas_analytics AS c USING (conversation_date) WHERE {} GROUP BY 1"
        ).format(condition)
    ).fetchall()
    return dict.fromkeys(dates, 0) | dict(rows)


def _partitions_hold_everything(settings: Settings) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="partitions_hold_every_conversation",
        asset="conversas_analytics",
        description="No conversation in Chatwoot is older than the first partition, or dated after today.",
        pool=SOURCE_POOL,
    )
    def _check(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.AssetCheckResult:
        with as_dagster_failure(), snapshot(chatwoot) as source:
            outside = count_out_of_range(source, chatwoot.views_schema, settings)
        return dg.AssetCheckResult(
            passed=outside.warning is None,
            severity=dg.AssetCheckSeverity.WARN,
            description=outside.warning,
            metadata={
                "before_first_partition": outside.before_first,
                "after_today": outside.after_last,
                "oldest_day": str(outside.oldest),
            },
        )

    return _check
