"""`chatwoot-assets status`: for each loaded day its rows, and when it was loaded."""

from __future__ import annotations

import datetime

from rich.table import Table

from chatwoot_assets.analytics.schema import migrate
from chatwoot_assets.commands.terminal import analytics_database, chatwoot_database, err, out
from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.outside import count_outside
from chatwoot_assets.extract.snapshot import snapshot
from chatwoot_assets.settings import Settings

_LAST_DAYS = """
SELECT conversation_date, conversations, messages, csat, snapshot_at, loaded_at
FROM partition_state ORDER BY conversation_date DESC LIMIT %s
"""
_TOTALS = """
SELECT count(*), coalesce(sum(conversations), 0), coalesce(sum(messages), 0), min(conversation_date),
    max(conversation_date)
FROM partition_state
"""


def status(days: int) -> None:
    """Show the last `days` loaded days, and what the source has outside the partitions."""
    settings = Settings.from_environment()
    analytics = analytics_database()
    migrate(analytics)
    with analytics.connect() as connection:
        rows = connection.execute(_LAST_DAYS, [days]).fetchall()
        totals = connection.execute(_TOTALS).fetchone()
    assert totals is not None
    if not rows:
        out.print("no day is loaded yet; load some with: chatwoot-assets backfill --from YYYY-MM-DD")
        return
    table = Table()
    for name in ("day", "conversations", "messages", "rated"):
        table.add_column(name, justify="left" if name == "day" else "right")
    table.add_column("as of", no_wrap=True)
    table.add_column("loaded", no_wrap=True)
    for date, conversations, messages, csat, snapshot_at, loaded_at in reversed(rows):
        table.add_row(
            str(date), f"{conversations:,}", f"{messages:,}", f"{csat:,}",
            _local(snapshot_at, settings), _local(loaded_at, settings),
        )  # fmt: skip
    out.print(table)
    count, conversations, messages, first, last = totals
    out.print(
        f"{count:,} days loaded, {first} to {last}: {conversations:,} conversations, {messages:,} messages"
        f" (times in {settings.reporting_timezone.key})"
    )
    try:
        with snapshot(chatwoot_database(settings)) as source:
            outside = count_outside(source, settings.views_schema, settings)
    except SourceError as error:
        err.print(f"warning: the source cannot be asked, the local data stay: {error}")
        return
    if outside.warning:
        err.print(f"warning: {outside.warning}")


def _local(at: datetime.datetime, settings: Settings) -> str:
    return at.astimezone(settings.reporting_timezone).strftime("%m-%d %H:%M:%S")
