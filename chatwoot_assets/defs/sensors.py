"""The sensors: one requests the days that changed in Chatwoot, one the views whose SQL changed."""

import hashlib
import json

import dagster as dg

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.defs.processes import end_runs_of_dead_processes
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS
from chatwoot_assets.defs.requests import request_differing_days
from chatwoot_assets.errors import SourceError, UserError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import (
    check_timezone,
    deployed_timezone,
    deployed_versions,
    wanted_versions,
)
from chatwoot_assets.source.releases import table_columns_query
from chatwoot_assets.source.snapshot import snapshot

RECENT_DAYS = 3


def build_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """Return the sensors, all of which run unless somebody stops them."""
    return [_changed_days_sensor(settings), _views_sensor(settings)]


def _changed_days_sensor(settings: Settings) -> dg.SensorDefinition:
    @dg.sensor(
        name="changed_days_sensor",
        job_name=REFRESH_DAYS,
        minimum_interval_seconds=settings.refresh_interval_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Finds new messages by their ids. Compares with Chatwoot in full: the last {RECENT_DAYS} days, and a few"
            " older days in rotation. Compares the ratings of the last month, and the conversations of many older days"
            " in rotation. Requests one run for the days that differ, those that have"
            " waited longest first, unless such a run is still unfinished."
        ),
    )
    def _sensor(
        context: dg.SensorEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.SensorResult:
        # First, and also while Chatwoot cannot be reached: such a run holds the slot that every other run waits for.
        end_runs_of_dead_processes(context.instance)
        try:
            changes = scan_for_changes(settings, chatwoot, warehouse, recent=RECENT_DAYS)
            request = request_differing_days(settings, chatwoot, warehouse, context.instance)
        except UserError as error:
            # The local data remain available; the next scan continues where the last one ended.
            return dg.SensorResult(skip_reason=f"cannot compare now: {error}")
        if isinstance(request, dg.RunRequest):
            return dg.SensorResult(run_requests=[request])
        compared = f"compared {changes.compared_at:%Y-%m-%d %H:%M:%S} UTC"
        return dg.SensorResult(skip_reason=f"{request.skip_message}; {compared}")

    return _sensor


def _views_sensor(settings: Settings) -> dg.SensorDefinition:
    options = settings.view_options
    schema = options.schema

    @dg.sensor(
        name="views_sensor",
        job_name=DEPLOY_VIEWS,
        minimum_interval_seconds=settings.refresh_interval_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "Deploys the views again when their SQL is not what was deployed. It never changes their time zone, creates"
            " views where there are none, or replaces views that were made in psql."
        ),
    )
    def _sensor(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.RunRequest | dg.SkipReason:
        if settings.has_inline_views:
            return dg.SkipReason("CHATWOOT_VIEWS is inline: nothing is deployed")
        try:
            with snapshot(chatwoot) as source:
                deployed = deployed_versions(source, schema)
                columns = source.read(table_columns_query()).rows()
                check_timezone(options, deployed_timezone(source, schema))
        except SourceError as error:
            return dg.SkipReason(f"cannot compare now: {error}")
        if not deployed:
            return dg.SkipReason(f"no views of ours are in {schema!r}; create them with: chatwoot-assets views create")
        wanted = wanted_versions(options, columns)
        if deployed == wanted:
            return dg.SkipReason("every view is up to date")
        # One run per difference: a deployment that fails, for lack of a privilege say, is not repeated every minute.
        difference = json.dumps([sorted(deployed.items()), sorted(wanted.items())])
        return dg.RunRequest(run_key=hashlib.sha256(difference.encode()).hexdigest())

    return _sensor
