"""Each run records its process, and one that is killed gives its place in the pool to the next run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.processes import PROCESS_TAG, end_runs_of_dead_processes
from chatwoot_assets.defs.views import SOURCE_POOL
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import QUIET, Project
from chatwoot_assets_tests.waiting import wait_until

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_each_step_records_its_process(project: Project) -> None:
    """No other step of a run has to do it: somebody may run one alone from the asset graph."""
    repository = build_defs(project.settings).get_repository_def()
    steps = {node.name: job for job in repository.get_all_jobs() for node in job.nodes}
    assert {"compare_everything", "prune_runs", "refresh"} <= set(steps)
    silent = []
    for name, job in sorted(steps.items()):
        with dg.DagsterInstance.ephemeral() as instance:
            run = job.execute_in_process(
                op_selection=[name],
                resources=project.resources,
                run_config={
                    **QUIET,
                    **({"ops": {"refresh": {"config": {"days": ["2025-03-10"]}}}} if name == "refresh" else {}),
                },
                instance=instance,
                raise_on_error=False,
            )
            stored = instance.get_run_by_id(run.run_id)
        if stored is None or PROCESS_TAG not in stored.tags:
            silent.append(name)
    assert silent == []


def _runs_in_the_pool(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.event_log_storage.get_concurrency_info(SOURCE_POOL).active_run_ids)
