"""Dagster's instance: its storage, the pool that protects Chatwoot, its daemon, and runs without a process."""

from __future__ import annotations

import time
from collections.abc import Iterator

import dagster as dg

from chatwoot_assets.commands.diagnosis.finding import Finding, State, judge
from chatwoot_assets.commands.health import HEARTBEAT_SECONDS
from chatwoot_assets.defs.instance import open_instance, storage_warning
from chatwoot_assets.defs.processes import UNFINISHED_STATUSES, is_of_dead_process
from chatwoot_assets.defs.views import SOURCE_POOL


def look_at_dagster() -> Iterator[Finding]:
    """Yield the findings.

    Raises:
        UserError: The storage cannot be reached.
    """
    with open_instance() as instance:
        warning = storage_warning(instance)
        yield Finding("Dagster's storage", State.WARNING if warning else State.OK, warning or "is ours")
        yield _look_at_pool(instance)
        yield _look_at_daemon(instance)
        runs = instance.get_runs(dg.RunsFilter(statuses=UNFINISHED_STATUSES))
        dead = [run.run_id for run in runs if is_of_dead_process(run)]
        yield judge(
            "unfinished runs",
            not dead,
            f"{len(dead)} of {len(runs)} belong to processes that are gone" if dead else f"{len(runs)}",
            "the next scan or backfill ends them",
        )


def _look_at_pool(instance: dg.DagsterInstance) -> Finding:
    limits = {pool.name: pool.limit for pool in instance.event_log_storage.get_pool_limits()}
    limit = limits.get(SOURCE_POOL, instance.get_settings("concurrency").get("pools", {}).get("default_limit"))
    text = f"{limit} at a time use Chatwoot" if limit else "any number of steps may use Chatwoot at the same time"
    return judge(f"pool {SOURCE_POOL}", bool(limit), text, f"run: dagster instance concurrency set {SOURCE_POOL} 1")


def _look_at_daemon(instance: dg.DagsterInstance) -> Finding:
    beats = instance.get_daemon_statuses().values()
    last = max((beat.last_heartbeat.timestamp for beat in beats if beat.last_heartbeat), default=None)
    if last is None:
        return Finding("Dagster's daemon", State.WARNING, "never ran: without it nothing is loaded automatically")
    age = time.time() - last
    return judge(
        "Dagster's daemon",
        age <= HEARTBEAT_SECONDS,
        f"reported {age:,.0f} s ago",
        "start `ui`, or the service `daemon`",
    )
