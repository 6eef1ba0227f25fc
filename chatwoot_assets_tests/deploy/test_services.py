"""The services of a deployment, as containers and systemd run them: each alone, found by address, ended by a signal."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.source_writer import SourceWriter
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

_YESTERDAY = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
_COMMAND = str(Path(sys.executable).parent / "chatwoot-assets")


@pytest.fixture
def workspace(postgres: Postgres, tmp_path: Path) -> Workspace:
    """A Chatwoot with a conversation of yesterday, which is the first partition."""
    workspace = Workspace.create(postgres, tmp_path)
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{_YESTERDAY} 12:00:00", id=5000)
        writer.message(5000, f"{_YESTERDAY} 12:01:00", id=5000)
    return workspace


@contextmanager
def _service(workspace: Workspace, number: signal.Signals, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a service with a home of its own; end it by a signal, and expect that this suffices."""
    directory = workspace.directory / arguments[0]
    directory.mkdir()
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [_COMMAND, *arguments],
            env=workspace.environment(
                {
                    "CHATWOOT_ASSETS_HOME": str(directory),
                    "CHATWOOT_ASSETS_EMBEDDED": "off",
                    "PARTITIONS_START_DATE": str(_YESTERDAY),
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


def _wait_for_health(workspace: Workspace, process: subprocess.Popen[bytes], *arguments: str) -> None:
    def is_healthy() -> bool:
        assert process.poll() is None, (workspace.directory / arguments[0] / "log").read_text()
        return workspace.run("health", *arguments, CHATWOOT_ASSETS_EMBEDDED="off").code == 0

    wait_until(is_healthy, interval=0.5)


def _ask(port: int, query: str) -> Any:  # noqa: ANN401 - JSON
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/dagster/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=HANG_SECONDS) as answer:  # noqa: S310
        return json.load(answer)["data"]


@pytest.mark.slow
def test_services_in_separate_homes_load_what_chatwoot_has(workspace: Workspace) -> None:
    code, web = free_port(), free_port()
    address = ["--code-server", f"127.0.0.1:{code}"]
    with ExitStack() as stack:
        server = stack.enter_context(_service(workspace, signal.SIGTERM, "code-server", "--port", str(code)))
        _wait_for_health(workspace, server, "code-server", "--port", str(code))
        webserver = stack.enter_context(
            _service(workspace, signal.SIGTERM, "webserver", "--port", str(web), "--path-prefix", "/dagster", *address)
        )
        daemon = stack.enter_context(_service(workspace, signal.SIGINT, "daemon", *address))
        _wait_for_health(workspace, webserver, "webserver", "--port", str(web))
        _wait_for_health(workspace, daemon, "daemon")
        locations = _ask(web, "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }")
        assert locations["workspaceOrError"]["locationEntries"] == [{"name": "chatwoot_assets", "loadStatus": "LOADED"}]
        # The sensor runs in the daemon's rhythm; its run is a process of the code server.
        wait_until(lambda: workspace.rows() == 1, interval=1)
    assert (workspace.directory / "code-server" / "extracts").is_dir()
    assert not list(workspace.directory.glob("*/postgres"))


@pytest.mark.parametrize("service", ["code-server", "webserver", "dashboard"])
def test_health_of_a_service_that_does_not_run_is_one_line(service: str, workspace: Workspace) -> None:
    assert "port" in workspace.refusal("health", service, "--port", str(free_port()))


def test_health_of_a_daemon_that_never_ran_is_one_line(workspace: Workspace) -> None:
    assert workspace.refusal("health", "daemon").startswith("error: ")
