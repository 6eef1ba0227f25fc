"""`chatwoot-assets status`: for each loaded day its rows, as of when, and whether they are Chatwoot's still."""

from __future__ import annotations

import datetime

from rich import box
from rich.table import Table

from chatwoot_assets.commands.console import chatwoot_database, err, out, warehouse_database
from chatwoot_assets.defs.sensors import RECENT_DAYS
from chatwoot_assets.errors import SourceError
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.out_of_range import count_out_of_range
from chatwoot_assets.source.snapshot import snapshot
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
    """Show the last `days` loaded days, and what the source has outside the partitions."""
    settings = Settings.load()
    warehouse = warehouse_database()
    migrate(warehouse)
    with warehouse.connect() as connection:
        rows = connection.execute(_LAST_DAYS, [days]).fetchall()
        totals = connection.execute(_TOTALS).fetchone()
        trust = read_sync_status(connection)
    assert totals is not None
    if not rows:
        out.print("no day is loaded yet; load some with: chatwoot-assets backfill --from YYYY-MM-DD")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("day", "conversations", "messages", "rated", "as of", "in Chatwoot"):
        is_count = name in ("conversations", "messages", "rated")
        table.add_column(name, justify="right" if is_count else "left", no_wrap=True)
    for date, conversations, messages, csat, snapshot_at in reversed(rows):
        table.add_row(
            str(date), f"{conversations:,}", f"{messages:,}", f"{csat:,}",
            _local(snapshot_at, settings), _state(date, trust, settings),
        )  # fmt: skip
    out.print(table)
    count, conversations, messages, first, last = totals
    out.print(
        f"{count:,} days loaded, {first} to {last}: {conversations:,} conversations, {messages:,} messages"
        f" (times in {settings.reporting_timezone.key})"
    )
    _show_trust(trust, settings)
    try:
        with snapshot(chatwoot_database(settings)) as source:
            outside = count_out_of_range(source, settings.views_schema, settings)
    except SourceError as error:
        err.print(f"warning: the source cannot be asked, the local data stay: {error}")
        return
    if outside.warning:
        err.print(f"warning: {outside.warning}")


def _state(date: datetime.date, trust: SyncStatus, settings: Settings) -> str:
    if date in trust.differing:
        return f"differs {_local(trust.differing[date], settings)}"
    is_recent = date > today(settings.reporting_timezone) - RECENT_DAYS * ONE_DAY
    compared = {name for name, one in trust.scans.items() if one.compared_at}
    return "equal" if FULL in compared or (is_recent and RECENT in compared) else "not compared"


def _show_trust(trust: SyncStatus, settings: Settings) -> None:
    """Say as of when the days were compared, and what is not known."""
    if trust.compared_at is None:
        out.print(
            "never compared with Chatwoot; `changed_days_sensor` and `nightly_scan_schedule` do that while the UI runs"
        )
    else:
        shown = [
            f"{what} {_local(at, settings)}"
            for name, what in ((RECENT, "the last days at"), (FULL, "every day in full at"))
            if name in trust.scans and (at := trust.scans[name].compared_at)
        ]
        count = len(trust.differing)
        differing = f"{count:,} days differ and are to be loaded again" if count else "no day differs"
        out.print(f"compared with Chatwoot: {', '.join(shown)}: {differing}")
    if trust.failure:
        since = f" since {_local(trust.compared_at, settings)}" if trust.compared_at else ""
        err.print(f"warning: unknown{since}: {trust.failure}")


def _local(at: datetime.datetime, settings: Settings) -> str:
    return at.astimezone(settings.reporting_timezone).strftime("%m-%d %H:%M:%S")
