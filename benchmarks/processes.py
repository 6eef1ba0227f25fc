"""Whole processes: how long each takes, and the most memory that it ever held.

The memory is what the process itself reads of its kernel at its end: what a parent is told of a child counts the
parent's own memory in, as it was when the child was made.

Nothing is imported at the top that the measured process would not import itself.

    python -m benchmarks.processes FILE command …   run `chatwoot-assets …`, write the peak into FILE
    python -m benchmarks.processes FILE trivial     a run of an asset that does nothing, on the same storage
    python -m benchmarks.processes FILE imports     import what the command imports, and no more
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


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run this module as a process of its own; return its seconds, start to exit, and its peak memory in MB.

    Raises:
        RuntimeError: it fails; the end of what it wrote is in the message.
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
    """Return the environment of the command, with all databases given."""
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
    def nothing() -> None:
        """Do nothing."""

    with open_instance() as instance:
        if not dg.materialize([nothing], instance=instance).success:
            raise SystemExit(1)


def _imports() -> None:
    import chatwoot_assets.cli
    import chatwoot_assets.commands.backfill
    import chatwoot_assets.definitions  # noqa: F401 (what importing it takes is measured)


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
