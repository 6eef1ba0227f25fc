"""Count the conversations outside of all partitions, which are not loaded, so that a warning can name them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from chatwoot_assets.partitions import day, today
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path


@dataclass(frozen=True)
class OutOfRange:
    """How many conversations are outside the partitions.

    Attributes:
        before_first: How many were created before the first partition.
        after_last: How many have a date after today.
        oldest: The date of the oldest one before the first partition; None if there is none with a finite date.
        first: The date of the first partition.
    """

    before_first: int
    after_last: int
    oldest: datetime.date | None
    first: datetime.date

    @property
    def warning(self) -> str | None:
        """One line that says what is missing and what to do; None if nothing is missing."""
        parts = []
        if self.before_first:
            advice = f": set it to {self.oldest} to load them" if self.oldest else " and have no finite date"
            parts.append(
                f"{self.before_first:,} conversations are older than the first partition"
                f" (PARTITIONS_START_DATE {self.first}){advice}"
            )
        if self.after_last:
            parts.append(f"{self.after_last:,} conversations are dated after today and wait for their day")
        return "; ".join(parts) or None


def count_out_of_range(source: Snapshot, schema: str, settings: Settings) -> OutOfRange:
    """Count the source's conversations outside the partitions."""
    zone = settings.reporting_timezone
    query = compose(
        sql_path("source", "out_of_range.sql"),
        views_schema=schema,
        starts_at=day(settings.partitions_start_date, zone).start,
        ends_at=day(today(zone), zone).end,
    )
    before_first, after_last, oldest = source.read(query).row(0)
    return OutOfRange(before_first, after_last, oldest, settings.partitions_start_date)
