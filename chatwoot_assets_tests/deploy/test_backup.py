"""The drill of docs/deploying.md: a dump of the warehouse is restored, with and without the extracts."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project, written_days
from chatwoot_assets_tests.refresh.warehouse_rows import read_rows

FIRST, LAST = datetime.date(2025, 3, 10), datetime.date(2025, 3, 12)


@pytest.mark.parametrize("has_extracts", [True, False], ids=["with extracts", "without extracts"])
def test_restored_warehouse_goes_on(postgres: Postgres, project: Project, tmp_path: Path, has_extracts: bool) -> None:
    programs = binaries(postgres.server.directory)
    if not (programs / "pg_dump").exists():
        pytest.skip("the embedded PostgreSQL has no pg_dump")
    with project.writing() as writer:
        for number in range(1, 31):
            at = f"2025-03-{10 + number % 3} 15:{number:02}"
            writer.conversation(at, id=number)
            writer.message(number, at, id=number)
    project.load(FIRST, LAST)
    rows = read_rows(project.target_url)
    dump, extracts = tmp_path / "warehouse.dump", tmp_path / "restored"
    restored_url = postgres.new_database()
    for command in (
        ["pg_dump", "--format=custom", f"--file={dump}", project.target_url],
        ["pg_restore", "--no-owner", f"--dbname={restored_url}", str(dump)],
    ):
        subprocess.run([str(programs / command[0]), *command[1:]], check=True, capture_output=True)
    if has_extracts:
        shutil.copytree(project.settings.extracts_url, extracts)
    restored = replace(project, target_url=restored_url, settings=replace(project.settings, extracts_url=str(extracts)))
    assert read_rows(restored_url) == rows
    with project.writing() as writer:
        writer.message(1, "2025-03-11 16:00", id=1000)
    written = written_days(restored.load(FIRST, LAST), "conversas_analytics")
    assert "2025-03-11" in written
    if has_extracts:
        assert written == ["2025-03-11"]
    project.load(FIRST, LAST)
    assert read_rows(restored_url) == read_rows(project.target_url)
