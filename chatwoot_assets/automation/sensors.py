"""Asking for the days that changed: every minute what is cheap to compare, every night everything."""

import datetime
import json

import dagster as dg

from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.analytics.state import loaded_fingerprints
from chatwoot_assets.automation.changes import Changes, find_changes
from chatwoot_assets.automation.jobs import REFRESH_DAYS, range_tags
from chatwoot_assets.errors import UserError
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.partitions import Day, adjacent, all_days
from chatwoot_assets.postgres import AnalyticsDatabase, ChatwootDatabase
from chatwoot_assets.settings import Settings

SECONDS_BETWEEN_PASSES = 60
RECENT_DAYS = 7
RUNS_A_TICK = 4
DAYS_A_RUN = 100
PAUSE_AFTER_FAILURE = datetime.timedelta(hours=1)
# A tick has 60 s in all; a statement must not go on after it.
SECONDS_A_STATEMENT = 50

_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def build_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """Return the sensors."""

    @dg.sensor(
        name="changes",
        job_name=REFRESH_DAYS,
        minimum_interval_seconds=SECONDS_BETWEEN_PASSES,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            f"Compares the last {RECENT_DAYS} days in full, older days by their conversations and by newly written"
            " messages, and asks for the days that differ from what is loaded."
        ),
    )
    def _changes(
        context: dg.SensorEvaluationContext, chatwoot: ChatwootDatabase, analytics: AnalyticsDatabase
    ) -> dg.SensorResult:
        since = json.loads(context.cursor)["message"] if context.cursor else None
        try:
            changes = compare(settings, chatwoot, analytics, recent=RECENT_DAYS, since_message=since)
        except UserError as error:
            # The local data go on being served; the cursor stays, so that nothing is missed.
            return dg.SensorResult(skip_reason=f"cannot compare now: {error}", cursor=context.cursor)
        requests = requests_for(changes, context.instance, limit=RUNS_A_TICK)
        found = f"{len(changes.days)} days differ, {len(requests)} runs asked for"
        # The cursor moves only when nothing differs: of a day that is not asked for now, or whose run fails,
        # the next pass has to look at the messages again.
        moves = not changes.days or context.cursor is None
        return dg.SensorResult(
            run_requests=requests,
            cursor=json.dumps({"message": changes.latest_message}) if moves else context.cursor,
            skip_reason=None if requests else f"{found}; compared {changes.compared_at:%Y-%m-%d %H:%M:%S} UTC",
        )

    return [_changes]


def compare(
    settings: Settings,
    chatwoot: ChatwootDatabase,
    analytics: AnalyticsDatabase,
    *,
    recent: int | None = None,
    since_message: int | None = None,
) -> Changes:
    """Compare all partitions of the source with what is loaded; see `find_changes`."""
    migrate(analytics)
    with analytics.connect() as connection:
        loaded = loaded_fingerprints(connection)
    impatient = ChatwootDatabase(
        url=chatwoot.url, views_schema=chatwoot.views_schema, statement_timeout_seconds=SECONDS_A_STATEMENT
    )
    with snapshot(impatient) as source:
        return find_changes(
            source,
            chatwoot.views_schema,
            settings.reporting_timezone.key,
            all_days(settings),
            loaded,
            recent=recent,
            since_message=since_message,
        )


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
    busy = _ranges_of_runs(instance, _UNFINISHED) + _ranges_of_runs(
        instance, [dg.DagsterRunStatus.FAILURE], datetime.datetime.now(datetime.timezone.utc) - PAUSE_AFTER_FAILURE
    )
    free = [day for day in changes.days if not any(first <= day.key <= last for first, last in busy)]
    ranges = [part for run in adjacent(free) for part in _parts(run)]
    return [_request(days, tick) for days in list(reversed(ranges))[:limit]]


def _parts(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + DAYS_A_RUN] for start in range(0, len(days), DAYS_A_RUN)]


def _request(days: list[Day], tick: str | None) -> dg.RunRequest:
    first, last = days[0].key, days[-1].key
    return dg.RunRequest(run_key=f"{tick}:{first}...{last}" if tick else None, tags=range_tags(first, last))


def _ranges_of_runs(
    instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus], after: datetime.datetime | None = None
) -> list[tuple[str, str]]:
    runs = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS, statuses=statuses, updated_after=after))
    start, end = range_tags("", "")
    return [(run.tags.get(start, ""), run.tags.get(end, "")) for run in runs]
