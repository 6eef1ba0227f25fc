"""`chatwoot-assets prune` says what it removed, or why it removes nothing, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets_tests.command_line import DAY, Workspace
from chatwoot_assets_tests.conftest import Postgres

pytestmark = pytest.mark.slow


def test_the_command_says_what_it_removed(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    assert workspace.run("backfill", "--from", DAY, "--to", DAY).code == 0
    outcome = workspace.run("prune")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("removed 0 superseded refreshes, 0 failed runs and runs of checks,")


def test_the_command_removes_nothing_if_every_run_is_kept(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    reason = workspace.refusal("prune", KEEP_RUNS_DAYS="0")
    assert reason == "error: nothing is removed: KEEP_RUNS_DAYS is 0, so every run is kept"


def test_the_command_refuses_an_instance_on_sqlite(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    (tmp_path / "own").mkdir()
    outcome = workspace.run("prune", DAGSTER_HOME=str(tmp_path / "own"))
    assert outcome.code == 1
    (line,) = outcome.error_lines
    assert "this instance's storage is SqliteEventLogStorage" in line
