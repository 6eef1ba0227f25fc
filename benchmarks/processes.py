"""Measure the time and the peak memory of whole processes.

    python -m benchmarks.processes FILE command …   run `chatwoot-assets …`, write the peak to FILE
    python -m benchmarks.processes FILE trivial     run an empty asset on the same storage
    python -m benchmarks.processes FILE imports     only import what the command imports

The measured process reads its peak from the kernel at its end: the figure that the kernel gives to a parent includes
the parent's memory at the time of the fork. This module imports nothing at the top that the measured process would
not import itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).parent.parent


def run_measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run this module in a new process; return its seconds and its peak memory in MB.

    Raises:
        RuntimeError: The process fails; the message has the end of its output.
    """
    with tempfile.NamedTemporaryFile("r") as peak:
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.processes", peak.name, *arguments],
            env=environment,
            cwd=_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise RuntimeError(f"{arguments} failed: {done.stderr[-2_000:]}")
        return seconds, int(peak.read()) / 1_000


def command_environment(home: str, source_url: str, target: str, dagster: str, first_day: str) -> dict[str, str]:
    """Return the environment of the command, with the URLs of all databases."""
    return {
        **os.environ,
        "CHATWOOT_ASSETS_HOME": home,
        "CHATWOOT_DATABASE_URL": source_url,
        "ANALYTICS_DATABASE_URL": target,
        "DAGSTER_POSTGRES_URL": dagster,
        "REPORTING_TIMEZONE": "America/Sao_Paulo",
        "PARTITIONS_START_DATE": first_day,
    }


def _command() -> None:
    from chatwoot_assets.cli import main

    sys.argv = ["chatwoot-assets", *sys.argv[3:]]
    main()


def _trivial() -> None:
    import dagster as dg

    from chatwoot_assets.defs.instance import open_instance

    @dg.asset
    def empty() -> None:
        """Do nothing."""

    with open_instance() as instance:
        if not dg.materialize([empty], instance=instance).success:
            raise SystemExit(1)


def _imports() -> None:
    import chatwoot_assets.cli
    import chatwoot_assets.commands.backfill
    import chatwoot_assets.definitions  # noqa: F401 (the import is measured)


def _peak_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    _ACTIONS: dict[str, Callable[[], None]] = {"command": _command, "trivial": _trivial, "imports": _imports}
    file, action = sys.argv[1:3]
    try:
        _ACTIONS[action]()
    finally:
        Path(file).write_text(str(_peak_kb()))
