"""Run the command `chatwoot-assets dashboard` as users do: in its own process, stopped as by Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until


@dataclass
class Served:
    """A dashboard that answers at an address."""

    process: subprocess.Popen[str]
    address: str

    def stop(self) -> tuple[int, str, str]:
        """Press Ctrl-C; return the exit code, standard output and standard error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=HANG_SECONDS)
        return self.process.returncode, out, err


@contextmanager
def served(directory: Path, port: int | None = None, /, **environment: str) -> Iterator[Served]:
    """Run the dashboard with its own home, until the block ends; on a free port if none is given."""
    port = port or free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "chatwoot-assets"), "dashboard", "--port", str(port)],
        env={"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **environment},
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    dashboard = Served(process, f"http://127.0.0.1:{port}")
    try:
        _wait_until_it_answers(dashboard)
        yield dashboard
    finally:
        if process.poll() is None:
            dashboard.stop()


def _wait_until_it_answers(dashboard: Served) -> None:
    def answers() -> bool:
        assert dashboard.process.poll() is None, dashboard.process.communicate()
        try:
            health = f"{dashboard.address}/_stcore/health"
            with urllib.request.urlopen(health, timeout=HANG_SECONDS) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    wait_until(answers)
