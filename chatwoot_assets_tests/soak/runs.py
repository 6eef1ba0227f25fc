"""Run days as a project does, and report the outcome."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import dagster as dg

from chatwoot_assets.defs import retries
from chatwoot_assets_tests.project import Project

_SECONDS_BETWEEN_TRIES = 0.2


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        success: Whether the run succeeded, with or without retries.
        retries: How many steps were retried.
        errors: The error of each failed step, with its causes.
    """

    success: bool
    retries: int
    errors: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a worker reports it."""
        return asdict(self)


def run_days(
    project: Project,
    first: datetime.date,
    last: datetime.date,
    *,
    force: bool = False,
    instance: dg.DagsterInstance | None = None,
) -> Outcome:
    """Run all assets of some days, with short waits between retries."""
    with _short_waits():
        result = project.load(first, last, force=force, instance=instance, raise_on_error=False)
    errors = [_error(event) for event in result.all_events if event.is_step_failure]
    if any("DagsterExecutionInterruptedError" in error for error in errors):
        raise KeyboardInterrupt  # Dagster reports an interrupt of the process as an error of the run
    return Outcome(
        success=result.success,
        retries=sum(event.is_step_up_for_retry for event in result.all_events),
        errors=errors,
    )


def _error(event: dg.DagsterEvent) -> str:
    failure = event.step_failure_data
    description = failure.user_failure_data.description if failure.user_failure_data else None
    return description or (failure.error.to_string() if failure.error else "no error is given")


@contextmanager
def _short_waits() -> Iterator[None]:
    """Wait less between retries than the five seconds that suit production."""
    before, retries.SECONDS_BETWEEN_TRIES = retries.SECONDS_BETWEEN_TRIES, _SECONDS_BETWEEN_TRIES
    try:
        yield
    finally:
        retries.SECONDS_BETWEEN_TRIES = before
