"""A run whose process is killed in the middle of a step gives its place in the pool to the next run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets.defs.processes import end_runs_of_dead_processes
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.waiting import wait_until

pytestmark = pytest.mark.slow

# A step in the process of its run, as in a run that the daemon launches.
_PROGRAM = f"""
import pathlib, sys, time
import dagster as dg
from chatwoot_assets.defs.processes import record_process

@dg.op(pool="{SOURCE_POOL}")
def step(context: dg.OpExecutionContext) -> None:
    record_process(context)
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)

@dg.job(executor_def=dg.in_process_executor)
def job():
    step()

with dg.DagsterInstance.get() as instance:
    job.execute_in_process(instance=instance)
"""


def test_a_killed_run_frees_its_place_in_the_pool(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", postgres.new_database())
    shutil.copy(Path(__file__).parents[2] / "dagster.yaml", tmp_path)
    working = tmp_path / "working"
    arguments = [sys.executable, "-c", _PROGRAM, str(working)]
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        with subprocess.Popen(arguments, env=dict(os.environ), stderr=subprocess.DEVNULL) as process:
            try:
                wait_until(lambda: working.exists() or process.poll() is not None)
                end_runs_of_dead_processes(instance)
                assert _runs_in_the_pool(instance) == set(instance.get_run_ids()) != set()
            finally:
                process.kill()
        assert _runs_in_the_pool(instance) != set()
        end_runs_of_dead_processes(instance)
        assert _runs_in_the_pool(instance) == set()
        (run,) = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.FAILURE
        assert instance.event_log_storage.claim_concurrency_slot(SOURCE_POOL, "next", "step").is_claimed


def _runs_in_the_pool(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.event_log_storage.get_concurrency_info(SOURCE_POOL).active_run_ids)
