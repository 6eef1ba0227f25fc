"""Running days as a project does, and telling how it went."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import dagster as dg

from chatwoot_assets.defs import retries as failures
from chatwoot_assets_tests.project import Project

_SECONDS_BETWEEN_TRIES = 0.2


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        success: whether all of it was done, by whatever number of tries.
        retries: how many steps were tried again.
        errors: of each failed step its error, with causes.
    """

    success: bool
    retries: int
    errors: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a worker answers it."""
        return asdict(self)


def run_days(
    project: Project,
    first: datetime.date,
    last: datetime.date,
    *,
    force: bool = False,
    instance: dg.DagsterInstance | None = None,
) -> Outcome:
    """Run everything of some days; a step that asks for another try gets it almost at once."""
    with _short_waits():
        result = project.load(first, last, force=force, instance=instance, raise_on_error=False)
    errors = [_error(event) for event in result.all_events if event.is_step_failure]
    if any("DagsterExecutionInterruptedError" in error for error in errors):
        raise KeyboardInterrupt  # which Dagster took for the run's own
    return Outcome(
        success=result.success,
        retries=sum(event.is_step_up_for_retry for event in result.all_events),
        errors=errors,
    )


def _error(event: dg.DagsterEvent) -> str:
    failure = event.step_failure_data
    said = failure.user_failure_data.description if failure.user_failure_data else None
    return said or (failure.error.to_string() if failure.error else "no error is given")


@contextmanager
def _short_waits() -> Iterator[None]:
    """Wait less before the next try than the five seconds that suit operation."""
    before, failures.SECONDS_BETWEEN_TRIES = failures.SECONDS_BETWEEN_TRIES, _SECONDS_BETWEEN_TRIES
    try:
        yield
    finally:
        failures.SECONDS_BETWEEN_TRIES = before
