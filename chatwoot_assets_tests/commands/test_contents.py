"""`chatwoot-assets drop-contents` says from how many days it dropped contents, or why it drops nothing."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import psycopg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.contents_job import DROP_CONTENTS
from chatwoot_assets.defs.schedules import build_schedules
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.command_line import DAY, Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import QUIET, Project

_CONTENTS = "SELECT count(content), count(*) FROM messages"


def test_command_drops_what_is_old(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    assert workspace.run("backfill", "--from", DAY, "--to", DAY).code == 0
    outcome = workspace.run("drop-contents", KEEP_CONTENTS_DAYS="30")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith("are dropped from 1 days\n")
    with psycopg.connect(workspace.target_url) as connection:
        assert connection.execute(_CONTENTS).fetchone() == (0, 3)
    assert workspace.run("drop-contents", KEEP_CONTENTS_DAYS="30").out.endswith("are dropped from 0 days\n")


def test_command_drops_nothing_if_all_contents_are_kept(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    line = workspace.refusal("drop-contents")
    assert line == "error: nothing is dropped: KEEP_CONTENTS_DAYS is 0, so all contents are kept"
    assert "KEEP_CONTENTS_DAYS is '-1'; accepted is" in workspace.refusal("status", code=2, KEEP_CONTENTS_DAYS="-1")


@pytest.mark.parametrize(("days", "left"), [("30", 0), ("0", 1)])
def test_job_drops_what_is_old(postgres: Postgres, tmp_path: Path, days: str, left: int) -> None:
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path, timezone="UTC")
    with project.writing() as writer:
        writer.message(writer.conversation(f"{DAY} 12:00"), f"{DAY} 12:00")
    day = project.day(DAY).date
    assert project.load(day).success
    settings = Settings.from_values({"KEEP_CONTENTS_DAYS": days, "EXTRACTS_URL": project.settings.extracts_url})
    job = build_defs(settings).resolve_job_def(DROP_CONTENTS)
    assert job.execute_in_process(resources=project.resources, run_config=QUIET).success
    with project.target() as connection:
        assert connection.execute(_CONTENTS).fetchone() == (left, 1)
    with dg.instance_for_test() as instance:
        (schedule,) = (each for each in build_schedules(settings) if each.job_name == DROP_CONTENTS)
        tick = schedule.evaluate_tick(dg.build_schedule_context(instance=instance))
    assert bool(tick.run_requests) is not bool(left)
