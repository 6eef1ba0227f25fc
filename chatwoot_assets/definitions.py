"""Assembles everything; decides nothing itself.

`build_defs` is a function of the settings and of the resources, so that production, tests and the command
line share it. `defs` is what Dagster loads.
"""

from __future__ import annotations

import dagster as dg

from chatwoot_assets.defs.checks.freshness import build_freshness_checks
from chatwoot_assets.defs.checks.quality import build_quality_checks
from chatwoot_assets.defs.checks.reconciliation import build_reconciliation_checks
from chatwoot_assets.defs.extract_and_load import build_warehouse_assets
from chatwoot_assets.defs.jobs import build_jobs
from chatwoot_assets.defs.metrics import build_metrics_assets
from chatwoot_assets.defs.resources import build_resources
from chatwoot_assets.defs.schedules import build_schedules
from chatwoot_assets.defs.sensors import build_sensors
from chatwoot_assets.defs.views import build_view_assets
from chatwoot_assets.settings import Settings


def build_defs(settings: Settings) -> dg.Definitions:
    """Return the definitions for some settings."""
    checks = build_quality_checks(settings), build_freshness_checks(settings), build_reconciliation_checks(settings)
    return dg.Definitions(
        assets=[
            *build_view_assets(settings),
            *build_warehouse_assets(settings),
            build_metrics_assets(settings),
        ],
        asset_checks=[check for kind in checks for check in kind],
        jobs=build_jobs(*checks),
        schedules=build_schedules(settings),
        sensors=build_sensors(settings),
        resources=build_resources(settings),
        # A process for every step would cost 2.5 to 3 s each, more than most days take.
        executor=dg.in_process_executor,
    )


defs = build_defs(Settings.load())
