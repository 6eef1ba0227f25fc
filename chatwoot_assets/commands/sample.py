"""A sample Chatwoot for the commands that bring their own; how one is made is the room `sample/`'s business."""

from __future__ import annotations

import datetime
import time
import zoneinfo

import psycopg

from chatwoot_assets.commands.console import out, progress_bars
from chatwoot_assets.partitions import today
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets.sample.size import TIME_ZONE


def make_sample(url: str, conversations: int, days: int) -> None:
    """Make a sample Chatwoot that ends yesterday in an empty database, with progress on the terminal."""
    # Up to yesterday: a day that is still going on would hold conversations of the future.
    size = SampleSize(conversations, days, today(TIME_ZONE) - datetime.timedelta(days=1))
    started = time.monotonic()
    with progress_bars() as show:

        def report(what: str, done: int, total: int) -> None:
            rate = done / max(time.monotonic() - started, 1e-9)
            show(f"sample: {what}", done, total, f"{rate:,.0f}/s")

        counts = create_sample(url, size, report)
    out.print(
        f"sample Chatwoot: {counts['conversations']:,} conversations with {counts['messages']:,} messages"
        f" in {time.monotonic() - started:.1f} s"
    )


def first_day(url: str, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """Return the day, in a zone, of the sample's oldest conversation."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT min(created_at) FROM conversations").fetchone()
    assert row is not None
    first = row[0]
    assert isinstance(first, datetime.datetime)
    return first.replace(tzinfo=datetime.timezone.utc).astimezone(zone).date()
