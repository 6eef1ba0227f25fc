"""Which run blocks the sensor's next request, by its status."""

from __future__ import annotations

import datetime

import dagster as dg

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.processes import UNFINISHED_STATUSES
from chatwoot_assets.defs.refresh_config import REFRESH_DAYS, refresh_config
from chatwoot_assets.defs.requests import request_differing_days
from chatwoot_assets.partitions import days
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import RECENT, record_comparison
from chatwoot_assets_tests.project import Project

NOW = datetime.datetime(2025, 3, 12, 15, tzinfo=datetime.timezone.utc)
ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.CANCELED}


# A queued run needs a code location to have come from.
STATUSES = [status for status in dg.DagsterRunStatus if status != dg.DagsterRunStatus.QUEUED]


def test_a_day_is_requested_unless_a_run_is_unfinished_or_its_run_just_failed(project: Project) -> None:
    requested = days(["2025-03-10", "2025-03-11", "2025-03-12"], project.settings.reporting_timezone)
    warehouse = project.resources["warehouse"]
    migrate(warehouse)
    with warehouse.connect() as connection:
        record_comparison(connection, RECENT, NOW, requested, requested)
    job = build_defs(project.settings).resolve_job_def(REFRESH_DAYS)
    results = {}
    for status in STATUSES:
        with dg.DagsterInstance.ephemeral() as instance:
            instance.create_run_for_job(job, run_config=refresh_config(requested[1:]), status=status)
            request = request_differing_days(project.settings, warehouse, instance)
        results[status] = request.run_config if isinstance(request, dg.RunRequest) else None
    for status, config in results.items():
        if status in UNFINISHED_STATUSES:
            assert config is None, status
        else:
            assert config == refresh_config(requested if status in ENDED else requested[:1]), status


def test_a_queued_run_is_unfinished() -> None:
    assert dg.DagsterRunStatus.QUEUED in UNFINISHED_STATUSES
