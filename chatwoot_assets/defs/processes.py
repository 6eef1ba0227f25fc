"""Find runs whose process is gone, and end them, so that they hold no slot of a pool.

Dagster notices the death of a run's process at once if the code server that started it lives. Otherwise it notices
after hours, and until then every other run would wait for the slot.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import dagster as dg

# The tag that names the process of a run. The UI hides tags with this prefix.
PROCESS_TAG = ".dagster/chatwoot_assets_process"

# A run that is being canceled still works on its days. Listed by exclusion, since newer releases of Dagster have
# further unfinished states.
_FINISHED_STATUSES = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
UNFINISHED_STATUSES = [status for status in dg.DagsterRunStatus if status not in _FINISHED_STATUSES]


# The executors whose steps run in the process of their run: that of a launched run, and that of a command.
_IN_PROCESS = ("in_process", "execute_in_process_executor")


def record_process(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> None:
    """Record which process executes a run, in a tag of the run.

    Other executors give each step a process of its own, which ends before the run does. Then nothing is recorded.
    """
    if context.job_def.executor_def.name not in _IN_PROCESS:
        return
    run = context.run
    tag = process_tag(run.run_id, os.getpid())
    if run.tags.get(PROCESS_TAG) != tag:
        context.instance.add_run_tags(run.run_id, {PROCESS_TAG: tag})


def process_tag(run_id: str, pid: int) -> str:
    """Return the value of the tag; it names the run, because a run that repeats another is created with its tags."""
    return f"{run_id} {process_identity(pid)}"


def process_identity(pid: int) -> str:
    """Return what distinguishes a process from any later one with the same pid; empty if there is no such process."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    state, started = values[0], values[19]
    # A process that was killed stays as a zombie until its parent notices.
    return "" if state in "ZX" else f"{socket.gethostname()} {pid} {started}"


def end_runs_of_dead_processes(instance: dg.DagsterInstance) -> None:
    """End the unfinished runs of processes that died on this machine, and free their concurrency slots."""
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED_STATUSES)):
        if is_of_dead_process(run):
            message = "The process that ran it was killed."
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, message)
            else:
                instance.report_run_failed(run, message)
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def is_of_dead_process(run: dg.DagsterRun) -> bool:
    """Return whether a run's process was one of this machine's and is gone."""
    run_id, _, identity = run.tags.get(PROCESS_TAG, "").partition(" ")
    host, _, rest = identity.partition(" ")
    pid = rest.partition(" ")[0]
    return (
        run_id == run.run_id
        and pid.isdigit()
        and host == socket.gethostname()
        and process_identity(int(pid)) != identity
    )
