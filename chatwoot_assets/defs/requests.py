"""The run that a sensor or a schedule requests for the days that differ from Chatwoot."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

import dagster as dg

from chatwoot_assets.defs.processes import UNFINISHED_STATUSES
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, days_tag, refresh_config, run_dates
from chatwoot_assets.extract.queries import day_sizes
from chatwoot_assets.partitions import Day, days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import loaded_counts
from chatwoot_assets.warehouse.source_comparison import read_sync_status

# How many messages the days of a run may have, unless it is a single day. Such a run takes less than a minute.
MESSAGES_PER_RUN = 250_000
# Only this part of the messages of a day that is loaded already counts, because mostly few of its conversations
# changed. If all of them did, the run still takes about a minute.
LOADED_DAY_DIVISOR = 6
# For days that were never loaded, messages are estimated. Days without conversations are then requested all at once.
MESSAGES_PER_NEW_CONVERSATION = 12
# How long counting the conversations of such days may take: what a scan leaves of a sensor's tick of 60 s.
SECONDS_TO_COUNT = 15
PAUSE_AFTER_FAILURE = datetime.timedelta(hours=1)
# After this many failures within the pause, the reason is not a single day but, for example, a full disk.
FAILURES_BEFORE_PAUSE = 12


def request_differing_days(
    settings: Settings,
    chatwoot: ChatwootDatabase,
    warehouse: Warehouse,
    instance: dg.DagsterInstance,
    *,
    run_key: str | None = None,
) -> dg.RunRequest | dg.SkipReason:
    """Return the request of a run for the days that scans have seen to differ, or why none is requested.

    The days that have waited longest come first; what does not fit into the run comes with the next request. There is
    one run at a time. When a run fails, the next one has half as many of its days, and so on: a day that fails alone is
    not requested for an hour, and holds up no other day.

    Args:
        settings: The settings.
        chatwoot: The source, which is asked how many conversations the days have that were never loaded.
        warehouse: The local database, which has the results of the scans.
        instance: The instance that has the runs.
        run_key: Identifies the request if it is that of a schedule.

    Raises:
        SourceError: The source cannot be read.
        WarehouseError: The local database cannot be used.
    """
    unfinished = instance.get_runs(dg.RunsFilter(job_name=REFRESH_DAYS, statuses=UNFINISHED_STATUSES), limit=1)
    with warehouse.connect() as connection:
        since = read_sync_status(connection).differing
        loaded = loaded_counts(connection)
    if not since:
        return dg.SkipReason("every day equals Chatwoot")
    if unfinished:
        return dg.SkipReason(f"{len(since)} days differ; they wait for the end of run {unfinished[0].run_id}")
    failed = _days_of_failed_runs(instance)
    waiting = {date: at for date, at in since.items() if failed.get(date) != 1}
    messages = {date: loaded[date][1] // LOADED_DAY_DIVISOR for date in waiting if date in loaded}
    messages |= _messages_of_new_days(chatwoot, settings, waiting.keys() - messages.keys())
    requested = _next_days(waiting, messages, failed, settings)
    if not requested:
        return dg.SkipReason(f"{len(since)} days differ; their run failed, they are requested again an hour after it")
    return dg.RunRequest(run_key=run_key, run_config=refresh_config(requested), tags=days_tag(requested))


def _messages_of_new_days(
    chatwoot: ChatwootDatabase, settings: Settings, dates: Collection[datetime.date]
) -> dict[datetime.date, int]:
    """Return about how many messages each of some days has that were never loaded."""
    if not dates:
        return {}
    new_days = days([date.isoformat() for date in dates], settings.reporting_timezone)
    with snapshot(chatwoot, seconds=SECONDS_TO_COUNT) as source:
        sizes = dict(source.read(day_sizes(chatwoot.views_schema, new_days)).iter_rows())
    return {date: MESSAGES_PER_NEW_CONVERSATION * sizes.get(date, 0) for date in dates}


def _next_days(
    since: Mapping[datetime.date, datetime.datetime],
    messages: Mapping[datetime.date, int],
    failed: Mapping[datetime.date, int],
    settings: Settings,
) -> list[Day]:
    """Return the days that one run is to refresh, in order of date.

    Args:
        since: Since when each day is known to differ.
        messages: How many messages each day counts.
        failed: For each day of a failed run, the number of days of the smallest run that failed with it.
        settings: The settings.
    """
    # Among days that the same scan found, the newest come first.
    waiting = sorted(since, key=lambda date: (since[date], -date.toordinal()))
    total = 0
    chosen: list[datetime.date] = []
    for date in waiting:
        total += messages[date]
        most = min((failed[each] // 2 for each in (*chosen, date) if each in failed), default=len(waiting))
        if chosen and (total > MESSAGES_PER_RUN or len(chosen) >= most):
            break
        chosen.append(date)
    return days([date.isoformat() for date in chosen], settings.reporting_timezone)


def _days_of_failed_runs(instance: dg.DagsterInstance) -> dict[datetime.date, int]:
    """Return the days of the runs that failed within the last hour, each with the size of the smallest of its runs.

    After many failures every run counts as one of a single day.
    """
    failed_after = datetime.datetime.now(datetime.timezone.utc) - PAUSE_AFTER_FAILURE
    runs = instance.get_runs(
        dg.RunsFilter(job_name=REFRESH_DAYS, statuses=[dg.DagsterRunStatus.FAILURE], updated_after=failed_after)
    )
    sizes: dict[datetime.date, int] = {}
    for dates in map(run_dates, runs):
        size = len(dates) if len(runs) < FAILURES_BEFORE_PAUSE else 1
        sizes.update({date: min(size, sizes.get(date, size)) for date in dates})
    return sizes
