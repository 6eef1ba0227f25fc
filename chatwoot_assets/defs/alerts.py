"""Alerts: what Dagster and the warehouse know is wrong, sent to ALERT_URLS by a sensor or a command."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

import dagster as dg

from chatwoot_assets.alerts.notices import Message, decide, notices_from_json, notices_to_json
from chatwoot_assets.alerts.problem import Problem
from chatwoot_assets.alerts.sending import send
from chatwoot_assets.alerts.warehouse_rules import find_warehouse_problems
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.errors import UserError, WarehouseError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.schema import migrate

_INTERVAL_SECONDS = 300
# The key under which Dagster's storage keeps the notices.
_NOTICES = "chatwoot_assets_alerts"
_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
# The job of everything that somebody materializes from the asset graph.
_ASSET_JOB = "__ASSET_JOB"
# A check's evaluations that run now or were canceled are fewer than this.
_RECORDS_PER_CHECK = 20


def find_problems(
    instance: dg.DagsterInstance,
    warehouse: Warehouse,
    settings: Settings,
    own: OwnDefinitions,
    now: datetime.datetime,
) -> list[Problem]:
    """Return all problems that exist now.

    Args:
        instance: Dagster's instance.
        warehouse: The local database.
        settings: The project's settings.
        own: The jobs and checks to look at.
        now: The time, with a zone.
    """
    problems = [*_find_failed_runs(instance, own), *_find_failed_checks(instance, own)]
    try:
        migrate(warehouse)
        with warehouse.connect() as connection:
            problems += find_warehouse_problems(connection, settings, settings.alert_rules, now)
    except WarehouseError as error:
        problems.append(Problem("warehouse", f"The warehouse cannot be used: {error}"))
    return problems


def send_alerts(instance: dg.DagsterInstance, problems: Iterable[Problem], settings: Settings) -> Message | None:
    """Send what was not reported yet, and return the message, or None if there is nothing to report.

    Raises:
        UserError: It could not be sent; the next call tries again.
    """
    storage = instance.daemon_cursor_storage
    notices = notices_from_json(storage.get_cursor_values({_NOTICES}).get(_NOTICES))
    now = datetime.datetime.now(datetime.timezone.utc)
    message, after = decide(problems, notices, now, settings.alert_rules.repeat)
    if message is not None:
        send(message, settings.alert_urls)
    storage.set_cursor_values({_NOTICES: notices_to_json(after)})
    return message


def build_alerts_sensor(settings: Settings, own: OwnDefinitions) -> dg.SensorDefinition:
    """Return the sensor that sends alerts; it runs if ALERT_URLS is set.

    Args:
        settings: The project's settings.
        own: The jobs and checks to look at.
    """
    running, stopped = dg.DefaultSensorStatus.RUNNING, dg.DefaultSensorStatus.STOPPED

    @dg.sensor(
        name="alerts_sensor",
        minimum_interval_seconds=_INTERVAL_SECONDS,
        default_status=running if settings.alert_urls else stopped,
        description=(
            "Sends failed runs, failed checks, stale data and what the rules of ALERTS find to ALERT_URLS: each"
            " problem once, again while it lasts, and once when it is gone."
        ),
    )
    def _sensor(context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.SkipReason:
        if not settings.alert_urls:
            return dg.SkipReason("ALERT_URLS is not set")
        now = datetime.datetime.now(datetime.timezone.utc)
        problems = find_problems(context.instance, warehouse, settings, own, now)
        try:
            message = send_alerts(context.instance, problems, settings)
        except UserError as error:
            return dg.SkipReason(f"{len(problems)} problems; {error}")
        return dg.SkipReason(f"{len(problems)} problems; {'sent ' + message.title if message else 'nothing to send'}")

    return _sensor


def _find_failed_runs(instance: dg.DagsterInstance, own: OwnDefinitions) -> Iterator[Problem]:
    """Yield the jobs whose last finished run failed."""
    # Job by job: among all runs, a nightly one is soon hidden by those of a refresh per minute.
    for job in [*sorted(own.job_names), _ASSET_JOB]:
        for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=_FINISHED), limit=1):
            if run.status is dg.DagsterRunStatus.FAILURE:
                yield Problem(f"run {job}", f"The last run of {job} failed: {run.run_id}")


def _find_failed_checks(instance: dg.DagsterInstance, own: OwnDefinitions) -> Iterator[Problem]:
    """Yield the checks whose last evaluation failed, or could not run."""
    for key in sorted(own.check_keys):
        for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=_RECORDS_PER_CHECK):
            outcome = record.status.value
            if outcome == "PLANNED":
                run = instance.get_run_by_id(record.run_id)
                if not run or run.status is not dg.DagsterRunStatus.FAILURE:
                    continue  # it runs now, or was canceled: the evaluation before it is the last one
            if outcome != "SUCCEEDED":
                name = f"{key.asset_key.to_user_string()}.{key.name}"
                result = "failed" if outcome == "FAILED" else "could not run"
                yield Problem(f"check {name}", f"The check {name} {result}: run {record.run_id}")
            break
