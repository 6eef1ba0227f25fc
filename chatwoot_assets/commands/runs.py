"""Runs of a job in the command's own process, on the instance that the UI shows, with progress on the terminal."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import dagster as dg

from chatwoot_assets.commands.console import progress_bars, progress_listener
from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.processes import PROCESS_TAG, end_runs_of_dead_processes, process_tag
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.progress import listening
from chatwoot_assets.settings import Settings

if TYPE_CHECKING:
    from chatwoot_assets.dagster_internals import SerializableErrorInfo

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
    with translate_errors(UserError, DAGSTER_POSTGRES_URL), open_instance() as instance:
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
    run_id = str(uuid.uuid4())
    with progress_bars() as show:
        with listening(progress_listener(show)):
            result = job.execute_in_process(
                instance=instance,
                # Known from the start, so that the run can be ended if this process dies before it begins.
                run_id=run_id,
                tags={**(tags or {}), PROCESS_TAG: process_tag(run_id, os.getpid())},
                run_config={**_QUIET, **(config or {})},
                raise_on_error=False,
            )
    if any(error.cls_name in _INTERRUPTS for error in _errors(result)):
        raise KeyboardInterrupt
    return result


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
