"""Asking for the days that changed, every minute, by what is cheap to compare; and for views that changed."""

import datetime
import hashlib
import json

import dagster as dg

from chatwoot_assets.change_detection.changes import Changes
from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS, REFRESH_DAYS, UNFINISHED_STATUSES, range_tags
from chatwoot_assets.errors import SourceError, UserError
from chatwoot_assets.partitions import Day, adjacent
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
    """Return the sensors."""

    @dg.sensor(
        name="changed_days_sensor",
        job_name=REFRESH_DAYS,
        minimum_interval_seconds=SECONDS_BETWEEN_SCANS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Compares in full the last {RECENT_DAYS} days, days with new messages and, in turn, a few of the older"
            " ones, so that each is within about four hours; all others by their conversations, the last month by its"
            " ratings too. Asks for the days that differ from what is loaded."
        ),
    )
    def _changes(
        context: dg.SensorEvaluationContext,
        chatwoot: dg.ResourceParam[ChatwootDatabase],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.SensorResult:
        since, after = _position(context.cursor)
        try:
            changes = scan_for_changes(
                settings, chatwoot, warehouse, recent=RECENT_DAYS, since_message=since, rotation_after=after
            )
        except UserError as error:
            # The local data go on being served; the cursor stays, so that nothing is missed.
            return dg.SensorResult(skip_reason=f"cannot compare now: {error}", cursor=context.cursor)
        requests = requests_for(changes, context.instance, limit=RUNS_PER_TICK)
        found = f"{len(changes.days)} days differ, {len(requests)} runs asked for"
        # Messages are passed over only when nothing differs: of a day that is not asked for now, or whose run fails,
        # the next pass has to look at them again. The turn goes on, lest a day that keeps failing hold it up.
        moves = not changes.days or since is None
        position = {"message": changes.latest_message if moves else since, "day": changes.rotation_cursor}
        return dg.SensorResult(
            run_requests=requests,
            cursor=json.dumps(position, default=str),
            skip_reason=None if requests else f"{found}; compared {changes.compared_at:%Y-%m-%d %H:%M:%S} UTC",
        )

    return [_changes, _views_sensor(settings)]


def _position(cursor: str | None) -> tuple[int | None, datetime.date | None]:
    """Return the last message that was looked at, and the last of the older days that had its turn."""
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
    def _views(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.RunRequest | dg.SkipReason:
        try:
            with snapshot(chatwoot) as source:
                deployed = deployed_versions(source, schema)
                check_timezone(schema, deployed_timezone(source, schema), timezone)
        except SourceError as error:
            return dg.SkipReason(f"cannot look now: {error}")
        if not deployed:
            return dg.SkipReason(f"no views of ours are in {schema!r}; create them with: chatwoot-assets views create")
        if deployed == wanted:
            return dg.SkipReason("every view is as its SQL says")
        # Once for each difference: what fails, for want of a privilege say, is not tried every minute.
        versions = json.dumps([sorted(deployed.items()), sorted(wanted.items())])
        return dg.RunRequest(run_key=hashlib.sha256(versions.encode()).hexdigest())

    return _views


def requests_for(
    changes: Changes, instance: dg.DagsterInstance, *, limit: int | None = None, tick: str | None = None
) -> list[dg.RunRequest]:
    """Return a run for each range of changed days, the newest first.

    Days that a run is at already are left out, and those whose run failed within the last hour: they are
    asked for again later, not every minute.

    Args:
        changes: what a pass found.
        instance: where the runs are.
        limit: at most so many.
        tick: of a schedule, whose several runs need keys, the tick.
    """
    busy = _ranges_of_runs(instance, UNFINISHED_STATUSES) + _ranges_of_runs(
        instance, [dg.DagsterRunStatus.FAILURE], datetime.datetime.now(datetime.timezone.utc) - PAUSE_AFTER_FAILURE
    )
    free = [day for day in changes.days if not any(first <= day.key <= last for first, last in busy)]
    ranges = [part for run in adjacent(free) for part in _parts(run)]
    return [_request(days, tick) for days in list(reversed(ranges))[:limit]]


def _parts(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + DAYS_PER_RUN] for start in range(0, len(days), DAYS_PER_RUN)]


def _request(days: list[Day], tick: str | None) -> dg.RunRequest:
    first, last = days[0].key, days[-1].key
    return dg.RunRequest(run_key=f"{tick}:{first}...{last}" if tick else None, tags=range_tags(first, last))


def _ranges_of_runs(
    instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus], after: datetime.datetime | None = None
) -> list[tuple[str, str]]:
    runs = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS, statuses=statuses, updated_after=after))
    start, end = range_tags("", "")
    return [(run.tags.get(start, ""), run.tags.get(end, "")) for run in runs]
