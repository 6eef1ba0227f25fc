"""The services of a deployment, as containers and systemd run them: each alone, found by address, ended by a signal."""

from __future__ import annotations

import json
import signal
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.deploy.services import YESTERDAY, running_service, wait_for_health
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.source_writer import SourceWriter
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until


@pytest.fixture
def workspace(postgres: Postgres, tmp_path: Path) -> Workspace:
    """A Chatwoot with a conversation of yesterday, which is the first partition."""
    workspace = Workspace.create(postgres, tmp_path)
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{YESTERDAY} 12:00:00", id=5000)
        writer.message(5000, f"{YESTERDAY} 12:01:00", id=5000)
    return workspace


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
        server = stack.enter_context(running_service(workspace, signal.SIGTERM, "code-server", "--port", str(code)))
        wait_for_health(workspace, server, "code-server", "--port", str(code))
        webserver = stack.enter_context(
            running_service(
                workspace, signal.SIGTERM, "webserver", "--port", str(web), "--path-prefix", "/dagster", *address
            )
        )
        daemon = stack.enter_context(running_service(workspace, signal.SIGINT, "daemon", *address))
        wait_for_health(workspace, webserver, "webserver", "--port", str(web))
        wait_for_health(workspace, daemon, "daemon")
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
