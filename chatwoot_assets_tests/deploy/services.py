"""The services of a deployment as processes: each with a home of its own, ended by one signal."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

YESTERDAY = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
_COMMAND = str(Path(sys.executable).parent / "chatwoot-assets")


@contextmanager
def running_service(
    workspace: Workspace, number: signal.Signals, *arguments: str, name: str | None = None, **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a service with a home of its own; end it by a signal, and expect that this suffices."""
    directory = workspace.directory / (name or arguments[0])
    directory.mkdir()
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [_COMMAND, *arguments],
            env=workspace.environment(
                {
                    "CHATWOOT_ASSETS_HOME": str(directory),
                    "CHATWOOT_ASSETS_EMBEDDED": "off",
                    "PARTITIONS_START_DATE": str(YESTERDAY),
                    **changes,
                }
            ),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
            assert process.poll() is None, (directory / "log").read_text()
            process.send_signal(number)
            process.wait(HANG_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for_health(workspace: Workspace, process: subprocess.Popen[bytes], *arguments: str) -> None:
    """Wait until a service's health check passes; fail if its process ended."""

    def is_healthy() -> bool:
        assert process.poll() is None, (workspace.directory / arguments[0] / "log").read_text()
        return workspace.run("health", *arguments, CHATWOOT_ASSETS_EMBEDDED="off").code == 0

    wait_until(is_healthy, interval=0.5)
