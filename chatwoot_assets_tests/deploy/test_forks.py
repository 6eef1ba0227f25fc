"""Celery executes each step in a process that is forked after the import, which has no thread of its parent.

Polars computes on threads that the first computation starts. If a module computes while it is imported, every forked
process waits for those threads without end.
"""

from __future__ import annotations

import os
import subprocess
import sys

from chatwoot_assets_tests.waiting import HANG_SECONDS

_PROGRAM = """
import os, signal, sys
import chatwoot_assets.commands.celery
import polars as pl
if os.fork() == 0:
    signal.alarm(int(sys.argv[1]))
    print(pl.DataFrame({"day": [1, 1], "rows": [2, 3]}).group_by("day").sum().rows(), flush=True)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_process_that_celery_forks_can_compute() -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(HANG_SECONDS)],
        env={**os.environ, "CELERY_BROKER_URL": "redis://127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (outcome.returncode, outcome.stdout) == (0, "[(1, 5)]\n"), outcome.stderr[-500:]
