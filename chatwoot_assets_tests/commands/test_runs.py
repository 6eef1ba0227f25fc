"""Runs of a job in the command's own process: interrupts, and runs that a killed command left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest
import yaml

from chatwoot_assets.commands.runs import execute
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS, RECONCILE
from chatwoot_assets.defs.processes import PROCESS_TAG, end_runs_of_dead_processes, process_tag, record_process
from chatwoot_assets_tests.project import QUIET, Project


def _interrupt(_context: object = None) -> None:
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_within_a_step_is_an_interrupt() -> None:
    @dg.op
    def interrupted() -> None:
        _interrupt()

    @dg.job(executor_def=dg.in_process_executor)
    def job() -> None:
        interrupted()

    _assert_interrupted(job)


def test_an_interrupt_between_two_steps_is_an_interrupt() -> None:
    @dg.op
    def first() -> None:
        pass

    @dg.op(ins={"after": dg.In(dg.Nothing)})
    def second() -> None:
        raise AssertionError("the job went on")

    @dg.job(executor_def=dg.in_process_executor, hooks={dg.success_hook(name="interrupt")(_interrupt)})
    def job() -> None:
        second(after=first())

    _assert_interrupted(job)


def _assert_interrupted(job: dg.JobDefinition) -> None:
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(KeyboardInterrupt):
        execute(job, instance)


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that waits, until the block ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def _create_run(instance: dg.DagsterInstance, pid: int, status: dg.DagsterRunStatus) -> dg.DagsterRun:
    """Create a run that a process executes."""
    run = instance.create_run_for_job(work, status=status)
    instance.add_run_tags(run.run_id, {PROCESS_TAG: process_tag(run.run_id, pid)})
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found


@dg.job
def work() -> None:
    """A job without steps."""


STARTED = dg.DagsterRunStatus.STARTED
CANCELED, FAILURE = dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, FAILURE) for status in (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, STARTED)),
        (dg.DagsterRunStatus.CANCELING, CANCELED),
        *((status, status) for status in (dg.DagsterRunStatus.SUCCESS, CANCELED, FAILURE)),
    ],
    ids=lambda status: status.name,
)
def test_an_unfinished_run_of_a_killed_process_is_ended(
    status: dg.DagsterRunStatus, expected: dg.DagsterRunStatus
) -> None:
    with dg.instance_for_test() as instance:
        with _process() as process:
            run = _create_run(instance, process.pid, status)
        end_runs_of_dead_processes(instance)
        ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status == expected


def test_a_run_of_a_killed_process_ends_before_its_parent_notices() -> None:
    with dg.instance_for_test() as instance, _process() as process:
        run = _create_run(instance, process.pid, STARTED)
        process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # a zombie now
        end_runs_of_dead_processes(instance)
        ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status == FAILURE


def test_a_run_of_a_living_process_goes_on() -> None:
    with dg.instance_for_test() as instance:
        run = _create_run(instance, os.getpid(), STARTED)
        end_runs_of_dead_processes(instance)
        assert [found.run_id for found in instance.get_runs(dg.RunsFilter(statuses=[STARTED]))] == [run.run_id]


def test_a_run_that_repeats_a_killed_one_goes_on() -> None:
    """Dagster copies the tags of a run to those that repeat it."""
    with dg.instance_for_test() as instance:
        with _process() as process:
            killed = _create_run(instance, process.pid, FAILURE)
        run = instance.create_run_for_job(work, tags=killed.tags, status=STARTED)
        end_runs_of_dead_processes(instance)
        assert [found.run_id for found in instance.get_runs(dg.RunsFilter(statuses=[STARTED]))] == [run.run_id]


def test_a_step_records_its_process_in_a_tag_that_the_ui_hides() -> None:
    @dg.op
    def step(context: dg.OpExecutionContext) -> None:
        record_process(context)

    @dg.job(executor_def=dg.in_process_executor)
    def job() -> None:
        step()

    with dg.instance_for_test() as instance:
        run_id = job.execute_in_process(instance=instance, run_config=QUIET).run_id
        run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.tags[PROCESS_TAG] == process_tag(run_id, os.getpid())
    assert PROCESS_TAG.startswith(".dagster/")


@dg.op
def step_of_its_own(context: dg.OpExecutionContext) -> None:
    record_process(context)


@dg.job(executor_def=dg.multiprocess_executor)
def processes() -> None:
    """A job whose step has a process of its own."""
    step_of_its_own()


@pytest.mark.slow
def test_a_step_in_a_process_of_its_own_does_not_stand_for_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on when the process of the step ends."""
    # The process would run the main module again, which a test of the dashboard may have replaced by the dashboard.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    with dg.instance_for_test() as instance:
        result = dg.execute_job(dg.reconstructable(processes), instance=instance, run_config=QUIET)
        run = instance.get_run_by_id(result.run_id)
    assert result.success
    assert run is not None
    assert PROCESS_TAG not in run.tags


@pytest.mark.parametrize("name", [DEPLOY_VIEWS, RECONCILE])
def test_every_job_that_takes_the_pool_records_its_process(name: str, project: Project) -> None:
    with dg.instance_for_test() as instance:
        job = build_defs(project.settings).resolve_job_def(name)
        run_id = job.execute_in_process(
            instance=instance, resources=project.resources, run_config=QUIET, raise_on_error=False
        ).run_id
        run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.tags[PROCESS_TAG] == process_tag(run_id, os.getpid())


def test_the_daemon_ends_a_run_whose_process_is_gone() -> None:
    """Also if its code server died, so that no sensor is evaluated."""
    configuration = yaml.safe_load((Path(__file__).parents[2] / "dagster.yaml").read_text(encoding="utf-8"))
    with dg.instance_for_test(overrides={"run_launcher": configuration["run_launcher"]}) as instance:
        assert instance.run_launcher.supports_check_run_worker_health
        living = _create_run(instance, os.getpid(), STARTED)
        assert instance.run_launcher.check_run_worker_health(living).status.value == "RUNNING"
        with _process() as process:
            killed = _create_run(instance, process.pid, STARTED)
        assert instance.run_launcher.check_run_worker_health(killed).status.value == "FAILED"
        assert {run.run_id: run.status for run in instance.get_runs()} == {
            living.run_id: STARTED,
            killed.run_id: FAILURE,
        }
