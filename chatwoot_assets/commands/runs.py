"""Runs of a job in the command's own process, on the instance that the UI shows, with progress on the terminal."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from chatwoot_assets.commands.console import progress_bars, progress_listener
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.jobs import UNFINISHED_STATUSES
from chatwoot_assets.errors import UserError
from chatwoot_assets.progress import listening
from chatwoot_assets.settings import Settings

if TYPE_CHECKING:
    from chatwoot_assets.dagster_internals import SerializableErrorInfo

PROCESS_TAG = "chatwoot_assets/process"
_INTERRUPTS = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")

# The UI has Dagster's log of a run; on the terminal it would hide everything else.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_job(
    settings: Settings, name: str, tags: Mapping[str, str] | None = None, config: Mapping[str, object] | None = None
) -> dg.ExecuteInProcessResult:
    """Run a job to its end on the instance that the UI shows.

    Args:
        settings: The project's settings.
        name: The name of the job.
        tags: The tags of the run.
        config: The configuration of the run.

    Raises:
        UserError: The run failed; the message is that of the asset that failed.
        KeyboardInterrupt: The run was interrupted.
    """
    job = build_defs(settings).resolve_job_def(name)
    tags = {**(tags or {}), PROCESS_TAG: process_identity(os.getpid())}
    with open_instance() as instance:
        end_runs_of_dead_processes(instance)
        result = execute(job, instance, tags, config)
    if not result.success:
        raise UserError(f"{reason(result)} (run {result.run_id})")
    return result


def execute(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    tags: Mapping[str, str] | None = None,
    config: Mapping[str, object] | None = None,
) -> dg.ExecuteInProcessResult:
    """Run a job to its end on an instance and return the result, which may be a failure.

    Args:
        job: The job.
        instance: The instance.
        tags: The tags of the run.
        config: The configuration of the run.

    Raises:
        KeyboardInterrupt: The run was interrupted. Dagster treats this as a failure of the step and would return.
    """
    with progress_bars() as show:
        with listening(progress_listener(show)):
            result = job.execute_in_process(
                instance=instance, tags=dict(tags or {}), run_config={**_QUIET, **(config or {})}, raise_on_error=False
            )
    if any(error.cls_name in _INTERRUPTS for error in _errors(result)):
        raise KeyboardInterrupt
    return result


def process_identity(pid: int) -> str:
    """Return what distinguishes a process from any later one with the same pid; empty if there is no such process."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
    return f"{socket.gethostname()} {pid} {started}"


def end_runs_of_dead_processes(instance: dg.DagsterInstance) -> None:
    """End the unfinished runs of commands that were killed on this machine, and free their concurrency slots.

    Dagster notices a dead process only after hours, and only while its daemon runs. Until then such a run would
    hold its slot in the source's pool, and every other run would wait for it.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED_STATUSES)):
        # A run that repeats another has its tags, but runs in a process of the daemon's.
        if run.parent_run_id is None and _is_of_dead_process(run):
            message = "The command that ran it was killed."
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, message)
            else:
                instance.report_run_failed(run, message)
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_of_dead_process(run: dg.DagsterRun) -> bool:
    identity = run.tags.get(PROCESS_TAG, "")
    host, _, rest = identity.partition(" ")
    pid = rest.partition(" ")[0]
    return pid.isdigit() and host == socket.gethostname() and process_identity(int(pid)) != identity


def reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the message of the first step that failed: that of its `dg.Failure`, or of the error it retried."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        if data.user_failure_data and data.user_failure_data.description:
            return data.user_failure_data.description
        break
    for error in _errors(result):
        lines = error.message.strip().partition(": ")[2].splitlines()
        if error.cause is None and lines:
            return lines[0]
    return "the run failed; see its log in the UI"


def _errors(result: dg.ExecuteInProcessResult) -> Iterator[SerializableErrorInfo]:
    """Yield the errors of the failed steps and of the run itself, each followed by its causes."""
    for event in result.filter_events(lambda event: event.is_step_failure or event.is_job_failure):
        error = (event.step_failure_data if event.is_step_failure else event.job_failure_data).error
        while error is not None:
            yield error
            error = error.cause
