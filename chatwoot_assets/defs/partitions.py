"""What the daily assets have in common: their names, partitions and freshness policy.

`chatwoot_assets.partitions` has the days themselves, with their bounds in UTC.
"""

from __future__ import annotations

import datetime

import dagster as dg

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.settings import Settings

_ONE_QUIET_DAY = datetime.timedelta(hours=26)

# The names of all assets with daily partitions.
DAILY_ASSETS = (*(dataset.value for dataset in Dataset), "conversas_analytics", "messages", "daily_summary", *TABLES)


def daily_partitions_definition(settings: Settings) -> dg.DailyPartitionsDefinition:
    """Return the partitions of every daily asset; the last one is today, still incomplete."""
    return dg.DailyPartitionsDefinition(
        start_date=settings.partitions_start_date.isoformat(),
        timezone=settings.reporting_timezone.key,
        end_offset=1,
    )


def freshness_policy(settings: Settings) -> dg.FreshnessPolicy:
    """Return the freshness policy of every daily asset, shown as a badge in Dagster's UI.

    The policy looks only at an asset's last materialization, whatever its partition, and a day that equals Chatwoot is
    not materialized again. On a quiet day only today's partition is, once: so the badge fails after 26 hours or later.
    The freshness checks look at each day, and show within minutes whether it is up to date.
    """
    return dg.FreshnessPolicy.time_window(fail_window=max(settings.freshness_fail, _ONE_QUIET_DAY))
