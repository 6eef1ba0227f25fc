"""Run the views' files in psql, as a DBA does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sql_files import sql_path
from chatwoot_assets_tests.conftest import Postgres

Psql = subprocess.CompletedProcess[str]


def find_psql(postgres: Postgres) -> Path:
    """Return psql's program; a test that needs it is skipped where the embedded PostgreSQL brings none."""
    program = binaries(postgres.server.directory) / "psql"
    if not program.exists():
        pytest.skip("the embedded PostgreSQL brings no psql")
    return program


def run_file(program: Path, url: str, file: str, **variables: str) -> Psql:
    """Run a file of `sql/chatwoot/` with psql's variables."""
    options = [f"--set={name}={value}" for name, value in variables.items()]
    path = str(sql_path("chatwoot", file))
    # With a fixed locale, so that its messages are the expected ones.
    return subprocess.run(
        [str(program), "-X", "-q", "-d", url, *options, "-f", path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"},
    )


def run_successfully(program: Path, url: str, file: str, **variables: str) -> None:
    """Run a file, and assert that psql reports nothing but notices."""
    done = run_file(program, url, file, **variables)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "NOTICE" not in line]) == (0, [])
