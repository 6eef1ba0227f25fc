"""The project's Dagster definitions: `build_defs` assembles them, and `defs` is what Dagster loads.

`build_defs` is a pure function, which production, tests, the command line and a user's own repository share. Nothing
is decided here; the modules of `defs/` build the parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from chatwoot_assets.defs.alerts import build_alerts_sensor
from chatwoot_assets.defs.campaigns import build_campaign_assets, build_campaign_check
from chatwoot_assets.defs.checks.freshness import build_freshness_checks
from chatwoot_assets.defs.checks.quality import build_quality_checks
from chatwoot_assets.defs.checks.reconciliation import build_reconciliation_checks
from chatwoot_assets.defs.checks.source_comparison import build_source_comparison
from chatwoot_assets.defs.daily_assets import build_daily_assets
from chatwoot_assets.defs.jobs import build_jobs
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.defs.prune import PRUNE
from chatwoot_assets.defs.prune_job import build_prune_job
from chatwoot_assets.defs.resources import build_resources
from chatwoot_assets.defs.schedules import build_schedules
from chatwoot_assets.defs.sensors import build_sensors
from chatwoot_assets.defs.views import build_view_assets
from chatwoot_assets.settings import Settings


def build_defs(
    settings: Settings,
    *,
    executor: dg.ExecutorDefinition | None = None,
    resources: Mapping[str, Any] | None = None,
    key_prefix: str | Sequence[str] | None = None,
) -> dg.Definitions:
    """Return the definitions for the given settings.

    A user's own repository can mount them beside its own definitions:
    `dg.Definitions.merge(own_definitions, build_defs(Settings.load(), key_prefix="support"))`.

    Args:
        settings: The project's settings.
        executor: Runs the jobs. By default the steps of a run share its process: a process per step costs 2.5 to
            3 s, more than most days take to load. Only the jobs have this executor, so the definitions can be merged
            with others that have an executor of their own. That one, or Dagster's default, runs what somebody
            materializes from the asset graph in the UI.
        resources: Resources that replace those of the same key, `chatwoot` and `warehouse`, or are added to them.
            Each of these two is a configurable resource or a plain object of `chatwoot_assets.postgres`.
        key_prefix: Precedes the name in every asset key. The names of jobs, schedules, sensors, resources and tables
            stay as they are: to load a second Chatwoot, give it a code location of its own.
    """
    prefix = (key_prefix,) if isinstance(key_prefix, str) else tuple(key_prefix or ())
    quality = build_quality_checks(settings, prefix)
    freshness = build_freshness_checks(settings, prefix)
    reconciliation = build_reconciliation_checks(settings, prefix)
    executor = executor or dg.in_process_executor
    assets = [
        *build_view_assets(settings, prefix),
        build_daily_assets(settings, prefix),
        build_campaign_assets(settings, prefix),
        build_source_comparison(prefix),
    ]
    jobs = build_jobs(settings, freshness, reconciliation, executor, prefix)
    checks = [*quality, *freshness, *reconciliation, build_campaign_check(prefix)]
    own = OwnDefinitions.of(dg.Definitions(assets=assets, asset_checks=checks, jobs=jobs))
    own = replace(own, job_names=own.job_names | {PRUNE})
    return dg.Definitions(
        assets=assets,
        asset_checks=checks,
        jobs=[*jobs, build_prune_job(settings, own, executor)],
        schedules=build_schedules(settings),
        sensors=[*build_sensors(settings), build_alerts_sensor(settings, own)],
        resources={**build_resources(settings, resources or {}), **(resources or {})},
    )


# The executor of the definitions as a whole runs what somebody materializes from the asset graph.
defs = dg.Definitions.merge(build_defs(Settings.load()), dg.Definitions(executor=dg.in_process_executor))
