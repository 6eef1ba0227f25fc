"""Running a job in this process, on the instance that the UI shows, with progress on the terminal."""

from __future__ import annotations

import time
from collections.abc import Mapping

import dagster as dg

from chatwoot_assets.commands.terminal import progress_bars
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.errors import UserError
from chatwoot_assets.instance import open_instance
from chatwoot_assets.progress import Progress, listening
from chatwoot_assets.settings import Settings

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
    with open_instance() as instance, progress_bars() as show:
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
