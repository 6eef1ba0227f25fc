"""Tests of running a job in the command's own process."""

from __future__ import annotations

import signal

import dagster as dg
import pytest

from chatwoot_assets.commands.runs import execute


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
        raise AssertionError("it went on")

    @dg.job(executor_def=dg.in_process_executor, hooks={dg.success_hook(name="interrupt")(_interrupt)})
    def job() -> None:
        second(after=first())

    _assert_interrupted(job)


def _assert_interrupted(job: dg.JobDefinition) -> None:
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(KeyboardInterrupt):
        execute(job, instance)
