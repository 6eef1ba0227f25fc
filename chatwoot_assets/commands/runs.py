"""Running a job in this process, on the instance that the UI shows, with progress on the terminal."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from chatwoot_assets.commands.terminal import progress_bars
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.errors import UserError
from chatwoot_assets.instance import open_instance
from chatwoot_assets.progress import Progress, listening
from chatwoot_assets.settings import Settings

_PROCESS_TAG = "chatwoot_assets/process"

# Dagster's own log of a run is in the UI; on the terminal it would drown everything else.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_job(
    settings: Settings, name: str, tags: Mapping[str, str] | None = None, config: Mapping[str, object] | None = None
) -> dg.ExecuteInProcessResult:
    """Run a job to its end, with a run's tags and configuration.

    Raises:
        UserError: the run failed; the message is that of the asset which failed.
    """
    job = build_defs(settings).resolve_job_def(name)
    tags = {**(tags or {}), _PROCESS_TAG: _process(os.getpid())}
    with open_instance() as instance, progress_bars() as show:
        _end_runs_of_dead_processes(instance)
        began: dict[str, float] = {}
        last = time.monotonic()

        def listen(progress: Progress) -> None:
            nonlocal last
            # A kind of work is told of when its first part is done: it began when the one before it ended.
            started = began.setdefault(progress.what, last)
            last = time.monotonic()
            rate = progress.rows / (last - started)
            note = f"{progress.unit}, {progress.rows:,} rows, {rate:,.0f} rows/s"
            show(progress.what, progress.done, progress.total, note)

        with listening(listen):
            result = job.execute_in_process(
                instance=instance, tags=tags, run_config={**_QUIET, **(config or {})}, raise_on_error=False
            )
    if not result.success:
        raise UserError(f"{_reason(result)} (run {result.run_id})")
    return result


def _process(pid: int) -> str:
    """Return what tells a process from every other, also from one that has its pid later; empty for none."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
    return f"{socket.gethostname()} {pid} {started}"


def _end_runs_of_dead_processes(instance: dg.DagsterInstance) -> None:
    """Fail the runs of commands that were killed on this machine, and give back what they hold.

    Dagster sees that only after hours, and only where its daemon runs; meanwhile such a run would hold its
    place in the source's pool, and everything else would wait for it.
    """
    statuses = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(dg.RunsFilter(statuses=statuses)):
        process = run.tags.get(_PROCESS_TAG, "")
        host, _, rest = process.partition(" ")
        pid = rest.partition(" ")[0]
        if pid.isdigit() and host == socket.gethostname() and _process(int(pid)) != process:
            instance.report_run_failed(run, "the command that ran it was killed")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the message of the first step that failed: that of its `dg.Failure`, or of its retries' cause."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        if data.user_failure_data and data.user_failure_data.description:
            return data.user_failure_data.description
        error = data.error
        while error is not None and error.cause is not None:
            error = error.cause
        if error is not None:
            return error.message.strip().partition(": ")[2].splitlines()[0]
    return "the run failed; its log in the UI says why"
