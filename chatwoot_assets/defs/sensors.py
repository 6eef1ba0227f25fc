"""The sensors: one requests the days that changed in Chatwoot, one the views whose SQL changed."""

import datetime
import hashlib
import json

import dagster as dg

from chatwoot_assets.change_detection.changes import Changes
from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS, REFRESH_DAYS, UNFINISHED_STATUSES, range_tags
from chatwoot_assets.errors import SourceError, UserError
from chatwoot_assets.partitions import Day, group_adjacent
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import deployed_timezone, deployed_versions
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.source.views import VIEWS, check_timezone

SECONDS_BETWEEN_SCANS = 60
RECENT_DAYS = 3
RUNS_PER_TICK = 4
DAYS_PER_RUN = 100
PAUSE_AFTER_FAILURE = datetime.timedelta(hours=1)


def build_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """Return the sensors, all of which run unless somebody stops them."""
    return [_changed_days_sensor(settings), _views_sensor(settings)]


def _changed_days_sensor(settings: Settings) -> dg.SensorDefinition:
    @dg.sensor(
        name="changed_days_sensor",
        job_name=REFRESH_DAYS,
        minimum_interval_seconds=SECONDS_BETWEEN_SCANS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Compares with Chatwoot in full: the last {RECENT_DAYS} days, days with new messages, and a few older days"
            " in rotation, so that each has its turn within about four hours. Compares the conversations of all other"
            " days, and the ratings of the last month. Refreshes the days that differ."
        ),
    )
    def _sensor(
        context: dg.SensorEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.SensorResult:
        since_message, rotation_after = _parse_cursor(context.cursor)
        try:
            changes = scan_for_changes(
                settings,
                chatwoot,
                warehouse,
                recent=RECENT_DAYS,
                since_message=since_message,
                rotation_after=rotation_after,
            )
        except UserError as error:
            # The local data remain available; the cursor stays, so that no change is missed.
            return dg.SensorResult(skip_reason=f"cannot compare now: {error}", cursor=context.cursor)
        requests = requests_for(changes, context.instance, limit=RUNS_PER_TICK)
        summary = f"{len(changes.days)} days differ, {len(requests)} runs requested"
        # Move past messages only when no day differs: the next scan has to look again at a day that is not requested
        # now or whose run fails. The rotation always moves on, so that a day that keeps failing does not hold it up.
        is_equal = not changes.days or since_message is None
        cursor = {
            "message": changes.latest_message if is_equal else since_message,
            "day": changes.rotation_cursor,
        }
        return dg.SensorResult(
            run_requests=requests,
            cursor=json.dumps(cursor, default=str),
            skip_reason=None if requests else f"{summary}; compared {changes.compared_at:%Y-%m-%d %H:%M:%S} UTC",
        )

    return _sensor


def _parse_cursor(cursor: str | None) -> tuple[int | None, datetime.date | None]:
    """Return the id of the last message and the last rotated day of the previous scan."""
    position = json.loads(cursor) if cursor else {}
    day = position.get("day")
    return position.get("message"), datetime.date.fromisoformat(day) if day else None


def _views_sensor(settings: Settings) -> dg.SensorDefinition:
    schema, timezone = settings.views_schema, settings.reporting_timezone.key
    wanted = {view.name: view.version(schema, timezone) for view in VIEWS}

    @dg.sensor(
        name="views_sensor",
        job_name=DEPLOY_VIEWS,
        minimum_interval_seconds=SECONDS_BETWEEN_SCANS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "Deploys the views again when their SQL is not what was deployed. It never changes their time zone, creates"
            " views where there are none, or replaces views that were made in psql."
        ),
    )
    def _sensor(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.RunRequest | dg.SkipReason:
        try:
            with snapshot(chatwoot) as source:
                deployed = deployed_versions(source, schema)
                check_timezone(schema, deployed_timezone(source, schema), timezone)
        except SourceError as error:
            return dg.SkipReason(f"cannot look now: {error}")
        if not deployed:
            return dg.SkipReason(f"no views of ours are in {schema!r}; create them with: chatwoot-assets views create")
        if deployed == wanted:
            return dg.SkipReason("every view is up to date")
        # One run per difference: a deployment that fails, for lack of a privilege say, is not repeated every minute.
        difference = json.dumps([sorted(deployed.items()), sorted(wanted.items())])
        return dg.RunRequest(run_key=hashlib.sha256(difference.encode()).hexdigest())

    return _sensor


def requests_for(
    changes: Changes, instance: dg.DagsterInstance, *, limit: int | None = None, tick: str | None = None
) -> list[dg.RunRequest]:
    """Return run requests for the changed days, one per contiguous range, the newest first.

    Days of an unfinished run are left out. So are those of a run that failed within the last hour, which are
    requested again after it instead of every minute.

    Args:
        changes: The result of a scan.
        instance: The instance that has the runs.
        limit: The maximum number of requests; None for no limit.
        tick: The tick of a schedule, which must give a key to each of several requests; None for a sensor.
    """
    failed_after = datetime.datetime.now(datetime.timezone.utc) - PAUSE_AFTER_FAILURE
    busy = _ranges_of_runs(instance, UNFINISHED_STATUSES)
    busy += _ranges_of_runs(instance, [dg.DagsterRunStatus.FAILURE], updated_after=failed_after)
    free = [day for day in changes.days if not any(first <= day.key <= last for first, last in busy)]
    ranges = [part for days in group_adjacent(free) for part in _split(days)]
    return [_request(days, tick) for days in list(reversed(ranges))[:limit]]


def _split(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + DAYS_PER_RUN] for start in range(0, len(days), DAYS_PER_RUN)]


def _request(days: list[Day], tick: str | None) -> dg.RunRequest:
    first, last = days[0].key, days[-1].key
    return dg.RunRequest(run_key=f"{tick}:{first}...{last}" if tick else None, tags=range_tags(first, last))


def _ranges_of_runs(
    instance: dg.DagsterInstance,
    statuses: list[dg.DagsterRunStatus],
    updated_after: datetime.datetime | None = None,
) -> list[tuple[str, str]]:
    """Return the first and last day of each run of `refresh_days` with one of the statuses."""
    runs = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS, statuses=statuses, updated_after=updated_after))
    start, end = range_tags("", "")
    return [(run.tags.get(start, ""), run.tags.get(end, "")) for run in runs]
