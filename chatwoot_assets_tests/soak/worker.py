"""A process that runs days on demand, and may be killed while it does.

    python -m chatwoot_assets_tests.soak.worker

It imports everything once. Each line of its input is a command in JSON, which a forked process carries out: a kill
leaves what it would leave of any process, and the next command need not import everything again. Each line of its
output is an answer.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any

# Threads do not survive a fork; the runs are too small to gain from them anyway.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import alembic.command  # noqa: F401 - a run imports it lazily
import dagster as dg

from chatwoot_assets_tests.dagster_private import execute_in_process  # noqa: F401 - a run imports it lazily
from chatwoot_assets_tests.project import QUIET
from chatwoot_assets_tests.soak.interruption import interrupt_at_call
from chatwoot_assets_tests.soak.kill_points import CHANGE_KILL_POINTS, KILL_POINTS, kill_self
from chatwoot_assets_tests.soak.runs import Outcome, run_days
from chatwoot_assets_tests.soak.worker_client import Command


def main() -> None:
    """Answer commands until the input ends."""
    _warm_up()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _answer(_execute(Command.from_json(line)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            _answer({"killed_by": os.WTERMSIG(status)})


def _warm_up() -> None:
    """Run an empty asset, so that forked processes need not repeat Dagster's lazy imports."""

    @dg.asset
    def empty() -> None:
        return None

    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize([empty], instance=instance, run_config=QUIET)


def _execute(command: Command) -> dict[str, Any]:
    try:
        if command.kill_point:
            {**KILL_POINTS, **CHANGE_KILL_POINTS}[command.kill_point]()
        if command.kill_at_call:
            with interrupt_at_call(command.kill_at_call, kill_self):
                return _run(command).as_json()
        return _run(command).as_json()
    except BaseException:  # noqa: BLE001 - every error is reported and fails the test
        return {"success": False, "errors": [traceback.format_exc()], "retries": 0}


def _run(command: Command) -> Outcome:
    project = command.project()
    if not command.instance:
        return run_days(project, command.first, command.last, force=command.force)
    with dg.DagsterInstance.from_config(command.instance) as instance:
        return run_days(project, command.first, command.last, force=command.force, instance=instance)


def _answer(answer: dict[str, Any]) -> None:
    os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main()
