"""One Ctrl-C ends a command with exit code 130, whatever it waits for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.command_line import DAY, Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.stalling_proxy import stalling_proxy
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

_COMMAND = str(Path(sys.executable).parent / "chatwoot-assets")
_LINE = "Interrupted. Finished days are kept; run the same command to resume."
# What a backfill sends: to Chatwoot when it reads the rows of conversations, to the warehouse when it writes them.
_STALL_AT = {"CHATWOOT_DATABASE_URL": b"vw_messages_own", "ANALYTICS_DATABASE_URL": b"COPY"}


@pytest.mark.parametrize("signals", [1, 2])
@pytest.mark.parametrize("variable", _STALL_AT)
def test_interruption_ends_a_backfill_that_waits_for_a_silent_server(
    postgres: Postgres, tmp_path: Path, variable: str, signals: int
) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    url = workspace.source_url if variable == "CHATWOOT_DATABASE_URL" else workspace.target_url
    with stalling_proxy(postgres, _STALL_AT[variable]) as proxy:
        process = subprocess.Popen(
            [_COMMAND, "backfill", "--from", DAY, "--to", DAY],
            env=workspace.environment({variable: proxy.url(url)}),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert proxy.has_stalled.wait(HANG_SECONDS)
        for _ in range(signals):
            process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=HANG_SECONDS)[1]
        assert process.returncode == 130, error
        assert error.splitlines()[-1] == _LINE
        assert "Traceback" not in error
        assert proxy.was_closed.wait(HANG_SECONDS)


@pytest.mark.parametrize(
    ("arguments", "stall_at"),
    [
        (("status",), b"FROM partition_state"),
        (("verify", "--contact", "1"), b"FROM conversas_analytics"),
        (("drop-contents",), b"FROM partition_state"),
        (("export", "messages", "--from", DAY, "--to", DAY), b"messages"),
        (("report", "--period", "7d"), b"conversation_facts"),
        (("alerts",), b"partition_state"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_interruption_ends_each_command_that_waits(
    postgres: Postgres, tmp_path: Path, arguments: tuple[str, ...], stall_at: bytes
) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    migrate(Warehouse(url=workspace.target_url))
    with stalling_proxy(postgres, stall_at) as proxy:
        process = subprocess.Popen(
            [_COMMAND, *arguments],
            env=workspace.environment(
                {
                    "ANALYTICS_DATABASE_URL": proxy.url(workspace.target_url),
                    "KEEP_CONTENTS_DAYS": "30",
                    "ALERT_URLS": "json://127.0.0.1:1",
                    "ALERTS": '{"waiting_hours": 1}',
                }
            ),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert proxy.has_stalled.wait(HANG_SECONDS)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=HANG_SECONDS)[1]
        assert process.returncode == 130, error
        assert "Traceback" not in error
        assert proxy.was_closed.wait(HANG_SECONDS)


def test_interruption_of_checks_leaves_nothing_behind(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    temporary = Path(tempfile.mkdtemp(dir=postgres.server.directory.parent))
    temporary.chmod(0o755)  # the server may run as another user
    process = subprocess.Popen(
        [_COMMAND, "checks"],
        env=workspace.environment({"TMPDIR": str(temporary)}),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: bool(list(temporary.rglob("postmaster.pid"))))
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=HANG_SECONDS)[1]
    assert process.returncode == 130, error
    wait_until(lambda: not list(temporary.rglob("postmaster.pid")))


def test_interruption_while_a_command_starts_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [_COMMAND, "status"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
