"""The sample Chatwoot of the commands `demo` and `checks`; `chatwoot_assets.sample` generates its rows."""

from __future__ import annotations

import datetime
import time
import zoneinfo

from chatwoot_assets.commands.console import out, progress_bars
from chatwoot_assets.partitions import today
from chatwoot_assets.postgres import connect
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.sample.size import TIME_ZONE


def make_sample(url: str, conversations: int, days: int) -> None:
    """Create a sample Chatwoot that ends yesterday in an empty database, and show progress.

    Args:
        url: The URL of the database.
        conversations: The number of conversations.
        days: The number of days.
    """
    # Today is not over yet: it would have conversations in the future.
    size = SampleSize(conversations, days, today(TIME_ZONE) - datetime.timedelta(days=1))
    started = time.monotonic()
    with progress_bars() as show:

        def report(task: str, done: int, total: int) -> None:
            rate = done / max(time.monotonic() - started, 1e-9)
            show(f"sample: {task}", done, total, f"{rate:,.0f}/s")

        counts = create_sample(url, size, report)
    out.print(
        f"sample Chatwoot: {counts['conversations']:,} conversations with {counts['messages']:,} messages"
        f" in {time.monotonic() - started:.1f} s"
    )


def first_day(url: str, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """Return the day of the sample's oldest conversation in a time zone."""
    with connect(url) as connection:
        row = connection.execute("SELECT min(created_at) FROM conversations").fetchone()
    assert row is not None
    created_at = row[0]
    assert isinstance(created_at, datetime.datetime)
    return created_at.replace(tzinfo=datetime.timezone.utc).astimezone(zone).date()
