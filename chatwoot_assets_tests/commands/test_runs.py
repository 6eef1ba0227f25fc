"""Runs of a job in the command's own process: interrupts, and runs that a killed command left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import dagster as dg
import pytest

from chatwoot_assets.commands.runs import PROCESS_TAG, end_runs_of_dead_processes, execute, process_identity


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


def _dead_process() -> str:
    """Return the identity of a process that was killed."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        identity = process_identity(process.pid)
        process.kill()
    return identity


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
def test_an_unfinished_run_of_a_killed_command_is_ended(
    status: dg.DagsterRunStatus, expected: dg.DagsterRunStatus
) -> None:
    with dg.instance_for_test() as instance:
        run = instance.create_run_for_job(work, tags={PROCESS_TAG: _dead_process()}, status=status)
        end_runs_of_dead_processes(instance)
        ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status == expected


def test_a_run_of_a_living_command_goes_on() -> None:
    with dg.instance_for_test() as instance:
        run = instance.create_run_for_job(work, tags={PROCESS_TAG: process_identity(os.getpid())}, status=STARTED)
        end_runs_of_dead_processes(instance)
        assert [found.run_id for found in instance.get_runs(dg.RunsFilter(statuses=[STARTED]))] == [run.run_id]


def test_a_run_that_repeats_a_killed_one_in_the_daemon_goes_on() -> None:
    """Dagster copies the tags of a run to those that repeat it."""
    tags = {PROCESS_TAG: _dead_process()}
    with dg.instance_for_test() as instance:
        killed = instance.create_run_for_job(work, tags=tags, status=FAILURE).run_id
        run = instance.create_run_for_job(work, tags=tags, status=STARTED, parent_run_id=killed, root_run_id=killed)
        end_runs_of_dead_processes(instance)
        assert [found.run_id for found in instance.get_runs(dg.RunsFilter(statuses=[STARTED]))] == [run.run_id]
