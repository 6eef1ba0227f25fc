"""`chatwoot-assets status`: the rows of each loaded day, as of when, and whether they still equal Chatwoot's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from rich import box
from rich.table import Table

from chatwoot_assets.commands.console import chatwoot_database, err, out, warehouse_database
from chatwoot_assets.database_urls import (
    ANALYTICS_DATABASE_URL,
    CHATWOOT_DATABASE_URL,
    DAGSTER_POSTGRES_URL,
    is_set,
    require_urls,
)
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.materializations import latest_latency
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.errors import SourceError, UserError
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.clock import skew_warning
from chatwoot_assets.source.deployment import describe_missing_views, find_missing_views
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, SyncStatus, read_sync_status

_LAST_DAYS = """
SELECT conversation_date, conversations, messages, csat, snapshot_at
FROM partition_state ORDER BY conversation_date DESC LIMIT %s
"""
_TOTALS = """
SELECT count(*), coalesce(sum(conversations), 0), coalesce(sum(messages), 0), min(conversation_date),
    max(conversation_date)
FROM partition_state
"""


def status(days: int) -> None:
    """Show the last loaded days, and a warning if the source has conversations outside the partitions.

    Args:
        days: The number of days to show.
    """
    settings = Settings.load()
    require_urls(CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL)
    warehouse = warehouse_database()
    migrate(warehouse)
    with warehouse.connect() as connection:
        rows = connection.execute(_LAST_DAYS, [days]).fetchall()
        totals = connection.execute(_TOTALS).fetchone()
        sync_status = read_sync_status(connection)
    assert totals is not None
    if not rows:
        out.print("no day is loaded yet; load some with: chatwoot-assets backfill --from YYYY-MM-DD")
        _show_warnings_about_source(settings)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("day", "conversations", "messages", "rated", "as of", "in Chatwoot"):
        is_count = name in ("conversations", "messages", "rated")
        table.add_column(name, justify="right" if is_count else "left", no_wrap=True)
    for date, conversations, messages, csat, snapshot_at in reversed(rows):
        table.add_row(
            str(date), f"{conversations:,}", f"{messages:,}", f"{csat:,}",
            _local(snapshot_at, settings), _state(date, sync_status, settings),
        )  # fmt: skip
    out.print(table)
    count, conversations, messages, first, last = totals
    out.print(
        f"{count:,} days loaded, {first} to {last}: {conversations:,} conversations, {messages:,} messages"
        f" (times in {settings.reporting_timezone.key})"
    )
    _show_sync_status(sync_status, settings)
    _show_latency(settings)
    _show_warnings_about_source(settings)


def _show_warnings_about_source(settings: Settings) -> None:
    try:
        with snapshot(chatwoot_database(settings)) as source:
            for warning in _warnings_about_source(source, settings):
                err.print(f"warning: {warning}")
    except SourceError as error:
        err.print(f"warning: cannot read from Chatwoot; the local data remain available: {error}")


def _warnings_about_source(source: Snapshot, settings: Settings) -> Iterator[str]:
    if skew := skew_warning(source.clock_skew):
        yield skew
    if missing := find_missing_views(source, settings.views_schema):
        yield f"views are {describe_missing_views(missing, settings.views_schema)}"
    elif out_of_range := count_out_of_range(source, settings.views_schema, settings).warning:
        yield out_of_range


def _state(date: datetime.date, sync_status: SyncStatus, settings: Settings) -> str:
    if date in sync_status.differing:
        return f"differs {_local(sync_status.differing[date], settings)}"
    is_recent = date > today(settings.reporting_timezone) - RECENT_DAYS * ONE_DAY
    compared = {name for name, comparison in sync_status.scans.items() if comparison.compared_at}
    return "equal" if FULL in compared or (is_recent and RECENT in compared) else "not compared"


def _show_sync_status(sync_status: SyncStatus, settings: Settings) -> None:
    """Show when the days were compared with Chatwoot, and why the last comparison failed, if it did."""
    if sync_status.compared_at is None:
        out.print(
            "never compared with Chatwoot; `changed_days_sensor` and `compare_days_schedule` do that while the UI runs"
        )
    else:
        scans = [
            f"{days} {_local(compared_at, settings)}"
            for name, days in ((RECENT, "the last days at"), (FULL, "every day in full at"))
            if name in sync_status.scans and (compared_at := sync_status.scans[name].compared_at)
        ]
        count = len(sync_status.differing)
        differing = f"{count:,} days differ and will be loaded again" if count else "no day differs"
        out.print(f"compared with Chatwoot: {', '.join(scans)}: {differing}")
    if sync_status.failure:
        since = f" since {_local(sync_status.compared_at, settings)}" if sync_status.compared_at else ""
        err.print(f"warning: unknown{since}: {sync_status.failure}")


def _show_latency(settings: Settings) -> None:
    """Show how long the days of the last refresh had waited, if Dagster's database can be reached.

    The embedded server is not started only for this.
    """
    if settings.analytics_url_is_set and not is_set(DAGSTER_POSTGRES_URL):
        return
    try:
        with open_instance() as instance:
            latest = latest_latency(instance)
    except UserError:
        return
    if latest:
        seconds, at = latest
        out.print(f"last refresh at {_local(at, settings)}: {seconds:,.0f} s after the first change was seen")


def _local(instant: datetime.datetime, settings: Settings) -> str:
    return instant.astimezone(settings.reporting_timezone).strftime("%m-%d %H:%M:%S")
