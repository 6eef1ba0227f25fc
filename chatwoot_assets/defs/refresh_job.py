"""The job that refreshes days, contiguous or not, in one step.

It is not a job of assets: Dagster would plan and record each asset and day of its runs, whether something was written
or not. The step reports each day as soon as it is committed, and nothing of days that were up to date. The partitions
in the UI therefore change while a run works, and show what a killed run finished.
"""

import datetime
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from chatwoot_assets import dagster_internals
from chatwoot_assets.defs.asset_keys import KeyPrefix
from chatwoot_assets.defs.checks.days import format_days
from chatwoot_assets.defs.checks.quality import evaluate_quality_checks
from chatwoot_assets.defs.daily_assets import build_refresher
from chatwoot_assets.defs.materializations import materializations
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure, retry_transient
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets.errors import SettingsError, WarehouseError
from chatwoot_assets.partitions import ONE_DAY, Day, days, group_adjacent, today
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import reporter
from chatwoot_assets.refresh.days import RefreshedDay, Stages
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import read_sync_status

REFRESH_DAYS = "refresh_days"
OP = "refresh"
# The tag that shows the days of a run in the UI's list of runs.
DAYS_TAG = "days"

_RANGE = "..."
_ENTRY = re.compile(r"\d{4}-\d\d-\d\d(\.\.\.\d{4}-\d\d-\d\d)?")


class RefreshDaysConfig(dg.Config):
    """Run configuration of the job.

    Attributes:
        days: The days, each as `2025-03-10`, or a range of days as `2025-03-10...2025-03-31`.
        force: Also write days that are up to date.
    """

    days: list[str]
    force: bool = False


def build_refresh_job(settings: Settings, executor: dg.ExecutorDefinition, prefix: KeyPrefix = ()) -> dg.JobDefinition:
    """Return the job."""

    @dg.op(name=OP, out=dg.Out(dg.Nothing), pool=SOURCE_POOL)
    def _refresh(
        context: dg.OpExecutionContext,
        config: RefreshDaysConfig,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[dg.AssetCheckEvaluation]:
        started = time.monotonic()
        record_process(context)
        with as_dagster_failure():
            requested = parse_days(config.days, settings)
            since = _differing_since(warehouse)
            written: list[RefreshedDay] = []
            refresher = build_refresher(settings, chatwoot, warehouse)
            report, run_id = reporter(context.log), context.run_id
            for batch in refresher.refresh(requested, Stages.EXTRACT | Stages.LOAD, run_id, report, force=config.force):
                events = [
                    materialization
                    for refreshed in batch
                    for materialization in materializations(refreshed, prefix, since.get(refreshed.day.date))
                ]
                dagster_internals.log_materializations(context, events)
                written += [refreshed for refreshed in batch if refreshed.row_counts]
            context.log.info(_summary(requested, written, time.monotonic() - started))
            if written:
                check_days = [refreshed.day for refreshed in written]

                def check() -> list[dg.AssetCheckEvaluation]:
                    return evaluate_quality_checks(settings, chatwoot, warehouse, check_days, prefix)

                # Retry the checks alone: a retry of the step would find the days equal and not check them.
                yield from retry_transient(check, check, context.log)

    @dg.job(
        name=REFRESH_DAYS,
        executor_def=executor,
        description=(
            "Refreshes everything for the given days: extracts, conversas_analytics, messages, daily_summary and"
            " metrics. Runs the quality checks of the days that it wrote. Days that equal Chatwoot cost nothing."
        ),
    )
    def _job() -> None:
        _refresh()

    return _job


def _differing_since(warehouse: Warehouse) -> dict[datetime.date, datetime.datetime]:
    """Return since when each day is known to differ; empty if that cannot be read, which the refresh will report."""
    try:
        migrate(warehouse)
        with warehouse.connect() as connection:
            return read_sync_status(connection).differing
    except WarehouseError:
        return {}


def _summary(requested: Sequence[Day], written: Sequence[RefreshedDay], seconds: float) -> str:
    """Return what a run did in one line."""
    if not written:
        return f"{len(requested)} days are up to date; nothing was written, in {seconds:.1f} s"
    conversations = sum(refreshed.row_counts.get("conversas_analytics", 0) for refreshed in written)
    messages = sum(refreshed.row_counts.get("messages", 0) for refreshed in written)
    return (
        f"refreshed {len(written)} of {len(requested)} days, {conversations:,} conversations, {messages:,} messages,"
        f" in {seconds:.1f} s: {format_days(refreshed.day.date for refreshed in written)}"
    )


def parse_days(entries: Iterable[str], settings: Settings) -> list[Day]:
    """Return the days of a run's configuration, in order of date.

    Raises:
        SettingsError: An entry is not a day or a range of days, or is outside the partitions.
    """
    dates = set(_parse_dates(entries))
    first, last = settings.partitions_start_date, today(settings.reporting_timezone)
    outside = sorted(date for date in dates if not first <= date <= last)
    if outside:
        raise SettingsError(f"outside the partitions, {first} to {last}: {format_days(outside)}")
    return days([date.isoformat() for date in dates], settings.reporting_timezone)


def _parse_dates(entries: Iterable[str]) -> list[datetime.date]:
    dates: list[datetime.date] = []
    for entry in entries:
        first, _, last = entry.partition(_RANGE)
        try:
            if not _ENTRY.fullmatch(entry):
                raise ValueError
            start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last or first)
        except ValueError:
            raise SettingsError(
                f"days has {entry!r}; accepted are YYYY-MM-DD and YYYY-MM-DD{_RANGE}YYYY-MM-DD"
            ) from None
        dates += [start + number * ONE_DAY for number in range((end - start).days + 1)]
    return dates


def run_dates(run: dg.DagsterRun) -> set[datetime.date]:
    """Return the days of a run of this job; none if its configuration is not valid."""
    config: Any = run.run_config
    try:
        return set(_parse_dates(config["ops"][OP]["config"]["days"]))
    except (KeyError, TypeError, SettingsError):
        return set()


def refresh_config(requested: Sequence[Day], *, force: bool = False) -> Mapping[str, object]:
    """Return the run configuration that refreshes days.

    Args:
        requested: The days, in order of date.
        force: Also write days that are up to date.
    """
    entries = [
        group[0].key if len(group) == 1 else f"{group[0].key}{_RANGE}{group[-1].key}"
        for group in group_adjacent(list(requested))
    ]
    return {"ops": {OP: {"config": {"days": entries, "force": force}}}}


def days_tag(requested: Sequence[Day]) -> dict[str, str]:
    """Return the tag that shows the days of a run in the UI's list of runs."""
    first, last = requested[0].key, requested[-1].key
    if len(requested) == 1:
        return {DAYS_TAG: first}
    return {DAYS_TAG: f"{len(requested):,}, {first} to {last}"}
