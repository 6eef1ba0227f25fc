"""Celery workers with separate homes, on a real broker and a real object store."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.deploy.services import YESTERDAY, running_service, wait_for_health
from chatwoot_assets_tests.object_stores import BUCKET, s3_server
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.source_writer import SourceWriter
from chatwoot_assets_tests.waiting import wait_until

_PASSWORD = "only-the-broker-knows-this"  # noqa: S105 - of a server that exists during a test


@pytest.fixture
def broker_url(tmp_path: Path) -> Iterator[str]:
    """Debian's Redis, which .ci/packages installs, on a port of its own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--requirepass", _PASSWORD]
    process = subprocess.Popen([program, *options], cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://:{_PASSWORD}@127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_workers_of_two_machines_load_what_chatwoot_has(postgres: Postgres, tmp_path: Path, broker_url: str) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    _write_conversation(workspace, 5000)
    code = str(free_port())
    address = ["--code-server", f"127.0.0.1:{code}"]
    with s3_server(tmp_path) as store, ExitStack() as stack:
        shared = {"CELERY_BROKER_URL": broker_url, "EXTRACTS_URL": f"s3://{BUCKET}/days", **store.environment}
        workers: dict[int, ExitStack] = {}
        for name in ("worker-1", "worker-2"):
            worker = stack.enter_context(ExitStack())
            service = running_service(workspace, signal.SIGTERM, "celery-worker", name=name, **shared)
            workers[worker.enter_context(service).pid] = worker
        options = ["--port", code, "--celery"]
        server = stack.enter_context(running_service(workspace, signal.SIGTERM, "code-server", *options, **shared))
        wait_for_health(workspace, server, "code-server", "--port", code)
        stack.enter_context(running_service(workspace, signal.SIGINT, "daemon", *address))
        wait_until(lambda: workspace.rows() == 1, interval=1)
        assert list((store.directory / BUCKET / "days").rglob("*.parquet"))
        # Without the worker that loaded it, the other one goes on.
        (first,) = _executing_workers(workspace)
        workers.pop(first).close()
        _write_conversation(workspace, 5001)
        wait_until(lambda: workspace.rows() == 2, interval=1)
        assert _executing_workers(workspace) == {first, *workers}
    homes = [path for path in tmp_path.iterdir() if (path / "log").exists()]
    assert len(homes) == 4
    for home in homes:
        assert not (home / "extracts").exists()
        assert not (home / "postgres").exists()
        assert _PASSWORD not in (home / "log").read_text()
    assert not [event for event in _events(workspace) if _PASSWORD in event]


def _write_conversation(workspace: Workspace, id_: int) -> None:
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.conversation(f"{YESTERDAY} 12:00:00", id=id_)
        writer.message(id_, f"{YESTERDAY} 12:01:00", id=id_)


def _executing_workers(workspace: Workspace) -> set[int]:
    """Return the processes of the workers that executed steps, as the runs' logs name them."""
    names = [re.search(r"chatwoot-assets-([0-9]+)@", event) for event in _events(workspace) if "celery worker" in event]
    return {int(name[1]) for name in names if name}


def _events(workspace: Workspace) -> list[str]:
    with psycopg.connect(workspace.dagster_url) as connection:
        return [event for (event,) in connection.execute("SELECT event FROM event_logs")]


@pytest.mark.parametrize(
    ("missing", "message"), [("CELERY_BROKER_URL", "names the broker"), ("EXTRACTS_URL", "one place for the days")]
)
@pytest.mark.parametrize("command", ["celery-worker", "code-server --celery"])
def test_a_service_that_lacks_what_machines_share_refuses(
    postgres: Postgres, tmp_path: Path, command: str, missing: str, message: str
) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    shared: dict[str, str | None] = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "EXTRACTS_URL": "s3://bucket/days"}
    refusal = workspace.refusal(*command.split(), code=2, **{**shared, missing: None})
    assert refusal.startswith(f"error: {missing} is not set")
    assert message in refusal


@pytest.mark.parametrize("command", ["celery-worker", "code-server --celery"])
def test_a_service_of_celery_never_starts_the_embedded_server(postgres: Postgres, tmp_path: Path, command: str) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    shared = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "EXTRACTS_URL": "s3://bucket/days"}
    refusal = workspace.refusal(*command.split(), code=2, ANALYTICS_DATABASE_URL=None, **shared)
    assert "ANALYTICS_DATABASE_URL is not set" in refusal
    assert not (tmp_path / "home" / "postgres").exists()
