"""Run `chatwoot-assets ui` beside a loaded warehouse, and measure what its processes use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.data import HOME, Bench
from benchmarks.processes import command_environment

_SECONDS_TO_START = 300
_SECONDS_TO_STOP = 60
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class RunningUi:
    """A running UI, with its daemon and code server.

    Attributes:
        process: The process that started all others.
        target: The URL of the warehouse.
        dagster: The URL of Dagster's storage.
    """

    process: subprocess.Popen[bytes]
    target: str
    dagster: str

    def cpu_seconds(self) -> float:
        """Return the processor time of all its processes, including those that have ended."""
        return sum(_cpu_seconds(pid) for pid in _family(self.process.pid))

    def pss_mb(self) -> float:
        """Return the memory of all its processes, in MB, with shared pages counted once."""
        return sum(_pss_kb(pid) for pid in _family(self.process.pid)) / 1_000

    def storage_mb(self) -> float:
        """Return the size of Dagster's database in MB."""
        with psycopg.connect(self.dagster) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return float(row[0]) / 1e6


@contextmanager
def running_ui(bench: Bench) -> Iterator[RunningUi]:
    """Load the sample, start the UI with its sensors and schedules, and stop it at the end."""
    target, dagster = bench.new_target("ui"), bench.new_target("dagster")
    with tempfile.TemporaryDirectory(dir=HOME) as home:
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        program = str(Path(sys.executable).parent / "chatwoot-assets")
        print(f"loading {bench.data}", file=sys.stderr, flush=True)
        # To today, not to the sample's last day: the sensor would load the empty days in between first.
        command = [program, "backfill", "--from", str(bench.first_day)]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        with _serving([program, "ui"], environment, Path(home) / "ui.log") as process:
            yield RunningUi(process, target, dagster)


@contextmanager
def empty_project(bench: Bench) -> Iterator[RunningUi]:
    """Start Dagster's UI with one asset and no sensor, on the same storage as ours uses."""
    target, dagster = bench.new_target("ui"), bench.new_target("dagster")
    with tempfile.TemporaryDirectory(dir=HOME) as home:
        environment = command_environment(home, bench.source_url, target, dagster, str(bench.first_day))
        subprocess.run([sys.executable, "-c", _PREPARE], env=environment, check=True)
        file = Path(home) / "empty_project.py"
        file.write_text(_EMPTY_PROJECT)
        environment |= {"DAGSTER_HOME": str(Path(home) / "dagster"), "PYTHONWARNINGS": "ignore"}
        with _serving([sys.executable, "-m", "dagster", "dev", "-f", str(file)], environment, file) as process:
            yield RunningUi(process, target, dagster)


_PREPARE = "from chatwoot_assets.defs.dagster_home import ensure_dagster_home; ensure_dagster_home()"
_EMPTY_PROJECT = '''
import dagster as dg

@dg.asset
def empty() -> None:
    """Do nothing."""

defs = dg.Definitions([empty])
'''


@contextmanager
def _serving(command: list[str], environment: dict[str, str], beside: Path) -> Iterator[subprocess.Popen[bytes]]:
    port = _free_port()
    with beside.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *(("-p",) if "dagster" in command else ("--port",)), str(port)],
            env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_served(port, process)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_SECONDS_TO_STOP)
            finally:
                _kill_group(process.pid)


def _wait_until_served(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("the UI does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            pids += _family(int(child))
    return pids


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Its own time, and that of its children that have ended.
    return sum(map(int, fields[11:15])) / _TICKS_PER_SECOND


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
