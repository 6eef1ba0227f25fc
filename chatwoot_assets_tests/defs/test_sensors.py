"""Which of the changed days the sensor requests, given the runs that Dagster knows of."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator

import dagster as dg
import pytest

from chatwoot_assets.change_detection.changes import Changes
from chatwoot_assets.defs.jobs import REFRESH_DAYS, UNFINISHED_STATUSES, range_tags
from chatwoot_assets.defs.sensors import requests_for
from chatwoot_assets.partitions import days

CHANGED = days(["2025-03-10", "2025-03-11", "2025-03-12"], zoneinfo.ZoneInfo("UTC"))
NOW = datetime.datetime(2025, 3, 12, 15, tzinfo=datetime.timezone.utc)
CHANGES = Changes(CHANGED, CHANGED, 7, None, NOW)
ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.CANCELED}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


@dg.job(name=REFRESH_DAYS)
def refresh() -> None:
    """Stand in for the job whose runs are looked up by its name."""


# A queued run needs a code location to have come from.
STATUSES = [status for status in dg.DagsterRunStatus if status != dg.DagsterRunStatus.QUEUED]


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.name)
def test_a_day_is_requested_unless_its_run_is_unfinished_or_just_failed(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    instance.create_run_for_job(refresh, tags=range_tags("2025-03-11", "2025-03-12"), status=status)
    requested = [request.tags for request in requests_for(CHANGES, instance)]
    last = "2025-03-12" if status in ENDED else "2025-03-10"
    assert requested == [range_tags("2025-03-10", last)]


def test_a_queued_run_is_unfinished() -> None:
    assert dg.DagsterRunStatus.QUEUED in UNFINISHED_STATUSES
