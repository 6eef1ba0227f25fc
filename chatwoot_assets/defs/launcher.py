"""The launcher of runs: Dagster's default one, which also notices that the process of a run is gone."""

from __future__ import annotations

from typing import Any

import dagster as dg

from chatwoot_assets.dagster_internals import run_worker_health
from chatwoot_assets.defs.processes import end_runs_of_dead_processes, is_of_dead_process


class WatchingRunLauncher(dg.DefaultRunLauncher):
    """Launches runs as Dagster does by default, and tells the daemon whether their processes live.

    By default Dagster watches them from the code server that started them. If that one dies, too, nobody does, and the
    run holds its slot in the source's pool until `max_runtime_seconds`.
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether the daemon may ask; it does so for each started run once per `poll_interval_seconds`."""
        return run_worker_health(is_alive=True) is not None

    def check_run_worker_health(self, run: dg.DagsterRun) -> Any:  # noqa: ANN401 - its class is not exported
        """Return whether the run's process lives; if it does not, the run is ended and its slot is free."""
        is_alive = not is_of_dead_process(run)
        if not is_alive:
            end_runs_of_dead_processes(self._instance)
        return run_worker_health(is_alive=is_alive)
