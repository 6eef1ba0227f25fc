"""The installed command `chatwoot-assets` as users run it, in a process and an environment of its own.

A `Workspace` has a source with three conversations of 2025-03-10, a target and Dagster's storage. All are databases
of the session's server and given by URL, so the command does not start a server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from chatwoot_assets.source.create import create_views
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import create_chatwoot
from chatwoot_assets_tests.source_writer import SourceWriter
from chatwoot_assets_tests.waiting import HANG_SECONDS

PASSWORD = "correct-horse/battery"  # noqa: S105 - of servers that exist during a test
DAY = "2025-03-10"


@dataclass(frozen=True)
class Outcome:
    """The output and the exit code of a command."""

    code: int
    out: str
    err: str

    @property
    def error_lines(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error: ")]


@dataclass(frozen=True)
class Workspace:
    """A directory, three databases, and the environment that names them; `before` runs first in each process."""

    directory: Path
    source_url: str
    target_url: str
    dagster_url: str
    before: Callable[[], None] | None = None

    @classmethod
    def create(cls, postgres: Postgres, directory: Path, *, views: bool = True) -> Workspace:
        workspace = cls(directory, postgres.new_database(), postgres.new_database(), postgres.new_database())
        create_chatwoot(workspace.source_url)
        with psycopg.connect(workspace.source_url) as connection:
            _insert_conversations(SourceWriter(connection))
            if views:
                create_views(connection, ViewOptions("chatwoot_analytics", "UTC"))
        return workspace

    def environment(self, changes: dict[str, str | None]) -> dict[str, str]:
        """Return a user's environment with some changes; None removes a variable."""
        values = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "COLUMNS": "100",
            "CHATWOOT_ASSETS_HOME": str(self.directory / "home"),
            "CHATWOOT_DATABASE_URL": self.source_url,
            "ANALYTICS_DATABASE_URL": self.target_url,
            "DAGSTER_POSTGRES_URL": self.dagster_url,
            "PARTITIONS_START_DATE": "2025-03-01",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def run(self, *arguments: str, **changes: str | None) -> Outcome:
        """Run the command to its end with some variables changed."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / "chatwoot-assets"), *arguments],
            env=self.environment(changes),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_SECONDS,
            check=False,
            preexec_fn=self.before,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def output(self, *arguments: str, **changes: str) -> str:
        """Return all that a command that succeeds prints, which has no secret."""
        outcome = self.run(*arguments, **changes)
        assert outcome.code == 0, outcome
        assert_tells_no_secret(outcome)
        return outcome.out + outcome.err

    def refusal(self, *arguments: str, code: int = 1, **changes: Any) -> str:  # noqa: ANN401 - str | None
        """Run a command that must be refused at once, in one line and without writing; return that line."""
        outcome = self.run(*arguments, **changes)
        assert_tells_no_secret(outcome)
        assert outcome.err.splitlines() == outcome.error_lines, outcome.err
        assert len(outcome.error_lines) == 1, outcome.err
        assert outcome.code == code, outcome
        assert self.extracts() == {}
        assert self.rows() == 0
        return outcome.error_lines[0]

    def extracts(self) -> dict[str, bytes]:
        """Return all files below the extracts' directory, unfinished ones included."""
        root = self.directory / "home" / "extracts"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def rows(self) -> int:
        """Return the number of rows of conversas_analytics; 0 if the table does not exist."""
        with psycopg.connect(self.target_url) as connection:
            if connection.execute("SELECT to_regclass('conversas_analytics')").fetchone() == (None,):
                return 0
            row = connection.execute("SELECT count(*) FROM conversas_analytics").fetchone()
        assert row is not None
        return int(row[0])


def assert_tells_no_secret(outcome: Outcome) -> None:
    """Assert that the output has neither a traceback nor any part of a password."""
    output = outcome.out + outcome.err
    assert "Traceback" not in output, output
    assert not [part for part in ("correct", "horse", "battery") if part in output], output


def _insert_conversations(writer: SourceWriter) -> None:
    writer.account(1, "Loja")
    writer.inbox(10, "Site")
    writer.contact(1, "Ana")
    for hour in ("09", "12", "23"):
        id_ = writer.conversation(f"{DAY} {hour}:00:00")
        writer.message(id_, f"{DAY} {hour}:01:00")
